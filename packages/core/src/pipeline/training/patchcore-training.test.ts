import { describe, expect, it } from "vitest";
import {
  firstNumbers,
  goodPart,
  goodParts,
  smallRecipe,
} from "../../../../../tests/support/small-training.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import type { StoredPatchcore } from "../../bundle/stored-detectors.js";
import { createArena } from "../../kernels/arena.js";
import { makePatchBank, type PatchBank } from "../../stages/patchcore/patch-bank.js";
import { patchDistances } from "../../stages/patchcore/patch-distances.js";
import { reweightedScore } from "../../stages/patchcore/reweighted-score.js";
import type { DetectorRecipe, PatchcoreRecipe } from "../recipe/recipe.js";
import type { HeadTraining } from "./head-training.js";
import { learn } from "./learn.js";
import { patchcoreTraining, selectionOf } from "./patchcore-training.js";

const RECIPE = smallRecipe({ head: "patchcore", bankPrecision: "float32" });
const [ONE_ROUND] = detectorsOf(RECIPE) as [DetectorRecipe<PatchcoreRecipe>];
const CELLS = 16;
/** Chosen from a draw of 60 patches, then from the 40 farthest of all: two rounds. */
const TWO_ROUNDS = { ...ONE_ROUND, head: { ...ONE_ROUND.head, rows: 30, pool: 60, far: 40 } };

interface Teaching {
  readonly detector?: DetectorRecipe<PatchcoreRecipe>;
  readonly copies?: number;
  readonly seed?: number;
}

/** Teaches a bank the numbered parts of seed 3; gives how many rounds it took and the shares it told. */
async function taught(
  numbers: readonly number[],
  { detector = TWO_ROUNDS, copies = 0, seed = 0 }: Teaching = {},
) {
  const training = patchcoreTraining(detector, numbers.length * (1 + copies), seed);
  const shares: number[] = [];
  let rounds = 0;
  await learn(
    [training],
    () => {
      rounds++;
      return goodParts(RECIPE, 3, copies)(numbers);
    },
    async (share) => {
      shares.push(share);
    },
  );
  return { training, rounds, shares };
}

const bankOf = (training: HeadTraining): PatchBank => (training.head() as StoredPatchcore).bank;
const embedding = (picture: number, copy = 0) => goodPart(RECIPE, picture, 3, copy)[0]!.data;
const patchOf = (data: Float32Array, cell: number) =>
  Array.from({ length: 5 }, (_, d) => data[d * CELLS + cell]!);

/** Distances of a picture's patches to the rows that `allowed` lets through, in plain loops. */
function nearest(bank: PatchBank, data: Float32Array, allowed: (picture: number) => boolean): number[] {
  return Array.from({ length: CELLS }, (_, cell) => {
    const patch = patchOf(data, cell);
    let best = Number.POSITIVE_INFINITY;
    for (let row = 0; row < bank.rows; row++) {
      if (!allowed(bank.picture[row]!)) continue;
      const scale = bank.scale?.[row] ?? 1;
      best = Math.min(best, Math.hypot(...patch.map((value, d) => value - bank.data[5 * row + d]! * scale)));
    }
    return best;
  });
}

describe("patchcoreTraining", () => {
  it.each([
    ["one round where the draw holds all patches", ONE_ROUND, 1, 12 * CELLS],
    ["two rounds where it does not", TWO_ROUNDS, 2, 30],
  ])("wants %s", async (_, detector, expected, rows) => {
    const { training, rounds, shares } = await taught(firstNumbers(12), { detector });
    expect([rounds, training.ready]).toEqual([expected, true]);
    expect(bankOf(training).rows).toBe(rows);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(shares.length).toBeGreaterThan(1);
  });

  it("remembers patches of its pictures, each with where it came from", async () => {
    const { training } = await taught(firstNumbers(12));
    const { rows, data, picture, cell } = bankOf(training);
    const places = new Set<number>();
    for (let row = 0; row < rows; row++) {
      places.add(picture[row]! * CELLS + cell[row]!);
      expect([...data.slice(5 * row, 5 * row + 5)]).toEqual(patchOf(embedding(picture[row]!), cell[row]!));
    }
    expect(places.size).toBe(rows);
    expect(new Set(picture).size).toBeGreaterThan(6);
  });

  it("is the same bank for the same pictures and seed, another for another seed", async () => {
    const bank = bankOf((await taught(firstNumbers(12))).training);
    expect(bankOf((await taught(firstNumbers(12))).training)).toEqual(bank);
    expect(bankOf((await taught(firstNumbers(12), { seed: 1 })).training)).not.toEqual(bank);
  });

  it.each(["float32", "int8"] as const)(
    "says of each picture what the bank says without the picture's rows: %s",
    async (precision) => {
      const detector = { ...TWO_ROUNDS, head: { ...TWO_ROUNDS.head, precision } };
      const { training } = await taught(firstNumbers(12), { detector });
      const [bank, leftOut] = [bankOf(training), training.leaveOneOut()];
      for (const picture of firstNumbers(12)) {
        const [found] = leftOut.take(embedding(picture), picture) as [Float32Array];
        const expected = nearest(bank, embedding(picture), (other) => other !== picture);
        found.forEach((distance, cell) => {
          expect(Math.abs(distance - expected[cell]!)).toBeLessThan(2e-3);
        });
      }
      expect(leftOut.rest()).toEqual([]);
    },
  );

  it.each([30, 8])("scores each picture as the bank of %i rows without its own rows does", async (rows) => {
    const head = { ...TWO_ROUNDS.head, rows, neighbours: 9 };
    const { training } = await taught(firstNumbers(12), { detector: { ...TWO_ROUNDS, head } });
    const [bank, leftOut] = [bankOf(training), training.leaveOneOut()];
    for (const picture of firstNumbers(12)) {
      const data = embedding(picture);
      leftOut.take(data, picture);
      const kept = [...bank.picture.keys()].filter((row) => bank.picture[row] !== picture);
      const values = kept.flatMap((row) => [...bank.data.slice(5 * row, 5 * row + 5)]);
      const parts = [kept.map((row) => bank.picture[row]!), kept.map((row) => bank.cell[row]!)] as const;
      const [pictures, cells] = parts.map((part) => Int32Array.from(part)) as [Int32Array, Int32Array];
      const rest = makePatchBank(Float32Array.from(values), 5, pictures, cells, "float32");
      const search = patchDistances(rest, CELLS, createArena(1 << 18));
      search.embedding.set(data);
      const distances = search.distances();
      const weigh = reweightedScore(rest, 9, createArena(1 << 18));
      expect(leftOut.score?.()).toBe(weigh({ embedding: data, distances, nearest: search.nearest() }));
    }
  });

  it("leaves the score to the map where no neighbours are asked for", async () => {
    expect((await taught(firstNumbers(5))).training.leaveOneOut().score).toBeUndefined();
  });

  it("counts turned copies as the picture that they were made of, and leaves them out with it", async () => {
    const { training } = await taught(firstNumbers(6), { detector: ONE_ROUND, copies: 2 });
    const bank = bankOf(training);
    expect(bank.rows).toBe(6 * 3 * CELLS);
    expect([...bank.picture]).toEqual(firstNumbers(6).flatMap((i) => new Array(3 * CELLS).fill(i)));
    const leftOut = training.leaveOneOut();
    for (const picture of [0, 3, 5]) {
      // The bank knows this patch by heart, but only from the picture's own copy.
      const copy = embedding(picture, 1);
      expect(Math.max(...nearest(bank, copy, () => true))).toBeLessThan(1e-6);
      const [found] = leftOut.take(copy, picture) as [Float32Array];
      const expected = nearest(bank, copy, (other) => other !== picture);
      found.forEach((distance, cell) => {
        expect(Math.abs(distance - expected[cell]!)).toBeLessThan(2e-3);
        expect(distance).toBeGreaterThan(0.1);
      });
    }
  });

  it("keeps the numbers of pictures that are not all there, as a refit has them", async () => {
    const numbers = [1, 2, 4, 8, 9, 30];
    const { picture } = bankOf((await taught(numbers, { detector: ONE_ROUND, copies: 1 })).training);
    expect([...new Set(picture)]).toEqual(numbers);
  });

  it("gives distances that stay what they are", async () => {
    const leftOut = (await taught(firstNumbers(5))).training.leaveOneOut();
    const [first] = leftOut.take(embedding(0), 0) as [Float32Array];
    const kept = first.slice();
    leftOut.take(embedding(1), 1);
    expect(first).toEqual(kept);
  });

  it("has nothing to say before its rounds are finished, and nothing to learn afterwards", async () => {
    const fresh = patchcoreTraining(ONE_ROUND, 3, 0);
    expect(fresh.ready).toBe(false);
    expect(() => fresh.head()).toThrow(/before its rounds/);
    expect(() => fresh.leaveOneOut()).toThrow(/before its rounds/);
    const { training } = await taught(firstNumbers(3));
    expect(() => training.take(embedding(0), 0, false)).toThrow(/after its rounds/);
  });

  it("refuses embeddings that are not finite, missing pictures, and a bank of one picture", async () => {
    const broken = embedding(0).fill(Number.NaN, 3, 4);
    const fresh = patchcoreTraining(ONE_ROUND, 3, 0);
    expect(() => fresh.take(broken, 0, false)).toThrow(/MODEL_STATISTICS/);
    fresh.take(embedding(0), 0, false);
    expect(() => [...fresh.finishRound()]).toThrow(/3 pictures.*MODEL_STATISTICS/);
    const alone = (await taught([4])).training.leaveOneOut();
    expect(() => alone.take(embedding(4), 4)).toThrow(/at least two training pictures.*MODEL_STATISTICS/);
  });
});

describe("selectionOf", () => {
  it("makes the bank a share of all patches, at least one, and draws at least as many", () => {
    const share = (part: number, pictures: number) =>
      selectionOf({ ...ONE_ROUND, head: { ...TWO_ROUNDS.head, rows: { share: part } } }, pictures, 0);
    expect(share(0.25, 12)).toMatchObject({ size: 48, pool: 60, far: 48 });
    expect(share(0.5, 100)).toMatchObject({ size: 800, pool: 800, far: 800 });
    expect(share(0.1, 7)).toMatchObject({ size: 11 });
    expect(share(1e-9, 7)).toMatchObject({ size: 1 });
    expect(share(1, 7)).toMatchObject({ size: 7 * CELLS });
  });

  it("says what the recipe wants of so many pictures", () => {
    expect(selectionOf(TWO_ROUNDS, 7, 5)).toEqual({
      ...{ channels: 5, cells: CELLS, pictures: 7, size: 30, pool: 60, far: 40, seed: 5 },
    });
  });
});
