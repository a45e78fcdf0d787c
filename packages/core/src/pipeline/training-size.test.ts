import { describe, expect, it } from "vitest";
import { sha256, smallModel } from "../../../../tests/support/small-model.js";
import { writeModelFile } from "../bundle/model-file.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import type { Recipe } from "./recipe.js";
import { trainingBytes } from "./train.js";
import { embeddingBytes, trainingSize } from "./training-size.js";

const scale = { pictures: 100, backboneBytes: 1_000_000, keepStatistics: false };
const recipe = (channels: number, side: number, factors: FactorPrecision = "int16") =>
  ({
    channels,
    grid: { width: side, height: side },
    embedding: { projection: null },
    factors,
  }) as unknown as Recipe;

describe("trainingSize", () => {
  it("foretells the file of a model", () => {
    const { model, backbone } = { model: smallModel(), backbone: smallModel().backbone.length };
    const { channels, gridWidth: width, gridHeight: height } = model.manifest.head;
    const small = { ...recipe(channels, 1, "float32"), grid: { width, height } };
    const pictures = model.manifest.training.files.length;
    const found = trainingSize(small, { pictures, backboneBytes: backbone, keepStatistics: false }).model;
    expect(Math.abs(found - writeModelFile(model, sha256).length)).toBeLessThan(6000);
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

  it("counts kept statistics, and never less than the kernels need", () => {
    const kept = trainingSize(recipe(100, 16), { ...scale, keepStatistics: true });
    expect(kept.model).toBeGreaterThan(2 * trainingSize(recipe(100, 16), scale).model);
    expect(kept.arithmetic).toBeGreaterThan(trainingBytes(recipe(100, 16)) + kept.model);
  });
});
