import { describe, expect, it } from "vitest";
import {
  firstNumbers,
  goodParts,
  smallRecipe,
  taughtHeads,
} from "../../../../../tests/support/small-training.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import type { StoredPatchcore } from "../../bundle/stored-detectors.js";
import type { Recipe } from "../recipe/recipe.js";
import { calibrate, detectorUnits, leftOutScores } from "./calibrate.js";
import type { HeadTraining } from "./head-training.js";
import { FOLDS, preciseCalibration } from "./precise-threshold.js";
import { freshBank } from "./training-heads.js";

const SEED = 6;
const FUSION = smallRecipe({ bank: 40, bankPrecision: "float32" });

/** A precise calibration, and everything that was asked for on the way. */
async function precise(recipe: Recipe, count: number, copies = 0) {
  const heads = await taughtHeads(recipe, count, SEED, { copies });
  const leftOut = heads.map((head) => head.leaveOneOut());
  const units = await detectorUnits(leftOut, goodParts(recipe, SEED), count, recipe);
  const fresh: { detector: number; pictures: number; head: HeadTraining | null }[] = [];
  const [taught, judged]: number[][][] = [[], []];
  const shares: number[] = [];
  const found = await preciseCalibration(
    heads,
    {
      fresh(detector, pictures) {
        const head = freshBank(recipe, detector, pictures * (1 + copies));
        fresh.push({ detector, pictures, head });
        return head;
      },
      taught(numbers) {
        taught!.push([...numbers]);
        return goodParts(recipe, SEED, copies)(numbers);
      },
      judged(numbers) {
        judged!.push([...numbers]);
        return goodParts(recipe, SEED)(numbers);
      },
    },
    units,
    count,
    recipe,
    async (share) => {
      shares.push(share);
    },
  );
  return { heads, units, found, fresh, taught: taught!, judged: judged!, shares };
}

const bankOf = (head: HeadTraining | null) => (head!.head() as StoredPatchcore).bank;

describe("preciseCalibration", () => {
  it.each([3, 4, 5, 6, 13])("judges each of %d pictures once, by banks that never saw it", async (count) => {
    const { fresh, taught, judged, found } = await precise(FUSION, count);
    const folds = Math.min(FOLDS, count);
    expect(judged).toHaveLength(folds);
    expect(judged.flat().sort((a, b) => a - b)).toEqual(firstNumbers(count));
    judged.forEach((out, fold) => {
      expect(out.length).toBeGreaterThanOrEqual(Math.floor(count / FOLDS));
      expect(out.length).toBeLessThanOrEqual(Math.ceil(count / FOLDS));
      const rest = firstNumbers(count).filter((i) => !out.includes(i));
      expect(new Set(taught.filter((_, round) => round % folds === fold).flat())).toEqual(new Set(rest));
    });
    const banks = fresh.filter(({ head }) => head !== null);
    expect(banks).toHaveLength(folds);
    banks.forEach(({ head, pictures }, fold) => {
      expect(pictures).toBe(count - judged[fold]!.length);
      const { picture, rows } = bankOf(head);
      expect(rows).toBeGreaterThan(20);
      expect([...picture].filter((one) => judged[fold]!.includes(one))).toEqual([]);
    });
    expect([found.scores.length, found.peaks.length]).toEqual([count, count]);
  });

  it("gives scores in the order of the pictures, of the banks and of PaDiM's own leave-one-out", async () => {
    const { heads, units, found, fresh, judged } = await precise(FUSION, 13);
    const banks = fresh.flatMap(({ head }) => (head === null ? [] : [head]));
    for (const picture of firstNumbers(13)) {
      const fold = judged.findIndex((out) => out.includes(picture));
      const alone = await scoresAlone([banks[fold]!, heads[1]!], picture, units.factors);
      expect(found.scores[picture]).toBe(alone.score);
      expect(found.peaks[picture]).toBe(alone.peak);
    }
    expect(new Set(found.scores).size).toBe(13);
  });

  it("keeps the units of the shipped model, and takes thresholds of the new scores", async () => {
    const { heads, units, found } = await precise(FUSION, 13);
    expect([found.factors, found.units]).toEqual([units.factors, units.units]);
    const quick = await calibrate(heads, goodParts(FUSION, SEED), 13, FUSION);
    expect(found.scores).not.toEqual(quick.scores);
    expect([...found.scores]).toContain(found.image.threshold);
    expect([...found.peaks]).toContain(found.pixel.threshold);
  });

  it("changes nothing for PaDiM alone, whose closed form is exact: nothing is taught", async () => {
    const recipe = smallRecipe({ head: "padim" });
    const { heads, found, taught, fresh } = await precise(recipe, 13);
    const quick = await calibrate(heads, goodParts(recipe, SEED), 13, recipe);
    expect(found).toEqual(quick);
    expect(taught).toEqual([]);
    expect(fresh.every(({ head }) => head === null)).toBe(true);
  });

  it("teaches turned copies and never judges one", async () => {
    const recipe = smallRecipe({ head: "patchcore", bankPrecision: "float32" });
    const { fresh, judged, found } = await precise(recipe, 7, 2);
    fresh.forEach(({ head }, fold) => {
      const { picture } = bankOf(head);
      // All 16 patches of each picture and of both copies are in the bank, none of a judged one.
      expect(picture).toHaveLength((7 - judged[fold]!.length) * 3 * 16);
      expect([...picture].some((one) => judged[fold]!.includes(one))).toBe(false);
    });
    expect(judged.flat()).toHaveLength(7);
    expect(found.scores.every((score) => score > 0)).toBe(true);
  });

  it("refits every bank of several network inputs", async () => {
    const [pass] = FUSION.passes;
    const [bank, padim] = pass!.detectors;
    const small = { ...bank!, grid: { width: 2, height: 2 } };
    const recipe = {
      ...FUSION,
      passes: [
        { ...pass!, detectors: [bank!, padim!] },
        { ...pass!, detectors: [small] },
      ],
    };
    expect(detectorsOf(recipe)).toHaveLength(3);
    const { fresh, found, judged } = await precise(recipe, 10);
    expect(fresh.map(({ detector, head }) => [detector, head !== null])).toEqual(
      judged.flatMap(() => [
        [0, true],
        [1, false],
        [2, true],
      ]),
    );
    for (const { head, detector } of fresh)
      if (head !== null) expect(Math.max(...bankOf(head).cell)).toBeLessThan(detector === 0 ? 16 : 4);
    expect(found.factors).toHaveLength(3);
  });

  it("tells shares that never go back over all refits, and stops where the caller throws", async () => {
    const { shares, heads, units } = await precise(FUSION, 8);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1, 12);
    const refit = {
      fresh: (detector: number, pictures: number) => freshBank(FUSION, detector, pictures),
      taught: goodParts(FUSION, SEED),
      judged: goodParts(FUSION, SEED),
    };
    const cancelled = preciseCalibration(heads, refit, units, 8, FUSION, async () => {
      throw new Error("enough");
    });
    await expect(cancelled).rejects.toThrow("enough");
  });
});

/** Score and peak of one picture by ready heads, alone. */
async function scoresAlone(heads: readonly HeadTraining[], picture: number, factors: readonly number[]) {
  const leftOut = heads.map((head) => head.leaveOneOut());
  const { scores, peaks } = await leftOutScores(leftOut, goodParts(FUSION, SEED)([picture]), FUSION, factors);
  return { score: scores[0], peak: peaks[0] };
}
