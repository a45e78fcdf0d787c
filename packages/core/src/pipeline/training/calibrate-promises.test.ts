/** What a calibration promises holds for parts to come, on average over trainings. */
import { describe, expect, it } from "vitest";
import { freshScores, trained } from "../../../../../tests/support/calibrated-training.js";
import { smallRecipe } from "../../../../../tests/support/small-training.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { withThresholds } from "./calibrate.js";

const median = (list: ArrayLike<number>) => Float64Array.from(list).sort()[list.length >> 1] as number;

describe("calibrate, for parts to come", () => {
  it.each([
    ["padim", 20],
    ["padim", 60],
    ["patchcore", 20],
    ["fusion", 20],
    ["fusion", 60],
  ] as const)(
    "scores the training's own pictures, each left out, like good parts to come (%s, %d pictures)",
    async (head, count) => {
      const training = await trained(count, 3, { head });
      const fresh = freshScores(training, 400, 99);
      expect(Math.abs(median(training.calibration.scores) / median(fresh) - 1)).toBeLessThan(0.12);
    },
  );

  it.each(["padim", "fusion"] as const)(
    "keeps its promise on average over training sets (%s)",
    async (head) => {
      let [alarms, total] = [0, 0];
      for (let seed = 1; seed <= 40; seed++) {
        const training = await trained(19, seed, { head });
        const fresh = freshScores(training, 50, 1000 + seed);
        alarms += fresh.filter((score) => score >= training.calibration.image.threshold).length;
        total += fresh.length;
      }
      // 10 % asked; the spread of the mean over 40 trainings is about 1 %.
      expect(alarms / total).toBeLessThan(0.13);
      expect(alarms / total).toBeGreaterThan(0.06);
    },
  );
});

describe("calibrate with filters and zones", () => {
  const picture = { width: 128, height: 128 };
  const corner = { type: "rectangle", x: 0, y: 0, width: 64, height: 64 } as const;
  const disc = { type: "circle", x: 64, y: 64, radius: 40 } as const;
  const filters = { minArea: 300, minPeak: 0.55 };
  const zones = [
    { name: "corner", shapes: [corner], weight: 2 },
    { name: "disc", shapes: [disc], minArea: 900, ignoreTouchingBorder: true },
  ];

  it.each<[string, RecipeOptions]>([
    ["filters", { picture, filters }],
    ["zones", { picture, zones }],
    ["both", { picture, zones, filters }],
  ])("keeps its promise for all zones together, on average over training sets (%s)", async (_, options) => {
    let [alarms, total, uncertain] = [0, 0, 0];
    for (let seed = 1; seed <= 40; seed++) {
      const training = await trained(19, seed, { head: "padim", uncertainRate: 0.3, ...options });
      const fresh = freshScores(training, 50, 1000 + seed);
      const { image, uncertain: lower } = training.calibration;
      alarms += fresh.filter((score) => score >= image.threshold).length;
      uncertain += fresh.filter((score) => score >= lower!.threshold).length;
      total += fresh.length;
    }
    // 10 % and 30 % asked; the spread of the mean over 40 trainings is about 1 and 2 %.
    expect(alarms / total).toBeLessThan(0.13);
    expect(alarms / total).toBeGreaterThan(0.04);
    expect(uncertain / total).toBeLessThan(0.35);
    expect(uncertain / total).toBeGreaterThan(0.2);
  });

  it("takes the image threshold for the pixels, and the maximum where nothing is filtered", async () => {
    const { calibration } = await trained(12, 5, { head: "padim", score: "region" });
    const { calibration: plain } = await trained(12, 5, { head: "padim", score: "max" });
    expect(calibration.scores).toEqual(plain.scores);
    expect(calibration.pixel).toEqual(calibration.image);
    expect(calibration.decision?.zones).toHaveLength(1);
    expect(plain).not.toHaveProperty("decision");
  });

  it("has no threshold of 0, which everything would reach", () => {
    const scores = Float64Array.of(0, 0, 0, 2);
    const values = Array.from(scores, (score) => ({ scores: [score], peaks: [3] }));
    const recipe = { ...smallRecipe({ score: "region" }), falseAlarmRate: 0.6 };
    const judged = { scores, peaks: scores, zones: values };
    const found = withThresholds({ factors: [1], units: null }, judged, recipe);
    expect(found.image).toMatchObject({ threshold: 2, asked: 0.6, expectedRate: 0.2, reached: true });
    const none = values.map(() => ({ scores: [0], peaks: [3] }));
    expect(() => withThresholds({ factors: [1], units: null }, { ...judged, zones: none }, recipe)).toThrow(
      "the filters leave nothing",
    );
  });
});
