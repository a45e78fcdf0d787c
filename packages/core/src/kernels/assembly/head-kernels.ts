// Distances from packed Gaussians (`packed-factors.ts`) in AssemblyScript with SIMD, eight cells at once. Operations and
// their order are those of `plain-head-kernels.ts`, so the bytes are equal. All pointers are byte offsets.
//
// Factors are read from memory once for each picture, which takes as long as the arithmetic: each stretch of them is
// touched line by line before it is worked on, so that many reads are under way at once.

/** Bytes of one row of float32: eight cells. */
const ROW: usize = 32;
/** Bytes of factors that are touched at a time. */
const STRETCH: usize = 32768;

/** Parts of the scratch, see `scratchBytes` of the host: deltas, pairs of integers, results of a block cut short. */
// @ts-ignore: decorator
@inline
function pairsOf(scratch: usize, groups: usize): usize {
  return scratch + groups * 4 * ROW;
}

// @ts-ignore: decorator
@inline
function spareOf(scratch: usize, groups: usize): usize {
  return scratch + groups * 6 * ROW;
}

/** Reads one word of each cache line from `from` on, at most a stretch; gives where it ended. */
// @ts-ignore: decorator
@inline
function touch(from: usize, end: usize, sink: usize): usize {
  const to = end - from > STRETCH ? from + STRETCH : end;
  let sum: i32 = 0;
  for (let at = from; at < to; at += 64) sum ^= load<i32>(at);
  store<i32>(sink, sum);
  return to;
}

/** delta = embedding − mean for one block; where cells are missing the embedding counts as 0. */
function centre(
  embedding: usize,
  cells: usize,
  first: usize,
  mean: usize,
  channels: usize,
  groups: usize,
  delta: usize,
): void {
  let stride = cells * 4;
  let from = embedding + first * 4;
  if (cells - first < 8) {
    const count = cells - first;
    for (let d: usize = 0; d < channels; d++)
      for (let cell: usize = 0; cell < 8; cell++)
        store<f32>(delta + d * ROW + cell * 4, cell < count ? load<f32>(from + d * stride + cell * 4) : 0);
    from = delta;
    stride = ROW;
  }
  const end = delta + channels * ROW;
  let to = delta;
  for (; to < end; to += ROW, from += stride, mean += ROW) {
    v128.store(to, f32x4.sub(v128.load(from), v128.load(mean)));
    v128.store(to, f32x4.sub(v128.load(from, 16), v128.load(mean, 16)), 16);
  }
  const zero = f32x4.splat(0);
  for (const last = delta + groups * 4 * ROW; to < last; to += ROW) {
    v128.store(to, zero);
    v128.store(to, zero, 16);
  }
}

/** Passes on as many of a block's results as there are cells. */
// @ts-ignore: decorator
@inline
function finish(low: v128, high: v128, cells: usize, first: usize, spare: usize, out: usize): void {
  const count = cells - first;
  const to = out + first * 4;
  const target = count < 8 ? spare : to;
  v128.store(target, low);
  v128.store(target, high, 16);
  if (count < 8) for (let cell: usize = 0; cell < count; cell++) store<f32>(to + cell * 4, load<f32>(spare + cell * 4));
}

export function distancesFloat32(
  factor: usize,
  mean: usize,
  embedding: usize,
  cells: usize,
  channels: usize,
  scratch: usize,
  out: usize,
): void {
  const groups = (channels + 3) / 4;
  const spare = spareOf(scratch, groups);
  const end = factor + ((cells + 7) / 8) * 8 * groups * (groups + 1) * ROW;
  let touched = factor;
  for (let first: usize = 0; first < cells; first += 8, mean += channels * ROW) {
    centre(embedding, cells, first, mean, channels, groups, scratch);
    let low = f32x4.splat(0);
    let high = low;
    for (let group: usize = 0; group < groups; group++) {
      if (factor >= touched) touched = touch(factor, end, spare);
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      const columns = scratch + (group + 1) * 4 * ROW;
      for (let x = scratch; x < columns; x += ROW, factor += 4 * ROW) {
        const x0 = v128.load(x);
        const x1 = v128.load(x, 16);
        a0 = f32x4.add(a0, f32x4.mul(v128.load(factor), x0));
        a1 = f32x4.add(a1, f32x4.mul(v128.load(factor, 16), x1));
        b0 = f32x4.add(b0, f32x4.mul(v128.load(factor, 32), x0));
        b1 = f32x4.add(b1, f32x4.mul(v128.load(factor, 48), x1));
        c0 = f32x4.add(c0, f32x4.mul(v128.load(factor, 64), x0));
        c1 = f32x4.add(c1, f32x4.mul(v128.load(factor, 80), x1));
        d0 = f32x4.add(d0, f32x4.mul(v128.load(factor, 96), x0));
        d1 = f32x4.add(d1, f32x4.mul(v128.load(factor, 112), x1));
      }
      low = addSquares(low, a0, b0, c0, d0);
      high = addSquares(high, a1, b1, c1, d1);
    }
    finish(low, high, cells, first, spare, out);
  }
}

// @ts-ignore: decorator
@inline
function addSquares(sum: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  sum = f32x4.add(sum, f32x4.mul(a, a));
  sum = f32x4.add(sum, f32x4.mul(b, b));
  sum = f32x4.add(sum, f32x4.mul(c, c));
  return f32x4.add(sum, f32x4.mul(d, d));
}

/** delta · scale for one block, in place; gives the largest magnitude of each cell, low half and high half. */
// @ts-ignore: decorator
@inline
function weigh(delta: usize, scale: usize, channels: usize, largest: usize): void {
  let m0 = f32x4.splat(1e-30);
  let m1 = m0;
  for (let d: usize = 0; d < channels; d++, delta += ROW, scale += ROW) {
    const x0 = f32x4.mul(v128.load(delta), v128.load(scale));
    const x1 = f32x4.mul(v128.load(delta, 16), v128.load(scale, 16));
    m0 = f32x4.max(m0, f32x4.abs(x0));
    m1 = f32x4.max(m1, f32x4.abs(x1));
    v128.store(delta, x0);
    v128.store(delta, x1, 16);
  }
  v128.store(largest, m0);
  v128.store(largest, m1, 16);
}

// @ts-ignore: decorator
@inline
function rounded(x: v128, steps: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(f32x4.mul(x, steps), f32x4.splat(0.5))));
}

/** Two rows of deltas become one of 16-bit pairs. */
// @ts-ignore: decorator
@inline
function roundPairs(delta: usize, groups: usize, steps0: v128, steps1: v128, pairs: usize): void {
  const mask = i32x4.splat(0xffff);
  for (const end = delta + groups * 4 * ROW; delta < end; delta += 2 * ROW, pairs += ROW) {
    const even0 = rounded(v128.load(delta), steps0);
    const even1 = rounded(v128.load(delta, 16), steps1);
    const odd0 = rounded(v128.load(delta, 32), steps0);
    const odd1 = rounded(v128.load(delta, 48), steps1);
    v128.store(pairs, v128.or(v128.and(even0, mask), i32x4.shl(odd0, 16)));
    v128.store(pairs, v128.or(v128.and(even1, mask), i32x4.shl(odd1, 16)), 16);
  }
}

// @ts-ignore: decorator
@inline
function dot(factor: v128, x: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(factor, x));
}

// @ts-ignore: decorator
@inline
function scaled(sum: v128, unit: v128): v128 {
  return f32x4.mul(f32x4.mul(sum, unit), unit);
}

export function distancesInt16(
  factor: usize,
  mean: usize,
  scale: usize,
  embedding: usize,
  cells: usize,
  channels: usize,
  scratch: usize,
  out: usize,
): void {
  const groups = (channels + 3) / 4;
  const pairs = pairsOf(scratch, groups);
  const spare = spareOf(scratch, groups);
  const levels = f32x4.splat(32767);
  const end = factor + ((cells + 7) / 8) * 4 * groups * (groups + 1) * ROW;
  let touched = factor;
  for (let first: usize = 0; first < cells; first += 8, mean += channels * ROW, scale += groups * 4 * ROW) {
    centre(embedding, cells, first, mean, channels, groups, scratch);
    weigh(scratch, scale, channels, spare);
    const unit0 = f32x4.div(v128.load(spare), levels);
    const unit1 = f32x4.div(v128.load(spare, 16), levels);
    roundPairs(scratch, groups, f32x4.div(levels, v128.load(spare)), f32x4.div(levels, v128.load(spare, 16)), pairs);
    let low = f32x4.splat(0);
    let high = low;
    for (let group: usize = 0; group < groups; group++) {
      if (factor >= touched) touched = touch(factor, end, spare);
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      const columns = pairs + (group + 1) * 2 * ROW;
      for (let x = pairs; x < columns; x += ROW, factor += 4 * ROW) {
        const x0 = v128.load(x);
        const x1 = v128.load(x, 16);
        a0 = f32x4.add(a0, dot(v128.load(factor), x0));
        a1 = f32x4.add(a1, dot(v128.load(factor, 16), x1));
        b0 = f32x4.add(b0, dot(v128.load(factor, 32), x0));
        b1 = f32x4.add(b1, dot(v128.load(factor, 48), x1));
        c0 = f32x4.add(c0, dot(v128.load(factor, 64), x0));
        c1 = f32x4.add(c1, dot(v128.load(factor, 80), x1));
        d0 = f32x4.add(d0, dot(v128.load(factor, 96), x0));
        d1 = f32x4.add(d1, dot(v128.load(factor, 112), x1));
      }
      low = addSquares(low, a0, b0, c0, d0);
      high = addSquares(high, a1, b1, c1, d1);
    }
    finish(scaled(low, unit0), scaled(high, unit1), cells, first, spare, out);
  }
}

// @ts-ignore: decorator
@inline
function addDot(sum: v128, factor: v128, x: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(factor, x));
}

// @ts-ignore: decorator
@inline
function float(a: v128): v128 {
  return f32x4.convert_i32x4_s(a);
}

export function distancesInt8(
  factor: usize,
  mean: usize,
  scale: usize,
  embedding: usize,
  cells: usize,
  channels: usize,
  scratch: usize,
  out: usize,
): void {
  const groups = (channels + 3) / 4;
  const pairs = pairsOf(scratch, groups);
  const spare = spareOf(scratch, groups);
  // So that a row's sum fits 32 bits.
  const most: usize = <usize>4194304 / groups;
  const levels = f32x4.splat(most < 32767 ? <f32>most : <f32>32767);
  const end = factor + ((cells + 7) / 8) * 2 * groups * (groups + 1) * ROW;
  let touched = factor;
  for (let first: usize = 0; first < cells; first += 8, mean += channels * ROW, scale += groups * 4 * ROW) {
    centre(embedding, cells, first, mean, channels, groups, scratch);
    weigh(scratch, scale, channels, spare);
    const unit0 = f32x4.div(v128.load(spare), levels);
    const unit1 = f32x4.div(v128.load(spare, 16), levels);
    roundPairs(scratch, groups, f32x4.div(levels, v128.load(spare)), f32x4.div(levels, v128.load(spare, 16)), pairs);
    let low = f32x4.splat(0);
    let high = low;
    for (let group: usize = 0; group < groups; group++) {
      if (factor >= touched) touched = touch(factor, end, spare);
      let a0 = i32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      const columns = pairs + (group + 1) * 2 * ROW;
      for (let x = pairs; x < columns; x += ROW, factor += 2 * ROW) {
        const x0 = v128.load(x);
        const x1 = v128.load(x, 16);
        a0 = addDot(a0, v128.load8x8_s(factor), x0);
        a1 = addDot(a1, v128.load8x8_s(factor, 8), x1);
        b0 = addDot(b0, v128.load8x8_s(factor, 16), x0);
        b1 = addDot(b1, v128.load8x8_s(factor, 24), x1);
        c0 = addDot(c0, v128.load8x8_s(factor, 32), x0);
        c1 = addDot(c1, v128.load8x8_s(factor, 40), x1);
        d0 = addDot(d0, v128.load8x8_s(factor, 48), x0);
        d1 = addDot(d1, v128.load8x8_s(factor, 56), x1);
      }
      low = addSquares(low, float(a0), float(b0), float(c0), float(d0));
      high = addSquares(high, float(a1), float(b1), float(c1), float(d1));
    }
    finish(scaled(low, unit0), scaled(high, unit1), cells, first, spare, out);
  }
}

/** Eight packed lower triangles, one in each lane: A becomes L with L·Lᵀ = A. Gives the first bad lane, or -1. */
export function factorise(a: usize, channels: usize): i32 {
  let rowI = a;
  for (let i: usize = 0; i < channels; i++) {
    let rowJ = a;
    for (let j: usize = 0; j <= i; j++) {
      const target = rowI + j * 64;
      let s0 = v128.load(target);
      let s1 = v128.load(target, 16);
      let s2 = v128.load(target, 32);
      let s3 = v128.load(target, 48);
      let y = rowJ;
      for (let x = rowI; x < target; x += 64, y += 64) {
        s0 = f64x2.sub(s0, f64x2.mul(v128.load(x), v128.load(y)));
        s1 = f64x2.sub(s1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
        s2 = f64x2.sub(s2, f64x2.mul(v128.load(x, 32), v128.load(y, 32)));
        s3 = f64x2.sub(s3, f64x2.mul(v128.load(x, 48), v128.load(y, 48)));
      }
      if (i == j) {
        v128.store(target, s0);
        v128.store(target, s1, 16);
        v128.store(target, s2, 32);
        v128.store(target, s3, 48);
        for (let lane: usize = 0; lane < 8; lane++) if (!(load<f64>(target + lane * 8) > 0)) return i32(lane);
        v128.store(target, f64x2.sqrt(s0));
        v128.store(target, f64x2.sqrt(s1), 16);
        v128.store(target, f64x2.sqrt(s2), 32);
        v128.store(target, f64x2.sqrt(s3), 48);
      } else {
        // y stands at the pivot of row j.
        v128.store(target, f64x2.div(s0, v128.load(y)));
        v128.store(target, f64x2.div(s1, v128.load(y, 16)), 16);
        v128.store(target, f64x2.div(s2, v128.load(y, 32)), 32);
        v128.store(target, f64x2.div(s3, v128.load(y, 48)), 48);
      }
      rowJ += (j + 1) * 64;
    }
    rowI += (i + 1) * 64;
  }
  return -1;
}
