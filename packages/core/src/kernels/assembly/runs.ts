// Weighted sums of runs of pixels, part of the pixel kernels: the inner loops of `wasm-runs.ts`. Operations and their order
// are those of `plain-runs.ts`, but for whole numbers, whose order changes nothing.

/** Rounds 22 fraction bits away: half of one, and how far to shift. */
const HALF: i32 = 1 << 21;
const WEIGHT_BITS: i32 = 22;
/** A weight is cut in two, high · 2^11 + low, because a product of 16-bit lanes takes no more. */
const LOW_BITS: i32 = 11;

// @ts-ignore: decorator
@inline
function joinHalves(low: v128, high: v128): v128 {
  return i32x4.shr_s(i32x4.add(low, i32x4.shl(high, LOW_BITS)), WEIGHT_BITS);
}

/**
 * Samples of two pixels side by side as 16-bit lanes: four pairs. A swizzle with a constant is one instruction, where a
 * shuffle with zeros takes three.
 */
// @ts-ignore: decorator
@inline
function pixelPair(at: usize, channels: usize, rgb: bool): v128 {
  if (rgb)
    return v128.swizzle(v128.load64_zero(at), i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
  const both = v128.load_lane<u32>(at + channels, v128.load_zero<u32>(at), 1);
  return v128.swizzle(both, i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1));
}

// @ts-ignore: decorator
@inline
function storePixel(out: usize, low: v128, high: v128): void {
  const sum = joinHalves(low, high);
  const narrow = i16x8.narrow_i32x4_s(sum, sum);
  v128.store_lane<u32>(out, i8x16.narrow_i16x8_u(narrow, narrow), 0);
}

// @ts-ignore: decorator
@inline
function filterRows(
  source: usize,
  stride: usize,
  taps: usize,
  out: usize,
  other: usize,
  channels: usize,
  pixels: usize,
  rgb: bool,
): void {
  const end = out + pixels * channels;
  for (; out < end; out += channels, other += channels) {
    let at = source + load<u32>(taps);
    const last = taps + 8 + load<u32>(taps, 4) * 8;
    let low0 = i32x4.splat(HALF);
    let low1 = low0;
    let high0 = i32x4.splat(0);
    let high1 = high0;
    for (taps += 8; taps < last; taps += 8) {
      const lowWeights = v128.load_splat<u32>(taps);
      const highWeights = v128.load_splat<u32>(taps, 4);
      const samples0 = pixelPair(at, channels, rgb);
      const samples1 = pixelPair(at + stride, channels, rgb);
      low0 = i32x4.add(low0, i32x4.dot_i16x8_s(samples0, lowWeights));
      high0 = i32x4.add(high0, i32x4.dot_i16x8_s(samples0, highWeights));
      low1 = i32x4.add(low1, i32x4.dot_i16x8_s(samples1, lowWeights));
      high1 = i32x4.add(high1, i32x4.dot_i16x8_s(samples1, highWeights));
      at += 2 * channels;
    }
    storePixel(out, low0, high0);
    storePixel(other, low1, high1);
  }
}

/**
 * Fixed-point weighted sums along two rows, `stride` bytes apart, to `out` and `other`. `taps` is for each pixel: byte
 * offset of the first source pixel, number of pairs of taps, and for each pair the two low halves and the two high
 * halves of the weights, 16 bits each.
 */
export function filterAcross(
  source: usize,
  stride: usize,
  taps: usize,
  out: usize,
  other: usize,
  channels: usize,
  pixels: usize,
): void {
  if (channels === 3) filterRows(source, stride, taps, out, other, 3, pixels, true);
  else filterRows(source, stride, taps, out, other, channels, pixels, false);
}

/**
 * Fixed-point weighted sums of whole rows that lie in a ring of `ring` bytes from `rows`, one row every `stride` bytes,
 * from offset `slot` on. `taps` holds pairs as in `filterAcross`.
 */
export function filterDown(
  rows: usize,
  stride: usize,
  ring: usize,
  slot: usize,
  taps: usize,
  pairs: usize,
  out: usize,
  count: usize,
): void {
  const lastTap = taps + pairs * 8;
  for (let at: usize = 0; at < count; at += 16) {
    let low0 = i32x4.splat(HALF);
    let low1 = low0;
    let low2 = low0;
    let low3 = low0;
    let high0 = i32x4.splat(0);
    let high1 = high0;
    let high2 = high0;
    let high3 = high0;
    let place = slot;
    for (let tap = taps; tap < lastTap; tap += 8) {
      const first = v128.load(rows + place + at);
      place += stride;
      if (place === ring) place = 0;
      const second = v128.load(rows + place + at);
      place += stride;
      if (place === ring) place = 0;
      const lowWeights = v128.load_splat<u32>(tap);
      const highWeights = v128.load_splat<u32>(tap, 4);
      const left = v128.shuffle<u8>(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const right = v128.shuffle<u8>(first, second, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const samples0 = i16x8.extend_low_i8x16_u(left);
      const samples1 = i16x8.extend_high_i8x16_u(left);
      const samples2 = i16x8.extend_low_i8x16_u(right);
      const samples3 = i16x8.extend_high_i8x16_u(right);
      low0 = i32x4.add(low0, i32x4.dot_i16x8_s(samples0, lowWeights));
      high0 = i32x4.add(high0, i32x4.dot_i16x8_s(samples0, highWeights));
      low1 = i32x4.add(low1, i32x4.dot_i16x8_s(samples1, lowWeights));
      high1 = i32x4.add(high1, i32x4.dot_i16x8_s(samples1, highWeights));
      low2 = i32x4.add(low2, i32x4.dot_i16x8_s(samples2, lowWeights));
      high2 = i32x4.add(high2, i32x4.dot_i16x8_s(samples2, highWeights));
      low3 = i32x4.add(low3, i32x4.dot_i16x8_s(samples3, lowWeights));
      high3 = i32x4.add(high3, i32x4.dot_i16x8_s(samples3, highWeights));
    }
    v128.store(
      out + at,
      i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(joinHalves(low0, high0), joinHalves(low1, high1)),
        i16x8.narrow_i32x4_s(joinHalves(low2, high2), joinHalves(low3, high3)),
      ),
    );
  }
}

// @ts-ignore: decorator
@inline
function pixelFloats(at: usize): v128 {
  const spread = i8x16(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1);
  return f32x4.convert_i32x4_s(v128.swizzle(v128.load_zero<u32>(at), spread));
}

/**
 * Float32 weighted sums along two rows as in `filterAcross`, tap after tap. `taps` is for each pixel: byte offset of the
 * first source pixel, number of taps, their weights. Four floats are written for each pixel, those beyond it are
 * overwritten by the next.
 */
export function averageAcross(
  source: usize,
  stride: usize,
  taps: usize,
  out: usize,
  other: usize,
  channels: usize,
  pixels: usize,
): void {
  const end = out + pixels * channels * 4;
  for (; out < end; out += channels * 4, other += channels * 4) {
    let at = source + load<u32>(taps);
    const last = taps + 8 + load<u32>(taps, 4) * 4;
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    for (taps += 8; taps < last; taps += 4) {
      const weight = v128.load_splat<u32>(taps);
      sum0 = f32x4.add(sum0, f32x4.mul(pixelFloats(at), weight));
      sum1 = f32x4.add(sum1, f32x4.mul(pixelFloats(at + stride), weight));
      at += channels;
    }
    v128.store(out, sum0);
    v128.store(other, sum1);
  }
}

// @ts-ignore: decorator
@inline
function finish(sum: v128, scale: v128, shift: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.add(f32x4.mul(sum, scale), shift)));
}

/** Float32 weighted sums of whole rows of floats in a ring as in `filterDown`, times `scale`, plus `shift`, as bytes. */
export function averageDown(
  rows: usize,
  stride: usize,
  ring: usize,
  slot: usize,
  weights: usize,
  taps: usize,
  scale: f32,
  shift: f32,
  out: usize,
  count: usize,
): void {
  const lastWeight = weights + taps * 4;
  const factor = f32x4.splat(scale);
  const offset = f32x4.splat(shift);
  for (let at: usize = 0; at < count; at += 16) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let place = slot;
    for (let tap = weights; tap < lastWeight; tap += 4) {
      const row = rows + place + at * 4;
      const weight = v128.load_splat<u32>(tap);
      sum0 = f32x4.add(sum0, f32x4.mul(v128.load(row), weight));
      sum1 = f32x4.add(sum1, f32x4.mul(v128.load(row, 16), weight));
      sum2 = f32x4.add(sum2, f32x4.mul(v128.load(row, 32), weight));
      sum3 = f32x4.add(sum3, f32x4.mul(v128.load(row, 48), weight));
      place += stride;
      if (place === ring) place = 0;
    }
    v128.store(
      out + at,
      i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(finish(sum0, factor, offset), finish(sum1, factor, offset)),
        i16x8.narrow_i32x4_s(finish(sum2, factor, offset), finish(sum3, factor, offset)),
      ),
    );
  }
}
