import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distancesOf, mapperOf, trained } from "../../../../../tests/support/calibrated-training.js";
import {
  firstNumbers,
  goodPart,
  goodParts,
  smallRecipe,
  TINY_BACKBONE,
  taughtHeads,
} from "../../../../../tests/support/small-training.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import type { StoredHead } from "../../bundle/stored-detectors.js";
import { wasmKernels } from "../../kernels/wasm-kernels.js";
import { seededRandom } from "../../random.js";
import { type PatchBank, partOfBank } from "../../stages/patchcore/patch-bank.js";
import { type DetectorRecipe, type PadimRecipe, type Recipe, recipeFor } from "../recipe/recipe.js";
import { calibrate, detectorUnits, leftOutScores, withThresholds } from "./calibrate.js";
import type { HeadTraining, LeaveOneOutDistances } from "./head-training.js";
import { type EmbeddedTraining, learn } from "./learn.js";
import { padimTrainingBytes } from "./padim-statistics.js";
import { padimTraining } from "./padim-training.js";

const FUSION = smallRecipe();

/** The bank without the rows of a picture. */
function bankWithout(bank: PatchBank, picture: number): PatchBank {
  const start = bank.picture.indexOf(picture);
  if (start < 0) return bank;
  const end = bank.picture.lastIndexOf(picture) + 1;
  const [before, after] = [partOfBank(bank, 0, start), partOfBank(bank, end, bank.rows)];
  const join = (a: Float32Array, b: Float32Array) => Float32Array.of(...a, ...b);
  const data = join(before.data as Float32Array, after.data as Float32Array);
  const rows = bank.rows - (end - start);
  const others = (list: Int32Array) => list.filter((_, row) => row < start || row >= end);
  const norms = join(before.norms, after.norms);
  return { ...bank, rows, data, norms, picture: others(bank.picture), cell: others(bank.cell) };
}

/** What the head of a detector is when its training has not seen a picture. */
async function headWithout(
  head: StoredHead,
  detector: number,
  recipe: Recipe,
  { picture, count, seed }: { picture: number; count: number; seed: number },
): Promise<StoredHead> {
  if (head.kind === "patchcore") return { ...head, bank: bankWithout(head.bank, picture) };
  const own = detectorsOf(recipe)[detector] as DetectorRecipe<PadimRecipe>;
  const { ridge, pool } = head.fit!;
  const as = { ...own.head, ridge: { absolute: ridge }, poolBelow: pool === 3 ? 1000 : 0 };
  const training = padimTraining({ ...own, head: as }, wasmKernels(padimTrainingBytes(own)));
  const others = firstNumbers(count).filter((i) => i !== picture);
  const stream = async function* (): AsyncGenerator<EmbeddedTraining> {
    for await (const part of goodParts(recipe, seed)(others))
      yield { ...part, embeddings: [part.embeddings[detector]!] };
  };
  await learn([training], stream, async () => {});
  return training.head();
}

describe("calibrate, by brute force", () => {
  const TWO_INPUTS = recipeFor(TINY_BACKBONE, { quality: "accurate" });
  /** Two grids small enough for a test: the sizes of `accurate`, divided by eight. */
  const small: Recipe = {
    ...TWO_INPUTS,
    size: { width: 64, height: 64 },
    passes: TWO_INPUTS.passes.map((pass) => ({
      ...pass,
      detectors: pass.detectors.map((one) => {
        const grid = { width: one.grid.width / 8, height: one.grid.height / 8 };
        const exact = one.head.kind === "padim" ? { factors: "float32" } : { precision: "float32", rows: 40 };
        return { ...one, grid, head: { ...one.head, ...exact } as typeof one.head };
      }),
    })),
  };
  const fusion = smallRecipe({ factors: "float32", bankPrecision: "float32", bank: 40, padimWeight: 0.8 });

  it.each([
    ["one input, pooled", fusion, 12],
    ["one input, not pooled", fusion, 55],
    ["two inputs", small, 10],
  ])("is what heads without the picture say: %s", async (_, recipe, count) => {
    const seed = 5;
    const heads = await taughtHeads(recipe, count, seed);
    const found = await calibrate(heads, goodParts(recipe, seed), count, recipe);
    const detectors = detectorsOf(recipe);
    const stored = heads.map((head) => head.head());
    const distances: Float32Array[][] = [];
    for (const picture of firstNumbers(count)) {
      const embeddings = goodPart(recipe, picture, seed);
      const without = await Promise.all(
        stored.map((head, i) => headWithout(head, i, recipe, { picture, count, seed })),
      );
      distances.push(without.map((head, i) => distancesOf(head, detectors[i]!.grid)(embeddings[i]!)));
    }
    const units = detectors.map((one, i) => {
      const all = distances.flatMap((own) => [...own[i]!]);
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return { mean, deviation: Math.sqrt(squares / all.length), weight: one.weight };
    });
    units.forEach(({ mean, deviation, weight }, i) => {
      expect(found.units![i]!.mean / mean).toBeCloseTo(1, 4);
      expect(found.units![i]!.deviation / deviation).toBeCloseTo(1, 4);
      expect(found.factors[i]! / (weight / deviation)).toBeCloseTo(1, 4);
    });
    const toMap = mapperOf(recipe, found.factors);
    distances.forEach((own, picture) => {
      const { score, map } = toMap(own);
      expect(found.scores[picture]! / score).toBeCloseTo(1, 3);
      expect(found.peaks[picture]! / Math.max(...map.data)).toBeCloseTo(1, 3);
    });
    expect(stored.some((head) => head.kind === "padim" && head.fit?.pool === (count < 50 ? 3 : 1))).toBe(
      true,
    );
  });
});

/** A scorer that says of a picture what `say` says, when `block` pictures have come. */
function scorerOf(say: (picture: number) => Float32Array, block: number): LeaveOneOutDistances {
  let waiting: number[] = [];
  const rest = () => {
    const known = waiting.map(say);
    waiting = [];
    return known;
  };
  return {
    take(_, picture) {
      waiting.push(picture);
      return waiting.length === block ? rest() : [];
    },
    rest,
  };
}

const headOf = (scorer: LeaveOneOutDistances): HeadTraining => ({
  ready: true,
  take: () => {},
  finishRound: () => [],
  leaveOneOut: () => scorer,
  head: () => {
    throw new Error("not asked for here");
  },
});

/** Distances of a picture that come from a seed. */
const drawn = (seed: number) => (picture: number) => {
  const random = seededRandom(seed, picture);
  return Float32Array.from({ length: 16 }, () => 1 + random.next());
};

describe("leftOutScores", () => {
  it("joins what detectors say of the same picture, though some answer later than others", async () => {
    const block = fc.integer({ min: 1, max: 7 });
    await fc.assert(
      fc.asyncProperty(block, block, fc.integer({ min: 1, max: 20 }), async (first, second, count) => {
        const scorers = [scorerOf(drawn(1), first), scorerOf(drawn(2), second)];
        // A stream in an order of its own.
        const numbers = firstNumbers(count).map((i) => (7 * i + 3) % 23);
        const factors = [0.5, 3];
        const parts = goodParts(FUSION, 1)(numbers);
        const { scores, peaks } = await leftOutScores(scorers, parts, FUSION, factors);
        const toMap = mapperOf(FUSION, factors);
        const expected = numbers.map((i) => toMap([drawn(1)(i), drawn(2)(i)]));
        expect([...scores]).toEqual(expected.map(({ score }) => score));
        expect([...peaks]).toEqual(expected.map(({ map }) => Math.max(...map.data)));
      }),
      { numRuns: 25 },
    );
  });

  it("takes the score of a head that has its own; the peak stays the map's", async () => {
    const single = smallRecipe({ head: "patchcore" });
    const say = drawn(1);
    let last = -1;
    const plain = scorerOf(say, 1);
    const own = {
      ...plain,
      take(embedding: Float32Array, picture: number) {
        last = picture;
        return plain.take(embedding, picture);
      },
      score: () => 100 + last,
    };
    const numbers = [4, 1, 9];
    const parts = () => goodParts(single, 1)(numbers);
    const weighed = await leftOutScores([own], parts(), single, [1]);
    const mapped = await leftOutScores([plain], parts(), single, [1]);
    expect([...weighed.scores]).toEqual([104, 101, 109]);
    expect(weighed.peaks).toEqual(mapped.peaks);
    expect(mapped.scores[0]).toBeLessThan(3);
  });

  it("leaves an ignored border out of score and peak", async () => {
    const corner = () => Float32Array.from({ length: 16 }, (_, cell) => (cell === 0 ? 100 : 1));
    const scoresWith = async (recipe: Recipe) =>
      leftOutScores([scorerOf(corner, 1), scorerOf(corner, 1)], goodParts(recipe, 1)([0]), recipe, [1, 1]);
    const [all, inner] = [await scoresWith(FUSION), await scoresWith({ ...FUSION, ignoreBorder: 30 })];
    expect(all.peaks[0]).toBeGreaterThan(100);
    expect(inner.peaks[0]).toBeLessThan(20);
    expect(inner.scores[0]).toBeLessThan(20);
  });
});

describe("detectorUnits", () => {
  it.each([3, 59, 60, 61, 90, 1000])("takes at most 60 evenly spaced pictures of %d", async (count) => {
    const asked: (readonly number[])[] = [];
    const stream = (numbers: readonly number[]) => {
      asked.push(numbers);
      return goodParts(FUSION, 1)(numbers);
    };
    const scorers = [scorerOf(drawn(1), 1), scorerOf(drawn(2), 8)];
    await detectorUnits(scorers, stream, count, FUSION);
    expect(asked).toHaveLength(1);
    const [numbers] = asked as [number[]];
    expect(numbers).toHaveLength(Math.min(60, count));
    expect(numbers[0]).toBe(0);
    expect(numbers.at(-1)).toBeLessThan(count);
    expect(numbers.at(-1)).toBeGreaterThanOrEqual(count - Math.ceil(count / 60));
    const steps = numbers.slice(1).map((number, i) => number - numbers[i]!);
    const [least, most] = [Math.min(...steps), Math.max(...steps)];
    expect(least).toBeGreaterThanOrEqual(1);
    expect(most - least).toBeLessThanOrEqual(1);
  });

  it("makes distances of any size weigh alike, by the weights of the recipe", async () => {
    const recipe = smallRecipe({ padimWeight: 0.25 });
    const large = (picture: number) => drawn(2)(picture).map((value) => 1000 * value);
    const { factors, units } = await detectorUnits(
      [scorerOf(drawn(1), 1), scorerOf(large, 1)],
      goodParts(recipe, 1),
      30,
      recipe,
    );
    // Numbers from 1 to 2, all equally likely: mean 1.5, deviation √(1/12).
    expect(units![0]!.mean).toBeCloseTo(1.5, 1);
    expect(units![1]!.mean / 1000).toBeCloseTo(1.5, 1);
    expect(factors[0]! / Math.sqrt(12)).toBeCloseTo(1, 1);
    expect((1000 * factors[1]!) / (0.25 * Math.sqrt(12))).toBeCloseTo(1, 1);
  });

  it("leaves a detector that is alone in its own unit, and reads nothing for it", async () => {
    const never = () => {
      throw new Error("a picture was read");
    };
    const recipe = smallRecipe({ head: "padim" });
    const alone = await detectorUnits([scorerOf(drawn(1), 1)], never, 20, recipe);
    expect(alone).toEqual({ factors: [1], units: null });
  });

  it.each([0, 1, 2])("refuses %d pictures, whatever the heads are", async (count) => {
    for (const recipe of [FUSION, smallRecipe({ head: "patchcore" })]) {
      const scorers = detectorsOf(recipe).map(() => scorerOf(drawn(1), 1));
      await expect(detectorUnits(scorers, goodParts(recipe, 1), count, recipe)).rejects.toThrow(
        /at least 3 pictures.*MODEL_STATISTICS/,
      );
    }
  });

  it("refuses distances that are all the same", async () => {
    const same = () => new Float32Array(16).fill(2);
    const units = detectorUnits([scorerOf(drawn(1), 1), scorerOf(same, 1)], goodParts(FUSION, 1), 20, FUSION);
    await expect(units).rejects.toThrow(/all the same.*MODEL_STATISTICS/);
  });
});

describe("calibrate", () => {
  it("asks every head for leave-one-out once, and reads pictures for units, then all", async () => {
    const asked: (readonly number[])[] = [];
    const stream = (numbers: readonly number[]) => {
      asked.push(numbers);
      return goodParts(FUSION, 1)(numbers);
    };
    const heads = [headOf(scorerOf(drawn(1), 3)), headOf(scorerOf(drawn(2), 1))];
    const found = await calibrate(heads, stream, 70, FUSION);
    expect(asked.map(({ length }) => length)).toEqual([60, 70]);
    expect(asked[1]).toEqual(firstNumbers(70));
    expect(found.scores).toHaveLength(70);
  });

  it("refuses to calibrate with other pictures than those it was fitted on", async () => {
    for (const head of ["padim", "fusion"] as const) {
      const { heads, recipe } = await trained(20, 1, { head });
      const stream = (numbers: readonly number[]) => goodParts(recipe, 1)(numbers.slice(0, 19));
      await expect(calibrate(heads, stream, 20, recipe)).rejects.toThrow(
        /expected the 20 pictures .*found 19/,
      );
    }
  });

  it.each(["padim", "fusion"] as const)("gives the same bytes for the same pictures (%s)", async (head) => {
    const [one, two] = [await trained(12, 5, { head }), await trained(12, 5, { head })];
    expect(two.heads.map((one) => one.head())).toEqual(one.heads.map((one) => one.head()));
    expect(two.calibration).toEqual(one.calibration);
  });

  it("finds thresholds for the asked rate, of the scores and of the peaks", () => {
    const scores = Float64Array.from({ length: 39 }, (_, i) => i + 1);
    const peaks = scores.map((score) => 10 * score);
    const units = { factors: [1], units: null };
    const found = withThresholds(units, { scores, peaks }, { ...FUSION, falseAlarmRate: 0.1 });
    expect([found.image.threshold, found.pixel.threshold]).toEqual([36, 360]);
    expect(found).toMatchObject({ ...units, image: { reached: true, expectedRate: 0.1 } });
    const none = { scores: scores.fill(Number.NaN), peaks };
    expect(() => withThresholds(units, none, FUSION)).toThrow(/MODEL_STATISTICS/);
  });
});
