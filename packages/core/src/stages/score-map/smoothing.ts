/**
 * Upsampling and Gaussian blur of a small map as one banded matrix for each axis: map = A · S · Bᵀ. The
 * reflected border is folded into the matrix. Exact for any size and σ but for float32 rounding; a full-size convolution
 * costs a hundred times as much. Multiplying is the matter of the map kernels. Source: Anomalib 0.7
 * `AnomalyMapGenerator` (PaDiM: bilinear; PatchCore: nearest; σ 4, side 2·⌊4σ + ½⌋ + 1, reflect).
 */
import { BlemishError } from "../../errors.js";
import { type BandMatrix, paddedRows } from "../../kernels/map-kernels.js";

/**
 * How samples are enlarged. `bilinear`: half-pixel centres, edges repeated, as torch's `interpolate(mode="bilinear",
 * align_corners=False)`; `nearest`: each repeated, source = ⌊target · from / to⌋, as torch's `interpolate(mode="nearest")`.
 */
export type Upsampling = "bilinear" | "nearest";

/** The part of a line of samples that the output covers, in samples; fractions are places between two edges. */
export interface SampleWindow {
  readonly start: number;
  readonly span: number;
}

/**
 * The matrix that enlarges `from` samples to `to` and blurs them with a Gaussian. Computed in float64, kept in float32.
 * @param sigma in output samples; 0 = no blur.
 * @param window what the output covers. Default: all of the samples.
 * @throws OPTION_VALUE when the output is not longer than half the blur's side.
 */
export function smoothingMatrix(
  from: number,
  to: number,
  sigma: number,
  upsampling: Upsampling = "bilinear",
  window: SampleWindow = { start: 0, span: from },
): BandMatrix {
  const radius = sigma > 0 ? Math.floor(4 * sigma + 0.5) : 0;
  if (radius >= to) throw tooSmall(to, radius);
  const kernel = gaussian(sigma, radius);
  const add = upsampling === "nearest" ? addNearest : addBilinear;
  const rows = Array.from({ length: to }, (_, row) => {
    const weights = new Float64Array(from);
    for (let k = -radius; k <= radius; k++)
      add(weights, reflect(row + k, to), to, window, kernel[k + radius]);
    return weights;
  });
  return toBands(rows, from, to);
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

function addNearest(
  weights: Float64Array,
  target: number,
  to: number,
  { start, span }: SampleWindow,
  weight: number,
): void {
  weights[Math.min(Math.floor(start + (target * span) / to), weights.length - 1)] += weight;
}

function addBilinear(
  weights: Float64Array,
  target: number,
  to: number,
  { start, span }: SampleWindow,
  weight: number,
): void {
  const position = Math.max(start + (target + 0.5) * (span / to) - 0.5, 0);
  const left = Math.min(Math.floor(position), weights.length - 1);
  const right = Math.min(left + 1, weights.length - 1);
  weights[left] += weight * (1 - (position - left));
  weights[right] += weight * (position - left);
}

function toBands(rows: readonly Float64Array[], from: number, to: number): BandMatrix {
  const groups = paddedRows(to) / 4;
  const runs = Array.from({ length: groups }, (_, group) => runOf(rows.slice(4 * group, 4 * group + 4)));
  const band = Math.max(...runs.map(({ start, end }) => end - start));
  const first = Int32Array.from(runs, ({ start }) => Math.min(start, from - band));
  const weights = new Float32Array(groups * band * 4);
  rows.forEach((row, index) => {
    const group = index >> 2;
    for (let k = 0; k < band; k++) weights[(group * band + k) * 4 + (index & 3)] = row[first[group] + k];
  });
  return { from, to, first, band, weights };
}

/** The columns in which any of the rows holds something. */
function runOf(rows: readonly Float64Array[]): { start: number; end: number } {
  if (rows.length === 0) return { start: 0, end: 0 };
  return {
    start: Math.min(...rows.map((row) => row.findIndex((value) => value !== 0))),
    end: Math.max(...rows.map((row) => row.findLastIndex((value) => value !== 0) + 1)),
  };
}

function tooSmall(to: number, radius: number): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The size of the anomaly map",
    expected: `more than ${radius} pixels on each side, so that the blur fits`,
    found: `${to}`,
  });
}
