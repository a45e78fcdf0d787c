import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correlatedCell } from "../../../../../tests/support/packed-heads.js";
import { createArena } from "../../kernels/arena.js";
import { type InverseGaussians, packInverse } from "./pack-inverse.js";
import { packedDistances } from "./packed-distances.js";
import { triangleRows } from "./tiles.js";
import { unpackFactor } from "./unpack-factor.js";

/** The bytes of the numbers at an odd place, as they stand in most files. */
function misaligned(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength + 3).subarray(3);
  bytes.set(new Uint8Array(values.buffer));
  return bytes;
}

/** The numbers again. */
const floatsOf = (bytes: Uint8Array) => new Float32Array(bytes.slice().buffer);

/** An export with WᵀW of the samples' factors, float32 `[cells, n, n]`. */
function exported(channels: number, cells: number, seed: number) {
  const samples = Array.from({ length: cells }, (_, cell) => correlatedCell(channels, 4, seed + cell));
  const mean = new Float32Array(channels * cells);
  const inverseCovariance = new Float32Array(cells * channels * channels);
  samples.forEach((sample, cell) => {
    for (let i = 0; i < channels; i++) {
      mean[i * cells + cell] = sample.mean[i];
      for (let j = 0; j < channels; j++) {
        let sum = 0;
        for (let k = Math.max(i, j); k < channels; k++)
          sum += sample.factor[triangleRows(k) + i] * sample.factor[triangleRows(k) + j];
        inverseCovariance[(cell * channels + i) * channels + j] = sum;
      }
    }
  });
  return { samples, gaussians: { channels, cells, mean, inverseCovariance: misaligned(inverseCovariance) } };
}

/** √(δᵀ·P·δ) in float64: what Anomalib's graph calculates. */
function direct(
  { channels, cells, mean, inverseCovariance }: InverseGaussians,
  cell: number,
  x: Float32Array,
) {
  const inverse = floatsOf(inverseCovariance);
  const delta = Array.from(x, (value, d) => value - mean[d * cells + cell]);
  let sum = 0;
  for (let i = 0; i < channels; i++)
    for (let j = 0; j < channels; j++)
      sum += delta[i] * inverse[(cell * channels + i) * channels + j] * delta[j];
  return Math.sqrt(sum);
}

describe("packing an Anomalib export", () => {
  it("gives the distances that its inverse covariance gives", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 19 }),
        fc.integer({ min: 1, max: 1000 }),
        (channels, cells, seed) => {
          const { samples, gaussians } = exported(channels, cells, seed);
          const scorer = packedDistances(packInverse(gaussians, "float32"), createArena(1 << 17));
          samples.forEach(({ vectors }, cell) => {
            vectors[0].forEach((value, d) => {
              scorer.embedding[d * cells + cell] = value;
            });
          });
          scorer.distances().forEach((distance, cell) => {
            const expected = direct(gaussians, cell, samples[cell].vectors[0]);
            expect(Math.abs(distance / expected - 1)).toBeLessThanOrEqual(1e-5);
          });
        },
      ),
      { numRuns: 25 },
    );
  });

  it("finds the factor that the inverse covariance was made of", () => {
    const { samples, gaussians } = exported(100, 2, 7);
    const head = packInverse(gaussians, "float32");
    samples.forEach(({ factor }, cell) => {
      const found = unpackFactor(head, cell);
      const largest = Math.max(...factor.map(Math.abs));
      expect(Math.max(...found.map((value, at) => Math.abs(value - factor[at])))).toBeLessThan(
        1e-4 * largest,
      );
    });
  });

  it("takes the mean of both triangles and does not change what it is given", () => {
    const inverseCovariance = misaligned(Float32Array.of(4, 3, 1, 5));
    const gaussians = { channels: 2, cells: 1, mean: Float32Array.of(1, 2), inverseCovariance };
    const head = packInverse(gaussians, "float32");
    // P = [[4, 2], [2, 5]] = WᵀW.
    const [a, b, c] = unpackFactor(head, 0);
    expect([a * a + b * b, b * c, c * c].map((value) => Math.round(1e5 * value) / 1e5)).toEqual([4, 2, 5]);
    expect([...floatsOf(inverseCovariance)]).toEqual([4, 3, 1, 5]);
    expect([head.mean[0], head.mean[8]]).toEqual([1, 2]);
  });

  it("names the cell that cannot be used and says what to do instead", () => {
    const { gaussians } = exported(5, 11, 3);
    const spoil = (at: number, value: number) => {
      const numbers = floatsOf(gaussians.inverseCovariance);
      numbers[at] = value;
      return () => packInverse({ ...gaussians, inverseCovariance: misaligned(numbers) }, "int16");
    };
    expect(spoil(9 * 25 + 3, Number.NaN)).toThrow(/grid cell 9 .*finite.*engine onnx.*MODEL_STATISTICS/);
    expect(spoil(10 * 25 + 1, Number.POSITIVE_INFINITY)).toThrow(/grid cell 10 .*finite/);
    expect(spoil(4 * 25 + 12, -1)).toThrow(/grid cell 4 .*positive definite/);
    const mean = gaussians.mean.slice();
    mean[2 * 11 + 6] = Number.NaN;
    expect(() => packInverse({ ...gaussians, mean }, "int16")).toThrow(/mean of grid cell 6 /);
    const singular = {
      channels: 2,
      cells: 1,
      mean: new Float32Array(2),
      inverseCovariance: misaligned(new Float32Array(4).fill(1)),
    };
    expect(() => packInverse(singular, "float32")).toThrow(/grid cell 0 .*positive definite/);
  });
});
