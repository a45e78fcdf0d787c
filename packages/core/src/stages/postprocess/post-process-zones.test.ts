import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowMap as map, describedModel as model, seen } from "../../../../../tests/support/detections.js";
import { noiseMap } from "../../../../../tests/support/noise.js";
import type { Decision } from "../decision/decision.js";
import { regionScorer } from "../decision/region-score.js";
import { zoneLabels } from "../decision/zone-labels.js";
import { postProcess } from "./post-process.js";

describe("filters and zones", () => {
  const [width, height] = [16, 12];
  const zone = { weight: 1, unit: 1, minArea: 0, minPeak: 0.5, ignoreTouchingBorder: false };
  const filters = fc.record({
    minArea: fc.constantFrom(0, 1.5, 3, 8),
    minPeak: fc.constantFrom(0.5, 0.6, 0.8),
    ignoreTouchingBorder: fc.boolean(),
  });

  /** What a detector says: the map, already weighed, and the score of each zone. */
  function decided(data: Float32Array, decision: Decision) {
    const labels = zoneLabels(decision, width, height);
    const zones = Array.from(regionScorer(labels, decision.zones, width)(data));
    return { ...seen({ width, height, data }, Math.max(...zones)), zones };
  }

  it("call a picture anomalous exactly when it has a region, at every size", () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        filters,
        filters,
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0.2, max: 1.2, noNaN: true }),
        (seed, one, two, scale, threshold) => {
          const { data } = noiseMap(width, height, seed);
          const decision = {
            zones: [
              { ...zone, ...one, name: "a", runs: [0, 100] },
              { ...zone, ...two, name: "rest", runs: [100, 192] },
            ],
          };
          const described = model({ decision, imageThreshold: threshold, pixelThreshold: 7 });
          const result = postProcess(
            decided(data, decision),
            { width: scale * width, height: scale * height },
            described,
          );
          expect(result.predLabel).toBe(result.regions.length > 0);
          expect(result.predLabel).toBe(result.predMask!.data.includes(1));
          expect(result.zones!.some(({ anomalous }) => anomalous)).toBe(result.predLabel);
          expect(result.pixelThreshold).toBe(threshold);
          // A filtered region is in no mask, and what is in the mask is in a region.
          const marked = result.predMask!.data.reduce((sum, value) => sum + value, 0);
          expect(result.regions.reduce((sum, { area }) => sum + area, 0)).toBe(marked);
          for (const { peak } of result.filtered)
            expect(result.predMask!.data[peak.y * scale * width + peak.x]).toBe(0);
          const slim = postProcess(decided(data, decision), result.predMask!, described, { maps: false });
          expect([slim.regions, slim.filtered, slim.zones]).toEqual([
            result.regions,
            result.filtered,
            result.zones,
          ]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("list what was left out with its reason, and the zone of each region", () => {
    const data = new Float32Array(width * height);
    for (const [x, y] of [
      [2, 2],
      [3, 2],
      [2, 3],
      [12, 8],
    ] as const)
      data[y * width + x] = 1;
    const decision = {
      zones: [
        {
          ...zone,
          minArea: 3,
          name: "left",
          runs: Array.from({ length: 12 }, (_, y) => [16 * y, 16 * y + 8]).flat(),
        },
        {
          ...zone,
          minArea: 3,
          name: "rest",
          weight: 2,
          runs: Array.from({ length: 12 }, (_, y) => [16 * y + 8, 16 * y + 16]).flat(),
        },
      ],
    };
    const described = model({ decision, capture: { millimetresPerPixel: 0.5 } });
    const result = postProcess(decided(data, decision), { width: 32, height: 24 }, described);
    expect(result.regions).toHaveLength(1);
    expect(result.regions[0]).toMatchObject({ zone: "left", touchesBorder: false });
    expect(result.regions[0]!.areaMm2).toBe(result.regions[0]!.area / 4);
    expect(result.filtered).toHaveLength(1);
    expect(result.filtered[0]).toMatchObject({ reason: "area", zone: "rest" });
    expect(result.zones).toEqual([
      { name: "left", score: 1, threshold: 0.6, anomalous: true },
      { name: "rest", score: 0, threshold: 0.3, anomalous: false },
    ]);
    const [bad] = [
      postProcess(decided(data, decision), result.predMask!, model({ decision, imageThreshold: 1.01 })),
    ];
    expect([bad.verdict, bad.regions, bad.filtered]).toEqual(["good", [], []]);
  });

  it("have no names where no zones were asked for", () => {
    const decision = { zones: [{ ...zone, name: "", runs: [0, 192] }] };
    const data = new Float32Array(192).fill(0.7);
    const result = postProcess(decided(data, decision), { width, height }, model({ decision }));
    expect(result.zones).toBeNull();
    expect(result.regions[0]).not.toHaveProperty("zone");
    expect(result.regions[0]!.touchesBorder).toBe(true);
  });
});

describe("the grey zone", () => {
  const grey = (score: number, options = {}) =>
    postProcess(seen(map(score)), { width: 1, height: 1 }, model({ uncertainThreshold: 0.4 }), options);

  it("is uncertain from the lower threshold to the upper one, and anomalous from there", () => {
    expect([0.39, 0.4, 0.59, 0.6].map((score) => grey(Math.fround(score)).verdict)).toEqual([
      "good",
      "uncertain",
      "uncertain",
      "anomalous",
    ]);
    expect(grey(0.5)).toMatchObject({ predLabel: false, uncertainThreshold: 0.4 });
    expect(grey(0.3, { imageThreshold: 0.2 })).toMatchObject({ verdict: "anomalous", predLabel: true });
    expect(postProcess(seen(map(0.5)), { width: 1, height: 1 }, model())).toMatchObject({
      verdict: "good",
      uncertainThreshold: null,
    });
  });
});
