/** A memory bank's kernels in plain TypeScript: slow, obvious, and the reference for the compiled ones. */
import { type Bank, largestWhole, type NeighbourKernels, POINT_BLOCK } from "./memory-bank.js";

const { fround } = Math;

/** Adding and subtracting it rounds to whole numbers, ties to even. */
const ROUND = 12_582_912;

/** Kernels that need nothing but the language. */
export const plainNeighbourKernels: NeighbourKernels = {
  nearest(bank, patches, cells, k, out, { from, to } = { from: 0, to: cells }) {
    const patch = new Float32Array(bank.channels);
    for (let cell = from; cell < to; cell++) {
      for (let d = 0; d < patch.length; d++) patch[d] = patches[d * cells + cell];
      const found = ranked(measures(bank, patch), k, -1);
      const distances = found.map((row) => (row < 0 ? Number.POSITIVE_INFINITY : squared(bank, patch, row)));
      ranked(distances, k, 0).forEach((place, n) => {
        out.index[n * cells + cell] = found[place];
        out.squared[n * cells + cell] = distances[place];
      });
    }
  },

  shorten({ count, channels, data }, centre, distances) {
    let farthest = -1;
    let found = 0;
    for (let i = 0; i < Math.ceil(count / POINT_BLOCK) * POINT_BLOCK; i++) {
      const base = (i - (i % POINT_BLOCK)) * channels + (i % POINT_BLOCK);
      let sum = 0;
      for (let d = 0; d < channels; d++) {
        const x = fround(data[base + d * POINT_BLOCK] - centre[d]);
        sum = fround(sum + fround(x * x));
      }
      distances[i] = Math.min(distances[i], sum);
      if (distances[i] <= farthest) continue;
      farthest = distances[i];
      found = i;
    }
    return found;
  },
};

/** Places of the k smallest values, in order; of equal ones the first; `missing` where there are fewer numbers. */
function ranked(values: ArrayLike<number>, k: number, missing: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] < Number.POSITIVE_INFINITY) && missing < 0) continue;
    let at = places.length;
    while (at > 0 && values[i] < values[places[at - 1]]) at--;
    if (at < k) places.splice(at, 0, i);
    if (places.length > k) places.pop();
  }
  while (places.length < k) places.push(missing);
  return places;
}

/** |b|² − 2·p·b for every row. */
function measures({ rows, channels, data, scale, norms }: Bank, patch: Float32Array): Float32Array {
  const out = new Float32Array(rows);
  const whole = scale === null ? null : quantised(patch);
  for (let row = 0; row < rows; row++) {
    let twice = 0;
    if (whole === null || scale === null) {
      for (let d = 0; d < channels; d++) twice = fround(twice + fround(patch[d] * data[row * channels + d]));
      twice = fround(2 * twice);
    } else {
      for (let d = 0; d < channels; d++) twice += whole.values[d] * data[row * channels + d];
      twice = fround(fround(twice) * fround(fround(2 * whole.scale) * scale[row]));
    }
    out[row] = norms[row] - twice;
  }
  return out;
}

/** A patch in whole numbers: value = whole number · scale. */
function quantised(patch: Float32Array): { readonly values: Int32Array; readonly scale: number } {
  const most = largestWhole(patch.length);
  const highest = patch.reduce((sofar, value) => Math.max(sofar, Math.abs(value)), 0);
  const inverse = highest > 0 ? fround(most / highest) : 0;
  const values = Int32Array.from(patch, (value) => fround(fround(fround(value * inverse) + ROUND) - ROUND));
  return { values, scale: fround(highest / most) };
}

/** Σ (p − b)². */
function squared({ channels, data, scale }: Bank, patch: Float32Array, row: number): number {
  let sum = 0;
  for (let d = 0; d < channels; d++) {
    const entry = data[row * channels + d];
    const x = fround(patch[d] - (scale === null ? entry : fround(entry * scale[row])));
    sum = fround(sum + fround(x * x));
  }
  return sum;
}
