import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../../tests/support/small-model.js";
import {
  firstNumbers,
  goodPart,
  goodParts,
  smallRecipe,
  TINY_BACKBONE,
  taughtHeads,
} from "../../../../../tests/support/small-training.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import { readModelFile, type TrainedModelFile, writeModelFile } from "../../bundle/model-file.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import type { StoredPadim } from "../../bundle/stored-detectors.js";
import { recipeFor } from "../recipe/recipe.js";
import { assembleModel, rangeAround } from "./assemble-model.js";
import { calibrate } from "./calibrate.js";

const COUNT = 12;

/** A training on twelve made-up parts, assembled. */
async function assembled(options: RecipeOptions, { keep = false, turned = false } = {}) {
  const recipe = smallRecipe(options);
  const heads = await taughtHeads(recipe, COUNT, 4, { keep, copies: turned ? 2 : 0 });
  const calibration = await calibrate(heads, goodParts(recipe, 4), COUNT, recipe);
  const seen: number[] = [];
  const model = await assembleModel({
    backbone: { manifest: TINY_BACKBONE, modelBytes: Uint8Array.of(1, 2, 3) },
    recipe,
    options: { size: 64, falseAlarmRate: 0.1, ...options },
    heads: heads.map((head) => head.head()),
    calibration,
    files: firstNumbers(COUNT).map((i) => ({ path: `${i}.png`, sha256: "ab" })),
    turned,
    embedPicture: async ({ width, data }) => {
      seen.push(width);
      return goodPart(recipe, data[0] as number, 9);
    },
  });
  return { model, calibration, seen, recipe };
}

const readBack = (model: TrainedModelFile) =>
  readModelFile(writeModelFile(model, sha256), "x", sha256) as TrainedModelFile;

describe("assembleModel", () => {
  it("puts calibration, recipe and parity samples into a file that reads back", async () => {
    const { model, calibration, seen } = await assembled({ head: "padim" });
    const back = readBack(model);
    expect(back.manifest).toEqual(JSON.parse(JSON.stringify(model.manifest)));
    expect(back.manifest.calibration).toMatchObject({
      method: "leave-one-out",
      imageThreshold: calibration.image.threshold,
      pixelThreshold: calibration.pixel.threshold,
      imageRange: { min: 0, max: 2 * calibration.image.threshold },
    });
    expect(detectorsOf(back.manifest)).toMatchObject([
      {
        channels: 5,
        grid: { width: 4, height: 4 },
        factor: 1,
        unit: null,
        head: { kind: "padim", precision: "int16", fit: { count: COUNT, pool: 3 } },
      },
    ]);
    expect(back.manifest.training.count).toBe(COUNT);
    expect(seen).toEqual([128, 128]);
    expect(back.manifest.parity.map(({ rawMap }) => rawMap.length)).toEqual([16, 16]);
    expect(back.manifest.parity[0]?.rawScore).toBeGreaterThan(0);
    expect((back.detectors[0]!.head as StoredPadim).statistics).toBeNull();
  });

  it("stores every detector of a fusion with its factor and unit", async () => {
    const { model, calibration } = await assembled({ bank: 30 }, { turned: true });
    const back = readBack(model);
    expect(back).toEqual({ ...model, manifest: JSON.parse(JSON.stringify(model.manifest)) });
    expect(detectorsOf(back.manifest)).toMatchObject([
      {
        factor: calibration.factors[0],
        unit: calibration.units?.[0],
        embedding: { neighbourhood: 3, projectionRows: 0 },
        head: { kind: "patchcore", rows: 30, precision: "int8" },
      },
      { factor: calibration.factors[1], unit: calibration.units?.[1], head: { kind: "padim" } },
    ]);
    expect(back.detectors.map(({ head }) => head.kind)).toEqual(["patchcore", "padim"]);
    expect(back.manifest.training).toMatchObject({ turned: true, options: { bank: 30, size: 64 } });
  });

  it("names a bank of float32 by its precision, and refits by their number", async () => {
    const options = { head: "patchcore", bankPrecision: "float32", threshold: "precise" } as const;
    const { manifest } = (await assembled(options)).model;
    expect(detectorsOf(manifest)).toMatchObject([
      { factor: 1, unit: null, head: { kind: "patchcore", precision: "float32" } },
    ]);
    expect(manifest.calibration.method).toBe("five-fold");
  });

  it("carries projections, and keeps the options that make the same recipe again", async () => {
    const { model, recipe } = await assembled({ channels: 3, seed: 5 });
    const [patchcore, padim] = model.detectors;
    expect(patchcore?.projection).toBeNull();
    expect(padim?.projection).toEqual(detectorsOf(recipe)[1]?.embedding.projection?.data);
    expect(detectorsOf(model.manifest)[1]?.embedding.projectionRows).toBe(3);
    const { backbone, training } = readBack(model).manifest;
    expect(recipeFor(backbone, training.options)).toEqual(recipe);
  });

  it("keeps the statistics when asked, and is the same for the same training", async () => {
    const [one, two] = [await assembled({}, { keep: true }), await assembled({}, { keep: true })];
    const { statistics } = one.model.detectors[1]!.head as StoredPadim;
    expect(statistics?.scatter).toHaveLength(15 * 64);
    expect(writeModelFile(two.model, sha256)).toEqual(writeModelFile(one.model, sha256));
  });
});

describe("rangeAround", () => {
  it("shows the threshold as one half", () => {
    const { min, max } = rangeAround(3.5);
    expect((3.5 - min) / (max - min)).toBe(0.5);
    expect(min).toBe(0);
  });
});
