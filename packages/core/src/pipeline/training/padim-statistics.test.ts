import { describe, expect, it } from "vitest";
import { firstNumbers, goodPart, smallRecipe } from "../../../../../tests/support/small-training.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import { wasmKernels } from "../../kernels/wasm-kernels.js";
import type { DetectorRecipe, PadimRecipe } from "../recipe/recipe.js";
import { padimStatistics, padimTrainingBytes } from "./padim-statistics.js";

const RECIPE = smallRecipe({ head: "padim", factors: "float32" });
const [PLACES] = detectorsOf(RECIPE) as [DetectorRecipe<PadimRecipe>];
const SHARED: typeof PLACES = { ...PLACES, head: { ...PLACES.head, shared: true } };
const CHOICES = [
  ["a Gaussian for each place", PLACES],
  ["one for all", SHARED],
] as const;

const embedding = (picture: number) => goodPart(RECIPE, picture, 3)[0]!.data;

function taken(detector: typeof PLACES, pictures: readonly number[]) {
  const statistics = padimStatistics(detector, wasmKernels(padimTrainingBytes(detector)), null);
  for (const picture of pictures) statistics.take(embedding(picture));
  return statistics;
}

describe.each(CHOICES)("the statistics of PaDiM, %s", (_, detector) => {
  it("have room for the fit and its leave-one-out in the bytes that were forecast, and not twice of it", () => {
    const fitted = taken(detector, firstNumbers(20)).fit();
    fitted.leaveOneOut().take(embedding(0));
    expect(() => {
      for (let i = 0; i < 4; i++) fitted.leaveOneOut();
    }).toThrow(/MEMORY/);
  });

  it("refuse values that are not finite, too few pictures, and pictures that are all the same", () => {
    const broken = embedding(0).fill(Number.NaN, 3, 4);
    expect(() => taken(detector, []).take(broken)).toThrow(/not finite.*MODEL_STATISTICS/);
    expect(() => taken(detector, []).take(broken.subarray(1))).toThrow(/numbers.*MODEL_STATISTICS/);
    expect(() => taken(detector, [0]).fit()).toThrow(/at least 2.*MODEL_STATISTICS/);
    expect(() => taken(detector, [0, 1]).fit().leaveOneOut()).toThrow(/at least 3.*MODEL_STATISTICS/);
    expect(() => taken(detector, [4, 4, 4]).fit()).toThrow(/all the same.*MODEL_STATISTICS/);
  });
});

describe("one Gaussian for all places", () => {
  it("takes the same memory and bytes of a grid of any size", () => {
    const large = { ...SHARED, grid: { width: 500, height: 375 } };
    expect(padimTrainingBytes(large)).toBe(padimTrainingBytes(SHARED));
    expect(padimTrainingBytes({ ...large, head: PLACES.head })).toBeGreaterThan(1e8);
    const packed = taken(SHARED, firstNumbers(5)).fit().packed();
    expect(packed).toMatchObject({ cells: 16, shared: true });
    expect(packed.mean).toHaveLength(8 * SHARED.channels);
  });

  it("is pooled over all, whatever the number of pictures", () => {
    expect(taken(SHARED, firstNumbers(60)).fit().fit).toMatchObject({ count: 60, pool: "all" });
    expect(taken(PLACES, firstNumbers(60)).fit().fit).toMatchObject({ count: 60, pool: 1 });
  });
});
