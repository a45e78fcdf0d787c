import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rampMap, reference, sha256 } from "../../../../../fixtures/visualise/formulas.js";
import type { Normalisation } from "../../anomalib/model-description.js";
import { BlemishError } from "../../errors.js";
import { normaliseMap, normaliseScore, standardise } from "./normalise.js";

const range = (min: number, max: number): Normalisation => ({
  method: "min_max",
  image: { min, max },
  pixel: { min, max },
});
const map = (...values: number[]) => ({ width: values.length, height: 1, data: Float32Array.from(values) });
const cdf = (imageMean: number, pixelMean: number): Extract<Normalisation, { method: "cdf" }> => ({
  method: "cdf",
  image: { mean: imageMean, std: 0.3 },
  pixel: { mean: Float32Array.of(pixelMean, pixelMean), std: Float32Array.of(0.5, 0.25) },
});

describe("min_max", () => {
  it("maps the threshold to 0.5 and stays within 0 and 1", () => {
    const value = fc.float({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        value,
        value,
        fc.float({ min: Math.fround(0.001), max: 500, noNaN: true }),
        (t, v, span) => {
          const normalisation = range(1, 1 + span);
          expect(normaliseScore(t, t, normalisation)).toBe(0.5);
          const out = normaliseMap(map(t, v), t, normalisation).data;
          expect(out[0]).toBe(0.5);
          expect(out[1]).toBeGreaterThanOrEqual(0);
          expect(out[1]).toBeLessThanOrEqual(1);
          expect(Math.sign(out[1]! - 0.5) * Math.sign(v - t)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it("equals NumPy's float32 map and float64 score to the bit", () => {
    const { threshold, min, max, mapSha256, scores } = reference.minMax;
    const raw = rampMap(50, 20);
    const scaled = { ...raw, data: raw.data.map((v) => Math.fround(v * 11)) };
    expect(sha256(normaliseMap(scaled, threshold, range(min, max)).data)).toBe(mapSha256);
    const raws = [4.619651794433594, 12.5, 99, -3];
    expect(raws.map((s) => normaliseScore(s, threshold, range(min, max)))).toEqual(scores);
  });

  it.each([
    [10.0, 0.288095],
    [13.7022, 0.5],
    [15, 0.574281],
    [22.7679, 1],
    [5.2967, 0.018891],
  ])("gives the published example %d → %d", (score, expected) => {
    expect(normaliseScore(score, 13.702248573303223, range(5.296699, 22.767864))).toBeCloseTo(expected, 4);
  });

  it("uses the image range for scores and the pixel range for maps", () => {
    const both: Normalisation = {
      method: "min_max",
      image: { min: 0, max: 10 },
      pixel: { min: 0, max: 100 },
    };
    expect(normaliseScore(6, 5, both)).toBeCloseTo(0.6, 12);
    expect(normaliseMap(map(6), 5, both).data[0]).toBeCloseTo(0.51, 6);
  });

  it.each([range(3, 3), range(4, 3), range(Number.NaN, 3), range(0, Number.POSITIVE_INFINITY)])(
    "refuses a range that is not above 0",
    (normalisation) => {
      expect(() => normaliseScore(1, 1, normalisation)).toThrow(BlemishError);
      expect(() => normaliseMap(map(1), 1, normalisation)).toThrow(/METADATA_FORMAT/);
    },
  );

  it("leaves the raw map alone", () => {
    const raw = map(1, 2, 3);
    normaliseMap(raw, 2, range(0, 4));
    expect(Array.from(raw.data)).toEqual([1, 2, 3]);
  });
});

describe("cdf", () => {
  it("maps thresholds to 0.5 and 0 to 0", () => {
    const threshold = Math.exp(0.7 + 1.5 * 0.3);
    expect(normaliseScore(threshold, threshold, cdf(0.7, 0.2))).toBe(0.5);
    expect(normaliseScore(0, threshold, cdf(0.7, 0.2))).toBe(0);
    // One standard deviation of the log score above the threshold.
    expect(normaliseScore(threshold * Math.exp(0.3), threshold, cdf(0.7, 0.2))).toBeCloseTo(0.8413447, 6);
  });

  it("centres the map at the image mean unless that is 0", () => {
    const raw = map(Math.exp(1), Math.exp(1));
    const centred = standardise(raw, cdf(0.5, 0.2)).data;
    expect(centred[0]).toBeCloseTo(1, 6);
    expect(centred[1]).toBeCloseTo(2, 6);
    expect(standardise(raw, cdf(0, 0.25)).data[0]).toBeCloseTo(1.5, 6);
    expect(normaliseMap(raw, 1, cdf(0.5, 0.2)).data[0]).toBeCloseTo(0.5, 6);
    expect(normaliseMap(map(0, -1), 1, cdf(0.5, 0.2)).data).toEqual(Float32Array.of(0, 0));
  });

  it("refuses statistics that do not fit", () => {
    expect(() => standardise(map(1, 2, 3), cdf(0, 0))).toThrow(/3 values/);
    const flat = { ...cdf(0, 0), pixel: { mean: Float32Array.of(0, 0), std: Float32Array.of(1, 0) } };
    expect(() => standardise(map(1, 2), flat)).toThrow(/pixel_std/);
    const still = { ...cdf(0, 0), image: { mean: 0, std: 0 } };
    expect(() => normaliseScore(1, 1, still)).toThrow(/image_std/);
  });
});

it.each(["none", "in-graph"] as const)("%s leaves everything as it is", (method) => {
  const raw = map(-3, 700);
  expect(normaliseMap(raw, 1, { method })).toBe(raw);
  expect(normaliseScore(700, 1, { method })).toBe(700);
});
