import { describe, expect, it } from "vitest";
import { sha256, smallModel } from "../../../../tests/support/small-model.js";
import { writeModelFile } from "../bundle/model-file.js";
import type { Recipe } from "./recipe.js";
import { trainingBytes } from "./train.js";
import { trainingSize } from "./training-size.js";

const scale = { pictures: 100, backboneBytes: 1_000_000, keepStatistics: false };
const recipe = (channels: number, side: number) =>
  ({ channels, grid: { width: side, height: side }, embedding: { projection: null } }) as unknown as Recipe;

describe("trainingSize", () => {
  it("foretells the file of a model", () => {
    const { model, backbone } = { model: smallModel(), backbone: smallModel().backbone.length };
    const { channels, gridWidth: width, gridHeight: height } = model.manifest.head;
    const small = { channels, grid: { width, height }, embedding: { projection: null } } as unknown as Recipe;
    const pictures = model.manifest.training.files.length;
    const found = trainingSize(small, { pictures, backboneBytes: backbone, keepStatistics: false }).model;
    expect(Math.abs(found - writeModelFile(model, sha256).length)).toBeLessThan(6000);
  });

  it("grows with cells and the square of channels, and hardly with pictures", () => {
    const { model } = trainingSize(recipe(100, 16), scale);
    expect(trainingSize(recipe(100, 32), scale).model / model).toBeGreaterThan(3);
    expect(trainingSize(recipe(200, 16), scale).arithmetic).toBeGreaterThan(3 * 15_000_000);
    const many = trainingSize(recipe(100, 16), { ...scale, pictures: 10_000 });
    expect(many.model - model).toBeLessThan(2_000_000);
  });

  it("counts kept statistics, and never less than the kernels need", () => {
    const kept = trainingSize(recipe(100, 16), { ...scale, keepStatistics: true });
    expect(kept.model).toBeGreaterThan(2 * trainingSize(recipe(100, 16), scale).model);
    expect(kept.arithmetic).toBeGreaterThan(trainingBytes(recipe(100, 16)) + kept.model);
  });
});
