import { describe, expect, it } from "vitest";
import { backboneWith } from "../../../../../tests/support/small-training.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { maskOfRuns } from "../../stages/region/runs.js";
import { recipeFor } from "./recipe.js";
import { turnedInputs } from "./turned-inputs.js";

const LITE0 = backboneWith(
  { name: "s3", channels: 4, stride: 8, scale: 1 },
  { name: "s5", channels: 4, stride: 16, scale: 1 },
);
const picture = { width: 128, height: 64 };
const LEFT = { type: "rectangle", x: 0, y: 0, width: 64, height: 64 } as const;
const of = (options: RecipeOptions) => turnedInputs(recipeFor(LITE0, { size: 64, picture, ...options }));

describe("turnedInputs", () => {
  it("is null where copies go the way of the picture", () => {
    expect(of({})).toBeNull();
    expect(of({ fit: "pad" })).toBeNull();
    expect(turnedInputs(recipeFor(LITE0, { fit: "native", picture }))).toBeNull();
  });

  it("paints and leaves out what the turned copy shows of the ignored part", () => {
    const recipe = recipeFor(LITE0, { size: 64, picture, region: { include: [LEFT], ignore: [] } });
    const turned = turnedInputs(recipe)!;
    expect(turned).toHaveLength(8);
    const painted = (copy: number) => {
      const step = turned[copy]![0]!.preprocessing.find(({ type }) => type === "paint");
      if (step?.type !== "paint") throw new Error("nothing is painted");
      return maskOfRuns(step.runs, 64, 64).data;
    };
    // Mirrored left to right, the judged half is on the right; top to bottom it stays.
    painted(0).forEach((value, at) => {
      expect(value).toBe(at % 64 < 32 ? 1 : 0);
    });
    painted(1).forEach((value, at) => {
      expect(value).toBe(at % 64 < 32 ? 0 : 1);
    });
    // Turned by 5°, the edge leans.
    const inRow = (y: number) =>
      painted(3)
        .subarray(64 * y, 64 * (y + 1))
        .reduce((sum, one) => sum + one, 0);
    expect(Math.abs(inRow(4) - inRow(59))).toBeGreaterThan(1);
    for (const inputs of turned)
      for (const { embeddings } of inputs)
        for (const { places } of embeddings) expect(places).toHaveLength(8);
    expect([...turned[0]![0]!.embeddings[0]!.places!]).toEqual([2, 3, 6, 7, 10, 11, 14, 15]);
    for (const inputs of turned)
      expect(inputs[0]!.preprocessing.at(-1)).toEqual(recipe.passes[0]!.preprocessing.at(-1));
  });

  it("starts from the view where the picture is cut", () => {
    for (const inputs of of({ fit: "crop", region: { include: [LEFT], ignore: [] } })!)
      expect(inputs[0]!.preprocessing.map(({ type }) => type)).not.toContain("crop");
    expect(of({ fit: "crop" })).toHaveLength(8);
  });
});
