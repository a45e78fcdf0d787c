// Distances from packed Gaussians of integers; see `head-kernels.ts`, also for the arguments.

import { addSquare, addSquares, centre, finish, orderPairs, orderWhole, orderedOf, ROW, spareOf, touch } from "./head-parts";

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

/** Rounds rows of deltas in place. */
// @ts-ignore: decorator
@inline
function roundWhole(delta: usize, channels: usize, steps0: v128, steps1: v128): void {
  for (const end = delta + channels * ROW; delta < end; delta += ROW) {
    v128.store(delta, rounded(v128.load(delta), steps0));
    v128.store(delta, rounded(v128.load(delta, 16), steps1), 16);
  }
}

/**
 * A block's deltas become integers in its order: pairs for the triangle, whole numbers for the channels behind it.
 * What a step is worth goes to the spare part of the scratch.
 */
function prepare(
  linked: usize,
  order: usize,
  mean: usize,
  scale: usize,
  embedding: usize,
  cells: usize,
  first: usize,
  channels: usize,
  most: f32,
  scratch: usize,
): void {
  const groups = (channels + 3) / 4;
  const ordered = orderedOf(scratch, groups);
  const spare = spareOf(scratch, groups);
  const levels = f32x4.splat(most);
  centre(embedding, cells, first, mean, channels, groups, scratch);
  weigh(scratch, scale, channels, spare);
  const largest0 = v128.load(spare);
  const largest1 = v128.load(spare, 16);
  v128.store(spare, f32x4.div(largest0, levels));
  v128.store(spare, f32x4.div(largest1, levels), 16);
  const steps0 = f32x4.div(levels, largest0);
  const steps1 = f32x4.div(levels, largest1);
  if (linked == groups) {
    roundPairs(scratch, groups, steps0, steps1, ordered);
  } else {
    roundWhole(scratch, channels, steps0, steps1);
    orderPairs(scratch, order, linked, ordered);
    orderWhole(scratch, order, linked * 4, channels, ordered);
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

// @ts-ignore: decorator
@inline
function float(a: v128): v128 {
  return f32x4.convert_i32x4_s(a);
}

export function distancesInt16(
  factor: usize,
  end: usize,
  linkedGroups: usize,
  order: usize,
  mean: usize,
  scale: usize,
  embedding: usize,
  cells: usize,
  channels: usize,
  scratch: usize,
  out: usize,
  from: usize,
  to: usize,
): void {
  const groups = (channels + 3) / 4;
  const ordered = orderedOf(scratch, groups);
  const spare = spareOf(scratch, groups);
  let touched = factor;
  for (let first = from * 8; first < to * 8; first += 8, linkedGroups += 2) {
    const linked = <usize>load<u16>(linkedGroups);
    prepare(linked, order, mean, scale, embedding, cells, first, channels, 32767, scratch);
    if (linked < groups) order += channels * 16;
    mean += channels * ROW;
    scale += groups * 4 * ROW;
    const unit0 = v128.load(spare);
    const unit1 = v128.load(spare, 16);
    let low = f32x4.splat(0);
    let high = low;
    for (let group: usize = 0; group < linked; group++) {
      if (factor >= touched) touched = touch(factor, end, spare);
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      const columns = ordered + (group + 1) * 2 * ROW;
      for (let x = ordered; x < columns; x += ROW, factor += 4 * ROW) {
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
    const last = ordered + channels * ROW;
    for (let x = ordered + linked * 4 * ROW; x < last; x += ROW, factor += 16) {
      low = addSquare(low, float(i32x4.mul(v128.load16x4_s(factor), v128.load(x))));
      high = addSquare(high, float(i32x4.mul(v128.load16x4_s(factor, 8), v128.load(x, 16))));
    }
    finish(scaled(low, unit0), scaled(high, unit1), cells, first, spare, out);
  }
}

// @ts-ignore: decorator
@inline
function addDot(sum: v128, factor: v128, x: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(factor, x));
}

export function distancesInt8(
  factor: usize,
  end: usize,
  linkedGroups: usize,
  order: usize,
  mean: usize,
  scale: usize,
  embedding: usize,
  cells: usize,
  channels: usize,
  scratch: usize,
  out: usize,
  from: usize,
  to: usize,
): void {
  const groups = (channels + 3) / 4;
  const ordered = orderedOf(scratch, groups);
  const spare = spareOf(scratch, groups);
  // So that a row's sum fits 32 bits.
  const levels: usize = <usize>4194304 / groups;
  const most = levels < 32767 ? <f32>levels : <f32>32767;
  let touched = factor;
  for (let first = from * 8; first < to * 8; first += 8, linkedGroups += 2) {
    const linked = <usize>load<u16>(linkedGroups);
    prepare(linked, order, mean, scale, embedding, cells, first, channels, most, scratch);
    if (linked < groups) order += channels * 16;
    mean += channels * ROW;
    scale += groups * 4 * ROW;
    const unit0 = v128.load(spare);
    const unit1 = v128.load(spare, 16);
    let low = f32x4.splat(0);
    let high = low;
    for (let group: usize = 0; group < linked; group++) {
      if (factor >= touched) touched = touch(factor, end, spare);
      let a0 = i32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      const columns = ordered + (group + 1) * 2 * ROW;
      for (let x = ordered; x < columns; x += ROW, factor += 2 * ROW) {
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
    const last = ordered + channels * ROW;
    for (let x = ordered + linked * 4 * ROW; x < last; x += ROW, factor += 8) {
      const entries = v128.load8x8_s(factor);
      low = addSquare(low, float(i32x4.mul(i32x4.extend_low_i16x8_s(entries), v128.load(x))));
      high = addSquare(high, float(i32x4.mul(i32x4.extend_high_i16x8_s(entries), v128.load(x, 16))));
    }
    finish(scaled(low, unit0), scaled(high, unit1), cells, first, spare, out);
  }
}
