import { describe, expect, it } from "vitest";
import {
  firstNumbers,
  goodPart,
  goodParts,
  smallRecipe,
  taughtHeads,
} from "../../../../../tests/support/small-training.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import type { StoredPadim } from "../../bundle/stored-detectors.js";
import { createArena } from "../../kernels/arena.js";
import { wasmKernels } from "../../kernels/wasm-kernels.js";
import type { Moments } from "../../stages/padim/moments.js";
import type { DetectorRecipe, PadimRecipe } from "../recipe/recipe.js";
import { placeHead } from "../stored-head.js";
import { learn } from "./learn.js";
import { padimTrainingBytes } from "./padim-statistics.js";
import { padimTraining } from "./padim-training.js";

const RECIPE = smallRecipe({ head: "padim", factors: "float32" });
const [DETECTOR] = detectorsOf(RECIPE) as [DetectorRecipe<PadimRecipe>];

const SHARED: typeof DETECTOR = { ...DETECTOR, head: { ...DETECTOR.head, shared: true } };

const start = (options?: Parameters<typeof padimTraining>[2], detector = DETECTOR) =>
  padimTraining(detector, wasmKernels(padimTrainingBytes(detector)), options);

/** Teaches a head the numbered parts of seed 3. */
async function taught(numbers: readonly number[], training = start(), copies = 0) {
  await learn(
    [training],
    () => goodParts(RECIPE, 3, copies)(numbers),
    async () => {},
  );
  return training;
}

const stored = (training: { head(): unknown }) => training.head() as StoredPadim;
const embedding = (picture: number) => goodPart(RECIPE, picture, 3)[0]!.data;

describe("padimTraining", () => {
  it("pools neighbouring cells when there are few pictures", async () => {
    expect(stored(await taught(firstNumbers(20))).fit).toMatchObject({ count: 20, pool: 3 });
    expect(stored(await taught(firstNumbers(60))).fit).toMatchObject({ count: 60, pool: 1 });
  });

  it.each([12, 60])(
    "keeps of %d pictures the one that deviates least at each place, judged without itself",
    async (count) => {
      const training = await taught(firstNumbers(count));
      expect("typical" in stored(training)).toBe(false);
      const leftOut = training.leaveOneOut();
      const found = firstNumbers(count).flatMap((i) => leftOut.take(embedding(i), i));
      found.push(...leftOut.rest());
      const { typical } = stored(training);
      const cells = firstNumbers(DETECTOR.grid.width * DETECTOR.grid.height);
      const least = cells.map((cell) => {
        const distances = found.map((distance) => distance[cell]!);
        return distances.indexOf(Math.min(...distances));
      });
      expect(Array.from(typical!)).toEqual(least);
      expect(new Set(typical).size).toBeGreaterThan(1);
      // Another order of the pictures gives the same.
      const again = training.leaveOneOut();
      for (const i of firstNumbers(count).reverse()) again.take(embedding(i), i);
      again.rest();
      expect(stored(training).typical).toEqual(typical);
    },
  );

  it.each([
    [12, "a Gaussian for each place", DETECTOR],
    [60, "a Gaussian for each place", DETECTOR],
    [12, "one for all", SHARED],
  ])("says of %d pictures what a head fitted on the others says of each: %s", async (count, _, detector) => {
    const training = await taught(firstNumbers(count), start({}, detector));
    const { fit } = stored(training);
    const leftOut = training.leaveOneOut();
    const found = firstNumbers(count).flatMap((i) => leftOut.take(embedding(i), i));
    found.push(...leftOut.rest());
    expect(found).toHaveLength(count);
    // The ridge is kept as fitted, and so is the pooling.
    const head = { ...detector.head, ridge: { absolute: fit!.ridge }, poolBelow: fit!.pool === 3 ? 1000 : 0 };
    for (const picture of [0, 5, count - 1]) {
      const others = firstNumbers(count).filter((i) => i !== picture);
      const without = stored(await taught(others, start({}, { ...DETECTOR, head })));
      const placed = placeHead(
        without,
        { grid: DETECTOR.grid } as Parameters<typeof placeHead>[1],
        createArena(1 << 18),
      );
      placed.embedding.set(embedding(picture));
      placed.distances().forEach((distance, cell) => {
        expect(Math.abs(found[picture]![cell]! / distance - 1)).toBeLessThan(1e-4);
      });
    }
  });

  it("takes no notice of turned copies: Gaussians belong to places", async () => {
    const turned = await taught(firstNumbers(12), start(), 3);
    expect(stored(turned)).toEqual(stored(await taught(firstNumbers(12))));
  });

  it.each([
    ["places", DETECTOR],
    ["all", SHARED],
  ])("goes on from kept moments of %s as one long training", async (_, detector) => {
    const first = await taught(firstNumbers(12), start({ keep: true }, detector));
    const { statistics, fit } = stored(first);
    const earlier: Moments = {
      ...{ channels: DETECTOR.channels, cells: 16, count: fit!.count },
      ...statistics!,
    };
    // All pictures come, those that are known already first.
    const further = await taught(firstNumbers(55), start({ earlier, keep: true }, detector));
    const whole = await taught(firstNumbers(55), start({ keep: true }, detector));
    expect(stored(further)).toEqual(stored(whole));
    const scores = [further, whole].map((training) => training.leaveOneOut());
    const [one, two] = scores.map((scorer) => [
      ...[2, 40].flatMap((i) => scorer.take(embedding(i), i)),
      ...scorer.rest(),
    ]);
    expect(one).toEqual(two);
    expect(one).toHaveLength(2);
  });

  it("keeps moments only where it is asked to", async () => {
    expect(stored(await taught(firstNumbers(5))).statistics).toBeNull();
    const kept = stored(await taught(firstNumbers(5), start({ keep: true }))).statistics;
    expect(kept?.scatter).toHaveLength(15 * 64);
  });

  it("gives its leave-one-out scorer again and again, in the memory of one", async () => {
    const training = await taught(firstNumbers(60));
    const once = training.leaveOneOut();
    expect(once.take(embedding(7), 7)).toEqual([]);
    const found = once.rest();
    const again = training.leaveOneOut();
    again.take(embedding(7), 7);
    expect(again.rest()).toEqual(found);
    for (let i = 0; i < 100; i++) training.leaveOneOut();
  });

  it("gives the same bytes for the same pictures", async () => {
    const [one, two] = [await taught(firstNumbers(12)), await taught(firstNumbers(12))];
    expect(stored(two)).toEqual(stored(one));
    const [first] = await taughtHeads(RECIPE, 12, 3);
    expect(stored(first!)).toEqual(stored(one));
  });

  it("is ready after one round, and has nothing to say before", async () => {
    const training = start();
    expect(training.ready).toBe(false);
    expect(() => training.head()).toThrow(/before its round/);
    expect(() => training.leaveOneOut()).toThrow(/before its round/);
    expect((await taught(firstNumbers(5), training)).ready).toBe(true);
  });

  it("refuses values that are not finite, too few pictures, and pictures that are all the same", async () => {
    const broken = embedding(0).fill(Number.NaN, 3, 4);
    expect(() => start().take(broken, 0, false)).toThrow(/not finite.*MODEL_STATISTICS/);
    await expect(taught([0])).rejects.toThrow(/at least 2.*MODEL_STATISTICS/);
    const two = await taught([0, 1]);
    expect(() => two.leaveOneOut()).toThrow(/at least 3.*MODEL_STATISTICS/);
    await expect(taught([4, 4, 4])).rejects.toThrow(/all the same.*MODEL_STATISTICS/);
  });
});
