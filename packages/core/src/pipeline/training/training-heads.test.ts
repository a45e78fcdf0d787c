import { describe, expect, it } from "vitest";
import {
  firstNumbers,
  goodParts,
  smallRecipe,
  TINY_BACKBONE,
  taughtHeads,
} from "../../../../../tests/support/small-training.js";
import type { TrainedModelFile } from "../../bundle/model-file.js";
import type { StoredPadim, StoredPatchcore } from "../../bundle/stored-detectors.js";
import { createArena } from "../../kernels/arena.js";
import { wasmKernels } from "../../kernels/wasm-kernels.js";
import { bankSelection, selectionBytes } from "../../stages/patchcore/select-bank.js";
import { selectionPlan } from "../../stages/patchcore/selection-plan.js";
import type { DetectorRecipe, PatchcoreRecipe, Recipe } from "../recipe/recipe.js";
import { recipeFor } from "../recipe/recipe.js";
import { assembleModel } from "./assemble-model.js";
import { calibrate } from "./calibrate.js";
import { learn } from "./learn.js";
import { padimTrainingBytes } from "./padim-statistics.js";
import { selectionOf } from "./patchcore-training.js";
import {
  bankTrainingBytes,
  freshBank,
  hasBank,
  keepsMoments,
  trainingBytes,
  trainingHeads,
  widestPadim,
} from "./training-heads.js";

const FUSION = smallRecipe({ channels: 4, bank: 40 });
const PADIM = smallRecipe({ head: "padim" });
const PATCHCORE = smallRecipe({ head: "patchcore" });
const WIDE = recipeFor(TINY_BACKBONE, { quality: "accurate" });

const start = { pictures: 12, keep: false, addTo: null };

/** A model of the first parts of seed 3. */
async function modelOf(recipe: Recipe, count: number, keep: boolean): Promise<TrainedModelFile> {
  const heads = await taughtHeads(recipe, count, 3, { keep });
  return assembleModel({
    backbone: { manifest: TINY_BACKBONE, modelBytes: new Uint8Array(0) },
    recipe,
    options: { size: 64 },
    heads: heads.map((head) => head.head()),
    calibration: await calibrate(heads, goodParts(recipe, 3), count, recipe),
    files: [],
    turned: false,
    embedPicture: async () => [],
  });
}

describe("trainingHeads", () => {
  it("makes one head for each detector, in their order", async () => {
    const kinds = async (recipe: Recipe) => (await taughtHeads(recipe, 5, 1)).map((head) => head.head().kind);
    expect(await kinds(FUSION)).toEqual(["patchcore", "padim"]);
    expect(await kinds(PADIM)).toEqual(["padim"]);
    expect(await kinds(PATCHCORE)).toEqual(["patchcore"]);
  });

  it("adds pictures to a model as if all had come at once", async () => {
    const recipe = FUSION;
    const addTo = await modelOf(recipe, 12, true);
    const heads = trainingHeads(recipe, {
      kernels: wasmKernels(trainingBytes(recipe)),
      ...{ pictures: 20, keep: true, addTo },
    });
    await learn(
      heads,
      () => goodParts(recipe, 3)(firstNumbers(20)),
      async () => {},
    );
    const whole = await taughtHeads(recipe, 20, 3, { keep: true });
    expect(heads.map((head) => head.head())).toEqual(whole.map((head) => head.head()));
  });

  it("learns the pictures of a model without moments again", async () => {
    const addTo = await modelOf(FUSION, 12, false);
    const kernels = wasmKernels(trainingBytes(FUSION));
    const heads = trainingHeads(FUSION, { kernels, pictures: 20, keep: false, addTo });
    await learn(
      heads,
      () => goodParts(FUSION, 3)(firstNumbers(20)),
      async () => {},
    );
    const whole = await taughtHeads(FUSION, 20, 3);
    expect(heads.map((head) => head.head())).toEqual(whole.map((head) => head.head()));
  });

  it("adds to a memory bank alone without any moments: it is chosen anew", async () => {
    const addTo = await modelOf(PATCHCORE, 5, false);
    const kernels = wasmKernels(trainingBytes(PATCHCORE));
    expect(trainingHeads(PATCHCORE, { ...start, kernels, addTo })).toHaveLength(1);
  });
});

describe("keepsMoments", () => {
  it("is true where every PaDiM head has kept them", async () => {
    expect(keepsMoments(await modelOf(FUSION, 5, true))).toBe(true);
    expect(keepsMoments(await modelOf(FUSION, 5, false))).toBe(false);
    expect(keepsMoments(await modelOf(PADIM, 5, false))).toBe(false);
    // Without PaDiM there is nothing to keep.
    expect(keepsMoments(await modelOf(PATCHCORE, 5, false))).toBe(true);
  });
});

describe("freshBank", () => {
  it("is a head like the one that was trained, where leaving out is not exact", async () => {
    expect(freshBank(FUSION, 1, 9)).toBeNull();
    expect(freshBank(PADIM, 0, 9)).toBeNull();
    const fresh = freshBank(FUSION, 0, 9)!;
    const [trained] = await taughtHeads(FUSION, 9, 3);
    const onlyFirst = async function* () {
      for await (const { embeddings, ...picture } of goodParts(FUSION, 3)(firstNumbers(9)))
        yield { ...picture, embeddings: embeddings.slice(0, 1) };
    };
    await learn([fresh], onlyFirst, async () => {});
    expect((fresh.head() as StoredPatchcore).bank).toEqual((trained!.head() as StoredPatchcore).bank);
  });
});

describe("what a training needs", () => {
  it("is room for all of its PaDiM heads, with their leave-one-out", async () => {
    const twice = { ...FUSION, passes: [...FUSION.passes, ...PADIM.passes] };
    const heads = await taughtHeads(twice, 12, 1, { keep: true });
    await calibrate(heads, goodParts(twice, 1), 12, twice);
    expect(heads.map((head) => (head.head() as StoredPadim).gaussians?.channels)).toEqual([undefined, 4, 5]);
    const [, four] = FUSION.passes[0]!.detectors;
    const [five] = PADIM.passes[0]!.detectors;
    expect(trainingBytes(twice)).toBe(4096 + padimTrainingBytes(four!) + padimTrainingBytes(five!));
    expect(trainingBytes(PATCHCORE)).toBe(4096);
  });

  it("is room for the selection of every bank, and the draw beside it", () => {
    const banks = WIDE.passes.map(({ detectors }) => detectors[0] as DetectorRecipe<PatchcoreRecipe>);
    expect(banks.map(({ grid }) => grid.width)).toEqual([32, 16]);
    const own = banks.map((bank) => {
      const bytes = selectionBytes(selectionOf(bank, 40, 0));
      bankSelection(selectionOf(bank, 40, 0), createArena(bytes));
      return bytes + 4 * selectionPlan(selectionOf(bank, 40, 0)).sampled * bank.channels;
    });
    expect(bankTrainingBytes(WIDE, 40)).toBe(own[0]! + own[1]!);
    expect(bankTrainingBytes(PADIM, 40)).toBe(0);
  });

  it("is known by the recipe", () => {
    expect([FUSION, PADIM, PATCHCORE].map(hasBank)).toEqual([true, false, true]);
    expect([FUSION, PADIM, PATCHCORE, WIDE].map(widestPadim)).toEqual([4, 5, 1, 5]);
  });
});
