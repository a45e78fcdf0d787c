import { describe, expect, it } from "vitest";
import { LANES } from "../../kernels/kernels.js";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { fitGaussians, gaussianBytes } from "./gaussian.js";
import { distanceScorer, distances } from "./mahalanobis.js";
import { addEmbeddings, createMoments } from "./moments.js";
import { cellBase } from "./tiles.js";

/** The example of Anomalib 0.7's Gaussian head: 4 channels on an 8 × 8 grid, float32. */
function example(i: number): Float32Array {
  return Float32Array.from({ length: 4 * 64 }, (_, at) => {
    const [c, y, x] = [Math.floor(at / 64), Math.floor((at % 64) / 8), at % 8];
    return Math.sin(0.1 * i * (c + 1) + 0.3 * x + 0.7 * y + 0.05 * c) + 0.2 * Math.cos(i * i + c);
  });
}

const ANOMALIB = { ridge: { absolute: 0.01 }, width: 8, pool: 1 as const };

function fitted(
  pictures: Float32Array[],
  options: Parameters<typeof fitGaussians>[1] = ANOMALIB,
  channels = 4,
) {
  const kernels = plainKernels();
  const moments = createMoments(channels, (pictures[0] as Float32Array).length / channels, kernels);
  addEmbeddings(moments, pictures);
  return { kernels, model: fitGaussians(moments, options) };
}

describe("fitGaussians", () => {
  const { kernels, model } = fitted([0, 1, 2, 3, 4].map(example));

  it("gives the means of Anomalib 0.7", () => {
    const mean = (cell: number) => [0, 1, 2, 3].map((d) => model.mean[cellBase(cell, 4) + d * LANES]);
    [0.157403, 0.389506, 0.596451, 0.726763].forEach((value, d) => expect(mean(0)[d]).toBeCloseTo(value, 5));
    [0.746468, 0.854881, 0.910226, 0.880918].forEach((value, d) => expect(mean(63)[d]).toBeCloseTo(value, 5));
  });

  it("gives its inverse covariance: WᵀW", () => {
    const w = (i: number, j: number) =>
      j > i ? 0 : (model.factor[cellBase(0, 10) + ((i * (i + 1)) / 2 + j) * LANES] as number);
    const inverse = (i: number, j: number) => [0, 1, 2, 3].reduce((sum, k) => sum + w(k, i) * w(k, j), 0);
    const anomalib = [
      [78.19091, -7.306742, 3.059953, 4.866999],
      [-7.306719, 65.955765, -32.763824, 2.005159],
      [3.059993, -32.76379, 51.273567, -29.588848],
      [4.867034, 2.00513, -29.588833, 27.055367],
    ];
    anomalib.forEach((row, i) =>
      row.forEach((value, j) => expect(Math.abs(inverse(i, j) - value)).toBeLessThan(1e-3)),
    );
  });

  it("gives its distances", () => {
    const map = distances(distanceScorer(model, kernels), example(5));
    const first = [5.965831, 5.783943, 5.229291, 4.981685, 5.667092, 5.918498, 5.99375, 5.964583];
    first.forEach((value, x) => expect(map[x]).toBeCloseTo(value, 4));
    const last = [5.243277, 5.607628, 5.839396, 5.965398, 5.996805, 5.919899, 5.631068, 4.934413];
    last.forEach((value, x) => expect(map[56 + x]).toBeCloseTo(value, 4));
  });

  it("a training picture at the mean has distance 0, and distances scale with the noise", () => {
    const flat = (value: number) => new Float32Array(4).fill(value);
    const { kernels, model } = fitted([flat(1), flat(3)], { ridge: { absolute: 0 }, width: 2, pool: 1 }, 1);
    const scorer = distanceScorer(model, kernels);
    expect([...distances(scorer, flat(2))]).toEqual([0, 0, 0, 0]);
    expect(distances(scorer, flat(2 + Math.SQRT2))[0]).toBeCloseTo(1, 6);
  });

  it("a relative ridge is a multiple of the mean variance", () => {
    const flat = (value: number) => new Float32Array(4).fill(value);
    const { model } = fitted([flat(1), flat(3)], { ridge: { relative: 0.4 }, width: 2, pool: 1 }, 1);
    expect(model.ridge).toBeCloseTo(0.8, 9);
  });

  it("pooling uses the neighbours' vectors as samples of the cell", () => {
    const pictures = [Float32Array.of(0, 10), Float32Array.of(2, 14)];
    const { model } = fitted(pictures, { ridge: { absolute: 0 }, width: 2, pool: 3 }, 1);
    expect(model.mean[0]).toBeCloseTo(6.5, 9);
    const variance = 1 / (model.factor[0] as number) ** 2;
    expect(variance).toBeCloseTo((6.5 ** 2 + 4.5 ** 2 + 3.5 ** 2 + 7.5 ** 2) / 3, 9);
  });

  it("refuses one picture and pictures that are all the same", () => {
    expect(() => fitted([example(0)])).toThrow(/at least 2 pictures/);
    const same = [example(0), example(0), example(0)];
    expect(() => fitted(same, { ...ANOMALIB, ridge: { relative: 0.4 } })).toThrow(/all the same/);
    const flat = [example(0), example(0).map((value, i) => (i % 64 === 0 ? value : value + 1))];
    expect(() => fitted(flat, { ...ANOMALIB, ridge: { absolute: 0 } })).toThrow(/grid cell \(0, 0\)/);
  });

  it("says how much memory it takes", () => {
    expect(gaussianBytes(152, 256)).toBeGreaterThan(8 * 256 * (152 + 11628));
  });
});
