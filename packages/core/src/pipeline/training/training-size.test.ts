import { describe, expect, it } from "vitest";
import { smallFusion } from "../../../../../tests/support/small-fusion.js";
import { sha256, smallModel } from "../../../../../tests/support/small-model.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import { type TrainedModelFile, writeModelFile } from "../../bundle/model-file.js";
import type { FactorPrecision } from "../../stages/padim/packed-gaussians.js";
import type { BankPrecision } from "../../stages/patchcore/patch-bank.js";
import type { DetectorRecipe, Recipe } from "../recipe/recipe.js";
import { bankTrainingBytes, trainingBytes } from "./training-heads.js";
import { embeddingBytes, trainingSize } from "./training-size.js";

const scale = { pictures: 100, copies: 1, backboneBytes: 1_000_000, keepStatistics: false, thumbnails: 0 };

const padim = (channels: number, side: number, factors: FactorPrecision = "int16") =>
  detector(channels, { width: side, height: side }, { kind: "padim", factors });
const patchcore = (channels: number, side: number, rows: number, precision: BankPrecision = "int8") =>
  detector(
    channels,
    { width: side, height: side },
    { kind: "patchcore", rows, pool: 32_768, far: 60_000, precision },
  );

function detector(channels: number, grid: DetectorRecipe["grid"], head: object): DetectorRecipe {
  return { channels, grid, embedding: { projection: null }, head } as unknown as DetectorRecipe;
}

const recipeOf = (...detectors: DetectorRecipe[]) =>
  ({ seed: 0, passes: [{ detectors }] }) as unknown as Recipe;
const recipe = (...of: Parameters<typeof padim>) => recipeOf(padim(...of));

/** The size that is foretold for a model that is there. */
function foretold({ manifest, backbone }: TrainedModelFile): number {
  const detectors = detectorsOf(manifest).map(({ channels, grid, head }) =>
    detector(
      channels,
      grid,
      head.kind === "padim"
        ? { kind: "padim", factors: head.precision }
        : { kind: "patchcore", rows: head.rows, pool: 100, far: 100, precision: head.precision },
    ),
  );
  const pictures = manifest.training.files.length;
  const backboneBytes = backbone.length;
  return trainingSize(recipeOf(...detectors), { ...scale, pictures, backboneBytes }).model;
}

describe("trainingSize", () => {
  it("foretells the file of a model", () => {
    for (const model of [smallModel(), smallFusion(), smallFusion({ twoInputs: true, bank: "float32" })])
      expect(Math.abs(foretold(model) - writeModelFile(model, sha256).length)).toBeLessThan(6000);
  });

  it("hardly grows with cells where they share a Gaussian, but for the typical picture of each", () => {
    const shared = (side: number) =>
      recipeOf(
        detector(100, { width: side, height: side }, { kind: "padim", factors: "int16", shared: true }),
      );
    const [small, large] = [16, 400].map((side) =>
      trainingSize(shared(side), { ...scale, pictures: 1000, keepStatistics: true }),
    );
    expect(large!.model - small!.model).toBe(4 * (400 ** 2 - 16 ** 2));
    expect(large!.arithmetic - small!.arithmetic).toBeLessThan(3 * 4 * 400 ** 2);
    expect(trainingSize(recipe(100, 400), scale).model).toBeGreaterThan(100 * large!.model);
  });

  it("grows with cells and the square of channels, and hardly with pictures", () => {
    const { model } = trainingSize(recipe(100, 16), scale);
    expect(trainingSize(recipe(100, 32), scale).model / model).toBeGreaterThan(3);
    expect(trainingSize(recipe(200, 16), scale).arithmetic).toBeGreaterThan(3 * 15_000_000);
    const sizes = (["int8", "int16", "float32"] as const).map(
      (factors) => trainingSize(recipe(100, 16, factors), scale).model - scale.backboneBytes,
    );
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect((sizes[2] as number) / (sizes[1] as number)).toBeGreaterThan(1.7);
    const many = trainingSize(recipe(100, 16), { ...scale, pictures: 10_000 });
    expect(many.model - model).toBeLessThan(2_000_000);
  });

  it("counts a bank by its rows, or by all patches where there are fewer", () => {
    const bank = (rows: number, precision?: BankPrecision, change = {}) =>
      trainingSize(recipeOf(patchcore(100, 16, rows, precision)), { ...scale, ...change }).model;
    expect(bank(2000) - bank(1000)).toBe(1000 * (100 + 16));
    expect(bank(2000, "float32") - bank(2000)).toBe(2000 * 300);
    const few = { pictures: 3 };
    expect(bank(2000, "int8", few)).toBe(bank(3 * 256, "int8", few));
    expect(bank(2000, "int8", { pictures: 3, copies: 9 })).toBe(bank(2000, "int8", few) + (2000 - 768) * 116);
  });

  it("adds the detectors of a fusion up, the backbone once", () => {
    const [one, two] = [padim(100, 16), patchcore(100, 16, 2048)];
    const size = (...detectors: DetectorRecipe[]) => trainingSize(recipeOf(...detectors), scale).model;
    expect(size(one, two) - size(one)).toBe(size(two, two) - size(two));
    expect(embeddingBytes(recipeOf(one, two))).toBe(2 * embeddingBytes(recipeOf(one)));
  });

  it("keeps embeddings where there is room anyway, and a few where there is not", () => {
    const small = trainingSize(recipe(100, 16), scale);
    expect(small.kept).toBe(64e6);
    const large = trainingSize(recipe(100, 64), scale);
    expect(large.kept).toBeGreaterThan(100e6);
    expect(embeddingBytes(recipe(100, 64))).toBe(4 * 100 * 64 * 64);
    const many = { ...scale, pictures: 10_000 };
    expect(trainingSize(recipe(100, 16), many).arithmetic - small.arithmetic).toBeLessThan(64e6);
    expect(trainingSize(recipe(100, 64), many).arithmetic - large.arithmetic).toBeLessThan(3e6);
  });

  it("counts thumbnails", () => {
    const plain = trainingSize(recipe(100, 16), scale);
    const kept = trainingSize(recipe(100, 16), { ...scale, thumbnails: 5e6 });
    expect(kept.model - plain.model).toBe(5e6);
    expect(kept.arithmetic).toBeGreaterThanOrEqual(plain.arithmetic);
  });

  it("counts kept statistics, and never less than the kernels and the selection of banks need", () => {
    const kept = trainingSize(recipe(100, 16), { ...scale, keepStatistics: true });
    expect(kept.model).toBeGreaterThan(2 * trainingSize(recipe(100, 16), scale).model);
    expect(kept.arithmetic).toBeGreaterThan(trainingBytes(recipe(100, 16)) + kept.model);
    const fusion = recipeOf(padim(100, 16), patchcore(100, 16, 2048));
    const { arithmetic, model } = trainingSize(fusion, { ...scale, copies: 9 });
    expect(arithmetic).toBeGreaterThan(trainingBytes(fusion) + bankTrainingBytes(fusion, 900) + model);
  });
});
