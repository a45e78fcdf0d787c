/** The kernels in plain TypeScript: slow, obvious, and the reference for the compiled ones. */
import { type Kernels, LANES, type PictureBlock } from "./kernels.js";

/** Kernels that need nothing but the language. */
export function plainKernels(): Kernels {
  return {
    float64: (length) => new Float64Array(length),
    float32: (length) => new Float32Array(length),
    allFinite: (values) => values.every(Number.isFinite),
    addPictures,
    centreScatter,
    whiten(matrices, channels, divisors, ridges) {
      const rows = element(channels, 0);
      let failed = -1;
      for (let first = 0; first < divisors.length; first += LANES) {
        const tile = tileAt(matrices, first, rows);
        const scales = { divisors: divisors.subarray(first), ridges: ridges.subarray(first) };
        const lane = whitenTile(tile, channels, scales);
        if (lane >= 0 && failed < 0) failed = first + lane;
      }
      return failed;
    },
    squaredDistances: (block, mean, factors, out) =>
      productsOfPairs(block, mean, factors, out, (p, q) => p === q),
    innerProducts: (block, mean, factors, out) => productsOfPairs(block, mean, factors, out, () => true),
  };
}

/** The part of a tiled array that belongs to the tile whose first cell is `first`; `rows` = numbers of a tile. */
function tileAt(tiled: Float64Array, first: number, rows: number): Float64Array {
  return tiled.subarray((first / LANES) * rows, (first / LANES + 1) * rows);
}

/** Differences of a tile from a centre, `[pictures, D, LANES]`. */
function centred(
  { block, picture, stride, channels, pictures }: PictureBlock,
  first: number,
  centre: Float64Array,
): Float64Array {
  const delta = new Float64Array(pictures * channels * LANES);
  const middle = tileAt(centre, first, channels * LANES);
  for (let b = 0, at = 0; b < pictures; b++) {
    for (let d = 0; d < channels; d++) {
      const from = b * picture + d * stride + first;
      for (let lane = 0; lane < LANES; lane++) delta[at++] = block[from + lane] - middle[d * LANES + lane];
    }
  }
  return delta;
}

function addPictures(
  block: PictureBlock,
  pilot: Float64Array,
  sum: Float64Array,
  scatter: Float64Array,
): void {
  const { channels, pictures, stride } = block;
  for (let first = 0; first < stride; first += LANES) {
    const delta = centred(block, first, pilot);
    const sums = tileAt(sum, first, channels * LANES);
    const products = tileAt(scatter, first, element(channels, 0));
    for (let b = 0; b < pictures; b++) {
      const picture = delta.subarray(b * channels * LANES, (b + 1) * channels * LANES);
      for (let i = 0; i < picture.length; i++) sums[i] += picture[i];
      for (let i = 0, at = 0; i < channels; i++)
        for (let j = 0; j <= i; j++)
          for (let lane = 0; lane < LANES; lane++, at++)
            products[at] += picture[i * LANES + lane] * picture[j * LANES + lane];
    }
  }
}

function centreScatter(
  sum: Float64Array,
  scatter: Float64Array,
  channels: number,
  count: number,
  out: Float64Array,
): void {
  for (let base = 0, at = 0; base < sum.length; base += channels * LANES)
    for (let i = 0; i < channels; i++)
      for (let j = 0; j <= i; j++)
        for (let lane = base; lane < base + LANES; lane++, at++)
          out[at] = scatter[at] - (sum[i * LANES + lane] / count) * sum[j * LANES + lane];
}

/** Index of element (i, j ≤ i) of lane 0. */
const element = (i: number, j: number): number => ((i * (i + 1)) / 2 + j) * LANES;

function whitenTile(
  matrices: Float64Array,
  channels: number,
  { divisors, ridges }: { readonly divisors: Float64Array; readonly ridges: Float64Array },
): number {
  for (let lane = 0; lane < LANES; lane++) {
    for (let at = lane; at < element(channels, 0); at += LANES) matrices[at] /= divisors[lane];
    for (let i = 0; i < channels; i++) matrices[element(i, i) + lane] += ridges[lane];
    if (!factorise(matrices, channels, lane)) return lane;
    invert(matrices, channels, lane);
  }
  return -1;
}

/** A → L with L·Lᵀ = A, in place; false when a pivot is not positive. */
function factorise(a: Float64Array, channels: number, lane: number): boolean {
  for (let i = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[element(i, j) + lane];
      for (let k = 0; k < j; k++) sum -= a[element(i, k) + lane] * a[element(j, k) + lane];
      if (i !== j) a[element(i, j) + lane] = sum / a[element(j, j) + lane];
      else if (sum > 0) a[element(i, i) + lane] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** L → L⁻¹ in place, column by column: the entries of L still needed stand to the right of the column. */
function invert(l: Float64Array, channels: number, lane: number): void {
  for (let i = 0; i < channels; i++) {
    const pivot = 1 / l[element(i, i) + lane];
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= l[element(i, k) + lane] * l[element(k, j) + lane];
      l[element(i, j) + lane] = sum * pivot;
    }
    l[element(i, i) + lane] = pivot;
  }
}

/** Inner products of whitened pictures, those pairs p ≥ q that are wanted, one after the other. */
function productsOfPairs(
  block: PictureBlock,
  mean: Float64Array,
  factors: Float64Array,
  out: Float64Array,
  wanted: (p: number, q: number) => boolean,
): void {
  const { channels, pictures, stride } = block;
  const each = channels * LANES;
  for (let first = 0, at = 0; first < stride; first += LANES) {
    const vectors = whitened(
      centred(block, first, mean),
      tileAt(factors, first, element(channels, 0)),
      channels,
    );
    for (let p = 0; p < pictures; p++)
      for (let q = 0; q <= p; q++) {
        if (!wanted(p, q)) continue;
        const [left, right] = [vectors.subarray(p * each), vectors.subarray(q * each)];
        for (let lane = 0; lane < LANES; lane++) out[at++] = product(left, right, lane, each);
      }
  }
}

/** W·δ of a tile, `[pictures, D, LANES]`. */
function whitened(delta: Float64Array, factors: Float64Array, channels: number): Float64Array {
  const out = new Float64Array(delta.length);
  for (let picture = 0; picture < delta.length; picture += channels * LANES)
    for (let i = 0; i < channels; i++)
      for (let j = 0; j <= i; j++)
        for (let lane = 0; lane < LANES; lane++)
          out[picture + i * LANES + lane] +=
            factors[element(i, j) + lane] * delta[picture + j * LANES + lane];
  return out;
}

function product(left: Float64Array, right: Float64Array, lane: number, end: number): number {
  let sum = 0;
  for (let at = lane; at < end; at += LANES) sum += left[at] * right[at];
  return sum;
}
