/**
 * Bilinear upsampling and Gaussian blur of a small map as one banded matrix for each axis: map = A · S · Bᵀ. The
 * reflected border is folded into the matrix. Exact for any size and σ; a full-size convolution costs a hundred times
 * as much. Source: Anomalib 0.7 `AnomalyMapGenerator` (bilinear, half-pixel; σ 4, side 2·⌊4σ + ½⌋ + 1, reflect).
 */
import { BlemishError } from "../../errors.js";
import type { FloatMap } from "../image/image.js";

/** A matrix `[to, from]` of which each row holds a short run of numbers. */
export interface BandMatrix {
  readonly from: number;
  readonly to: number;
  /** First column of each row's run `[to]`. */
  readonly first: Int32Array;
  /** Length of the runs: equal for all rows, padded with zeros. */
  readonly band: number;
  /** `[to, band]`. */
  readonly weights: Float64Array;
}

/**
 * The matrix that enlarges `from` samples to `to` (half-pixel bilinear) and blurs them with a Gaussian.
 * @param sigma in output samples; 0 = no blur.
 * @throws OPTION_VALUE when the output is not longer than half the blur's side.
 */
export function smoothingMatrix(from: number, to: number, sigma: number): BandMatrix {
  const radius = sigma > 0 ? Math.floor(4 * sigma + 0.5) : 0;
  if (radius >= to) throw tooSmall(to, radius);
  const kernel = gaussian(sigma, radius);
  const rows = Array.from({ length: to }, (_, row) => {
    const weights = new Float64Array(from);
    for (let k = -radius; k <= radius; k++)
      addBilinear(weights, reflect(row + k, to), from / to, kernel[k + radius]);
    return weights;
  });
  return toBands(rows, from, to);
}

/** Applies one matrix to each axis: A · S · Bᵀ, float32 result `[rows.to, columns.to]`. */
export function smoothMap(map: FloatMap, rows: BandMatrix, columns: BandMatrix): FloatMap {
  const wide = new Float64Array(map.height * columns.to);
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < columns.to; x++) {
      const from = y * map.width + columns.first[x];
      let sum = 0;
      for (let k = 0, at = x * columns.band; k < columns.band; k++, at++)
        sum += columns.weights[at] * map.data[from + k];
      wide[y * columns.to + x] = sum;
    }
  }
  const data = new Float32Array(rows.to * columns.to);
  const line = new Float64Array(columns.to);
  for (let y = 0; y < rows.to; y++) {
    line.fill(0);
    for (let k = 0; k < rows.band; k++) {
      const weight = rows.weights[y * rows.band + k];
      const from = (rows.first[y] + k) * columns.to;
      for (let x = 0; x < columns.to; x++) line[x] += weight * wide[from + x];
    }
    data.set(line, y * columns.to);
  }
  return { width: columns.to, height: rows.to, data };
}

function gaussian(sigma: number, radius: number): Float64Array {
  if (radius === 0) return Float64Array.of(1);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  return kernel.map((value) => value / total);
}

/** Mirrors an index at the borders without repeating the edge: −1 → 1. */
function reflect(index: number, length: number): number {
  if (index < 0) return -index;
  return index >= length ? 2 * (length - 1) - index : index;
}

function addBilinear(weights: Float64Array, target: number, scale: number, weight: number): void {
  const position = Math.max((target + 0.5) * scale - 0.5, 0);
  const left = Math.min(Math.floor(position), weights.length - 1);
  const right = Math.min(left + 1, weights.length - 1);
  weights[left] += weight * (1 - (position - left));
  weights[right] += weight * (position - left);
}

function toBands(rows: readonly Float64Array[], from: number, to: number): BandMatrix {
  const starts = rows.map((row) => row.findIndex((value) => value !== 0));
  const ends = rows.map((row) => row.findLastIndex((value) => value !== 0) + 1);
  const band = Math.max(...rows.map((_, i) => ends[i] - starts[i]));
  const first = Int32Array.from(starts, (start) => Math.min(start, from - band));
  const weights = new Float64Array(to * band);
  rows.forEach((row, i) => {
    weights.set(row.subarray(first[i], first[i] + band), i * band);
  });
  return { from, to, first, band, weights };
}

function tooSmall(to: number, radius: number): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The size of the anomaly map",
    expected: `more than ${radius} pixels on each side, so that the blur fits`,
    found: `${to}`,
  });
}
