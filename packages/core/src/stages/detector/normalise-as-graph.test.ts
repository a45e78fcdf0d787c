import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseAsGraph } from "./normalise-as-graph.js";

const normaliser = { image: { threshold: 5, range: 8 }, pixel: { threshold: 4, range: 10 } };
const decisions = { image: 0.5, pixel: 0.5 };
const mapOf = (...values: number[]) => ({ width: values.length, height: 1, data: Float32Array.from(values) });

describe("normaliseAsGraph", () => {
  it("normalises score and map with their own thresholds, cuts, and decides strictly above", () => {
    const found = normaliseAsGraph({ map: mapOf(4, 5, -100, 100, 9), score: 5 }, normaliser, decisions);
    expect(found).toEqual({
      map: { width: 5, height: 1, data: Float32Array.of(0.5, 0.6, 0, 1, 1) },
      score: 0.5,
      label: false,
      mask: { width: 5, height: 1, channels: 1, data: Uint8Array.of(0, 1, 0, 1, 1) },
      normalised: true,
    });
    expect(normaliseAsGraph({ map: mapOf(4), score: 5.001 }, normaliser, decisions).label).toBe(true);
  });

  it("rounds every step to float32, in the graph's order", () => {
    const anyFloat = fc.float({ min: 0, max: 100, noNaN: true });
    const anyRange = fc.float({ min: Math.fround(0.01), max: 100, noNaN: true });
    fc.assert(
      fc.property(anyFloat, anyFloat, anyRange, (value, threshold, range) => {
        const own = { threshold, range };
        const found = normaliseAsGraph(
          { map: mapOf(value), score: value },
          { image: own, pixel: own },
          decisions,
        );
        const steps = Float32Array.of(value);
        steps[0]! -= threshold;
        steps[0]! /= range;
        steps[0]! += 0.5;
        expect(found.score).toBe(Math.min(1, Math.max(0, steps[0]!)));
        expect(found.map?.data[0]).toBe(found.score);
        expect(found.mask?.data[0]).toBe(found.label ? 1 : 0);
      }),
    );
  });

  it("uses other decisions, gives no mask where the graph gives none, and leaves the raw map alone", () => {
    const map = mapOf(4, 6);
    const found = normaliseAsGraph({ map, score: 7 }, normaliser, { image: 0.8, pixel: null });
    expect(found).toMatchObject({ score: 0.75, label: false, mask: null });
    expect(map.data).toEqual(Float32Array.of(4, 6));
  });

  it("lets NaN through, so that it is noticed", () => {
    const found = normaliseAsGraph({ map: mapOf(Number.NaN), score: Number.NaN }, normaliser, decisions);
    expect([found.score, found.map?.data[0]]).toEqual([Number.NaN, Number.NaN]);
  });
});
