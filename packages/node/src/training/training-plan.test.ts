import { type TrainedModelFile, trainingSize } from "@blemish/core";
import { beforeAll, describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { type Backbone, loadBackbone } from "../backbones/load-backbone.js";
import { planTraining, setupOf, storedBackbone } from "./training-plan.js";

const paths = (count: number) => Array.from({ length: count }, (_, i) => `${i}.png`);

let backbone: Backbone;
beforeAll(async () => {
  backbone = await loadBackbone();
});

/** A model that the embedded backbone could have given, without arrays: enough to plan with. */
function modelWith(options: object, count: number, kept = false): TrainedModelFile {
  const { manifest, ...rest } = kept ? withStatistics(smallModel()) : smallModel();
  const files = paths(count).map((path, i) => ({ path: `old/${path}`, sha256: String(i) }));
  const training = { ...manifest.training, count, files, options };
  const stored = { ...manifest, backbone: backbone.manifest, training };
  return { ...rest, backbone: backbone.modelBytes, manifest: stored };
}

/** The model with PaDiM's statistics: no numbers, but there. */
function withStatistics(model: TrainedModelFile): TrainedModelFile {
  const none = new Float64Array(0);
  const statistics = { pilot: none, sum: none, scatter: none };
  const detectors = model.detectors.map(({ head, ...rest }) => ({
    ...rest,
    head: head.kind === "padim" ? { ...head, statistics } : head,
  }));
  return { ...model, detectors };
}

/** The model after a threshold for another rate was set. */
function withRate(model: TrainedModelFile, askedRate: number): TrainedModelFile {
  const { manifest } = model;
  return { ...model, manifest: { ...manifest, calibration: { ...manifest.calibration, askedRate } } };
}

describe("planTraining", () => {
  it("is the default recipe, and keeps the options that shape the model but not how it runs", async () => {
    const options = { seed: 3, falseAlarmRate: 0.1, workers: 1, limits: {}, keepStatistics: true };
    const plan = await planTraining(paths(60), { ...options, onProgress: () => {}, precision: "float32" });
    expect(plan.recipeOptions).toEqual({ seed: 3, falseAlarmRate: 0.1 });
    expect(plan.recipe).toMatchObject({ profile: "blemish", seed: 3, falseAlarmRate: 0.1 });
    expect(plan.recipe.passes[0]!.detectors.map(({ head }) => head.kind)).toEqual(["patchcore", "padim"]);
    expect(plan).toMatchObject({ addTo: null, hashes: [], turned: false, copies: 1 });
    expect(plan.paths).toEqual(paths(60));
  });

  it("adds turned copies to banks of few pictures, unless told otherwise; never for PaDiM alone", async () => {
    const planned = async (count: number, options: object) => {
      const { turned, copies } = await planTraining(paths(count), { size: 64, ...options });
      expect(copies).toBe(turned ? 9 : 1);
      return turned;
    };
    expect(await planned(49, {})).toBe(true);
    expect(await planned(50, {})).toBe(false);
    expect(await planned(49, { turned: false })).toBe(false);
    expect(await planned(5000, { turned: true })).toBe(true);
    expect(await planned(5, { head: "patchcore" })).toBe(true);
    expect(await planned(5, { head: "padim" })).toBe(false);
    expect(await planned(5, { head: "padim", turned: false })).toBe(false);
  });

  it("counts the model's pictures first when some are added, and follows the model's recipe", async () => {
    const addTo = withRate(modelWith({ size: 96, seed: 7 }, 45), 0.05);
    const plan = await planTraining(paths(4), { addTo, size: 64, seed: 1 });
    expect(plan.recipe).toMatchObject({ size: { width: 96, height: 96 }, seed: 7 });
    expect(plan.recipeOptions).toEqual({ size: 96, seed: 7 });
    expect(plan.paths).toHaveLength(49);
    expect([plan.paths[44], plan.paths[45]]).toEqual(["old/44.png", "0.png"]);
    expect(plan.hashes).toEqual(paths(45).map((_, i) => String(i)));
    expect(plan).toMatchObject({ turned: true, backbone: { folder: "the model" } });
    expect(plan.addTo).toBe(addTo);
    expect(plan.first).toHaveLength(49);
    // One more, and the whole training would have had no turned copies.
    expect((await planTraining(paths(5), { addTo })).turned).toBe(false);
  });

  it("reads only the new pictures first where the model knows the moments of the others", async () => {
    const addTo = modelWith({ size: 64, head: "padim" }, 6, true);
    expect((await planTraining(paths(3), { addTo })).first).toEqual([6, 7, 8]);
    const without = await planTraining(paths(3), { addTo: modelWith({ size: 64, head: "padim" }, 6) });
    expect(without.first).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const banked = await planTraining(paths(3), { addTo: modelWith({ size: 64 }, 6, true) });
    expect(banked.first).toHaveLength(9);
    expect((await planTraining(paths(3), { size: 64, head: "padim" })).first).toEqual([0, 1, 2]);
  });

  it("asks for the false-alarm rate that the model was set to, and keeps its options where it was not", async () => {
    const options = { size: 64, falseAlarmRate: 0.1 };
    const plan = (askedRate: number) =>
      planTraining(paths(3), { addTo: withRate(modelWith(options, 6), askedRate) });
    expect((await plan(0.1)).recipeOptions).toBe(options);
    expect((await plan(0.02)).recipeOptions).toEqual({ size: 64, falseAlarmRate: 0.02 });
    expect((await plan(0.02)).recipe.falseAlarmRate).toBe(0.02);
  });

  it("asks for the grey zone that the model was set to", async () => {
    const stored = modelWith({ size: 64, falseAlarmRate: 0.1, uncertainRate: 0.3 }, 6);
    const promise = { imageThreshold: 1, expectedRate: 0.2, guaranteedRate: 0.4, reached: true };
    const set = (askedRate: number | null) => {
      const { uncertain: _, ...others } = withRate(stored, 0.1).manifest.calibration;
      const calibration = { ...others, ...(askedRate !== null && { uncertain: { ...promise, askedRate } }) };
      return { ...stored, manifest: { ...stored.manifest, calibration } };
    };
    const options = async (askedRate: number | null) =>
      (await planTraining(paths(3), { addTo: set(askedRate) })).recipeOptions;
    expect(await options(0.3)).toBe(stored.manifest.training.options);
    expect(await options(0.2)).toEqual({ size: 64, falseAlarmRate: 0.1, uncertainRate: 0.2 });
    expect(await options(null)).toEqual({ size: 64, falseAlarmRate: 0.1 });
  });

  it("takes the pictures of models that are merged, each once, before the new ones", async () => {
    const addTo = modelWith({ size: 64, head: "padim" }, 3, true);
    const other = modelWith({ size: 64, head: "padim" }, 5);
    const plan = await planTraining(["new.png"], { addTo, merge: [other] });
    expect(plan.paths).toEqual([0, 1, 2, 3, 4].map((i) => `old/${i}.png`).concat("new.png"));
    expect(plan.hashes).toEqual(["0", "1", "2", "3", "4"]);
    // Its statistics would add up in another order: its pictures are learnt like new ones.
    expect(plan.first).toEqual([3, 4, 5]);
    expect((await planTraining([], { addTo, merge: [other, other] })).paths).toHaveLength(5);
    await expect(planTraining([], { addTo, merge: [modelWith({ size: 96 }, 5)] })).rejects.toMatchObject({
      code: "MODEL_MERGE",
      subject: "Model 1 to be merged",
      found: "head by default, size 96",
    });
    await expect(planTraining(["a.png"], { merge: [other] })).rejects.toMatchObject({
      code: "OPTION_VALUE",
      subject: "merge",
    });
  });

  it("takes a backbone that is loaded already", async () => {
    const plan = await planTraining(paths(3), { size: 64, backbone });
    expect(plan.backbone.modelBytes).toBe(backbone.modelBytes);
    expect(plan.recipeOptions).toEqual({ size: 64 });
  });

  it("keeps as many pictures' embeddings between the rounds as memory allows, copies counted", async () => {
    const few = await planTraining(paths(20), { size: 64 });
    expect(few.kept).toBe(20);
    const many = await planTraining(paths(5000), { size: 256 });
    expect(many.kept).toBeGreaterThan(0);
    expect(many.kept).toBeLessThan(5000);
    const turned = await planTraining(paths(5000), { size: 256, turned: true });
    expect(turned.kept).toBeLessThanOrEqual(Math.ceil(many.kept / 9) + 1);
  });

  it("has the sizes of its recipe, with statistics where they are kept or needed", async () => {
    const plan = await planTraining(paths(9), { size: 64, keepStatistics: true });
    const scale = { pictures: 9, copies: 9, backboneBytes: backbone.modelBytes.length, thumbnails: 0 };
    expect(plan.sizes).toEqual(trainingSize(plan.recipe, { ...scale, keepStatistics: true }));
    const without = await planTraining(paths(9), { size: 64 });
    expect(without.sizes.model).toBeLessThan(plan.sizes.model);
    const added = await planTraining(paths(2), { addTo: modelWith({ size: 64 }, 7, true) });
    expect(added).toMatchObject({ keepStatistics: true, sizes: plan.sizes });
    const plain = { addTo: modelWith({ size: 64 }, 7) };
    expect(await planTraining(paths(2), plain)).toMatchObject({
      keepStatistics: false,
      sizes: without.sizes,
    });
    expect(await planTraining(paths(2), { ...plain, keepStatistics: true })).toMatchObject({
      keepStatistics: true,
      sizes: plan.sizes,
    });
  });

  it("refuses what no training can be made of", async () => {
    const imported = smallImported() as unknown as TrainedModelFile;
    await expect(planTraining(["a.png"], { addTo: imported })).rejects.toMatchObject({
      code: "MODEL_NOT_TRAINED",
    });
    await expect(planTraining(["a.png"], { size: 64, quality: "fast" })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
    await expect(planTraining([], {})).rejects.toMatchObject({ code: "MODEL_STATISTICS", found: "0" });
    await expect(planTraining(["a.png"], { backbone: "no such folder" })).rejects.toMatchObject({
      code: "BACKBONE",
    });
  });
});

describe("storedBackbone", () => {
  it("is the one that the model carries", () => {
    const model = modelWith({}, 1);
    const stored = storedBackbone(model);
    expect(stored.manifest).toEqual(backbone.manifest);
    expect(stored.modelBytes).toBe(model.backbone);
  });
});

describe("setupOf", () => {
  it("has one embedding for each detector of each pass", async () => {
    const plan = await planTraining(paths(3), { quality: "accurate" });
    const { passes, limits, threads } = setupOf(plan, { maxPixels: 9 });
    expect(passes.map(({ embeddings }) => embeddings.map(({ neighbourhood }) => neighbourhood))).toEqual([
      [3],
      [3, 1],
    ]);
    expect(passes.map(({ preprocessing }) => preprocessing[0])).toMatchObject([
      { type: "resize", width: 512 },
      { type: "resize", width: 256 },
    ]);
    expect({ limits, threads }).toEqual({ limits: { maxPixels: 9 }, threads: 1 });
  });
});
