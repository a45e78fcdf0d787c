import { describe, expect, it } from "vitest";
import { proposeSmaller } from "./propose-smaller.js";
import type { TrainOptions } from "./train-options.js";
import type { TrainingPlan } from "./training-plan.js";

/** A plan, as far as proposals look at it. */
function planOf(head: "padim" | "patchcore", more: object = {}): TrainingPlan {
  const detector = { channels: 152, head: { kind: head } };
  const recipe = { size: { width: 128, height: 128 }, passes: [{ detectors: [detector] }] };
  return {
    recipe,
    backbone: { manifest: { input: { multipleOf: 32 } } },
    addTo: null,
    ...more,
  } as unknown as TrainingPlan;
}

/** What is proposed when changes fit that hold what is given; none does for null. */
const propose = (plan: TrainingPlan, options: TrainOptions, fits: Partial<TrainOptions> | null) =>
  proposeSmaller(plan, options, async (change) => {
    const [[name, value]] = Object.entries(change) as [[keyof TrainOptions, unknown]];
    return fits !== null && name in fits && Number(value) <= Number(fits[name] ?? Number.NaN)
      ? true
      : fits !== null && fits[name] === value;
  });

describe("proposeSmaller", () => {
  it.each<[string | null, "padim" | "patchcore", TrainOptions, Partial<TrainOptions> | null]>([
    ["--quality fast", "padim", {}, { quality: "fast" }],
    [null, "padim", {}, null],
    ["--size 96", "padim", { size: 128 }, { size: 96 }],
    ["--size 64", "padim", { size: 128 }, { size: 70 }],
    [null, "padim", { size: 128 }, null],
    ["--fit pad", "padim", { fit: "native" }, { fit: "pad" }],
    ["--coreset 0.01", "patchcore", { profile: "anomalib-0.7", head: "patchcore" }, { coreset: 0.015 }],
    ["--channels 64", "padim", { tile: 512 }, { channels: 80 }],
    ["--statistics shared", "padim", { tile: 512 }, { statistics: "shared" }],
    [null, "padim", { tile: 512 }, null],
    ["--tile 640", "patchcore", { tile: 1024 }, { tile: 700 }],
    [null, "patchcore", { tile: 1024, tileMargin: 64 }, { tile: 700 }],
  ])("proposes %s: %s with %o where %o fits", async (proposal, head, options, fits) => {
    expect(await propose(planOf(head), options, fits)).toBe(proposal);
  });

  it("proposes nothing where pictures are added to a model: its options stay", async () => {
    expect(await propose(planOf("padim", { addTo: {} }), {}, { quality: "fast" })).toBeNull();
  });
});
