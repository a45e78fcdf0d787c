// How much the channels that are still to come can add to the product of a patch and a row: no more than the product of
// the lengths of their parts behind that channel (Cauchy and Schwarz). A comparison that is on its way can stop there when
// even that would not make the row near enough. Nothing that is found depends on it: the bounds are rounded up, by more
// than all roundings of the comparison together, and rounding keeps the order of numbers. Where a set of good parts is
// compared with itself, two of three channels are saved; where all rows are equally far, nothing is, and a tenth is lost.

import { PANEL, panels } from "./panels";

/** Times that a comparison is looked at on its way. */
export const CHECKS: usize = 2;

/** After how many steps, channels or pairs of them, check n of a comparison takes place. A multiple of four. */
// @ts-ignore: decorator
@inline
export function checkAt(steps: usize, n: usize): usize {
  return (n == 0 ? steps / 5 : steps / 2) & ~3;
}

/** Roundings of a sum of so many products, relative to the product of the whole lengths, fourfold. */
// @ts-ignore: decorator
@inline
function slack(channels: usize): f32 {
  return f32(channels) * 2.384185791015625e-7;
}

// @ts-ignore: decorator
@inline
function bounds(rest: v128, whole: v128, channels: usize): v128 {
  // 1e-32 stands for squares of numbers that are so small that they vanished.
  const wide = f32x4.add(f32x4.add(rest, f32x4.splat(1e-32)), f32x4.mul(whole, f32x4.splat(slack(channels))));
  return f32x4.mul(f32x4.sqrt(wide), f32x4.splat(1 + slack(channels)));
}

/** Bounds of the patches in panels of float32, `[CHECKS][panels][8]`. */
export function panelTailsFloat32(packed: usize, channels: usize, cells: usize, out: usize): void {
  panelTails<f32>(packed, channels, channels, cells, out);
}

/** Bounds of the patches in panels of int16, `[CHECKS][panels][8]`, in their whole numbers. */
export function panelTailsInt16(packed: usize, channels: usize, cells: usize, out: usize): void {
  panelTails<i16>(packed, (channels + 1) / 2, channels, cells, out);
}

/** @param steps of a panel: channels, or pairs of them. */
// @ts-ignore: decorator
@inline
function panelTails<T>(packed: usize, steps: usize, channels: usize, cells: usize, out: usize): void {
  const next = panels(cells) * PANEL;
  for (let panel: usize = 0; panel < panels(cells); panel++, out += PANEL) {
    for (let half: usize = 0; half < PANEL; half += 16) {
      const from = packed + panel * steps * PANEL + half;
      const first = from + checkAt(steps, 0) * PANEL;
      const second = from + checkAt(steps, 1) * PANEL;
      const end = from + steps * PANEL;
      let s = f32x4.splat(0);
      let at = from;
      for (; at < first; at += PANEL) s = f32x4.add(s, squares<T>(at));
      let t = f32x4.splat(0);
      for (; at < second; at += PANEL) t = f32x4.add(t, squares<T>(at));
      let u = f32x4.splat(0);
      for (; at < end; at += PANEL) u = f32x4.add(u, squares<T>(at));
      t = f32x4.add(t, u);
      s = f32x4.add(s, t);
      v128.store(out + half, bounds(t, s, channels));
      v128.store(out + half + next, bounds(u, s, channels));
    }
  }
}

/** Squares of four floats, or sums of those of four pairs of int16: at most 2 · 32767² each, so they fit. */
// @ts-ignore: decorator
@inline
function squares<T>(at: usize): v128 {
  const x = v128.load(at);
  return isFloat<T>() ? f32x4.mul(x, x) : f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(x, x));
}

/** Bounds of the rows of a float32 bank, `[CHECKS][rows]`. */
export function rowTailsFloat32(bank: usize, rows: usize, channels: usize, out: usize): void {
  rowTails<f32>(bank, rows, channels, channels, out);
}

/** Bounds of rows of int16 from `widenRows`, `[CHECKS][rows]`, in their whole numbers. */
export function rowTailsInt16(bank: usize, rows: usize, channels: usize, out: usize): void {
  rowTails<i16>(bank, rows, (channels + 1) / 2, channels, out);
}

/** @param steps of four bytes in a row: channels, or pairs of them. */
// @ts-ignore: decorator
@inline
function rowTails<T>(bank: usize, rows: usize, steps: usize, channels: usize, out: usize): void {
  for (let row: usize = 0; row < rows; row++, bank += steps * 4, out += 4) {
    const first = bank + checkAt(steps, 0) * 4;
    const second = bank + checkAt(steps, 1) * 4;
    const rest = rowSquares<T>(second, bank + steps * 4);
    const behind = rowSquares<T>(first, second) + rest;
    storeBounds(out, rows, behind, rest, rowSquares<T>(bank, first) + behind, channels);
  }
}

// @ts-ignore: decorator
@inline
function rowSquares<T>(at: usize, end: usize): f32 {
  return isFloat<T>() ? floatSquares(at, end) : wholeSquares(at, end);
}

// @ts-ignore: decorator
@inline
function storeBounds(out: usize, rows: usize, behind: f32, rest: f32, whole: f32, channels: usize): void {
  const parts = f32x4.replace_lane(f32x4.splat(rest), 0, behind);
  const found = bounds(parts, f32x4.splat(whole), channels);
  store<f32>(out, f32x4.extract_lane(found, 0));
  store<f32>(out + rows * 4, f32x4.extract_lane(found, 1));
}

// @ts-ignore: decorator
@inline
function floatSquares(at: usize, end: usize): f32 {
  let s = f32x4.splat(0);
  for (; at + 16 <= end; at += 16) s = f32x4.add(s, f32x4.mul(v128.load(at), v128.load(at)));
  let sum = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
  sum += f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
  for (; at < end; at += 4) sum += load<f32>(at) * load<f32>(at);
  return sum;
}

/** Entries are of int8, so sums of fewer than 130000 squares fit into int32. */
// @ts-ignore: decorator
@inline
function wholeSquares(at: usize, end: usize): f32 {
  let s = i32x4.splat(0);
  for (; at + 16 <= end; at += 16) s = i32x4.add(s, i32x4.dot_i16x8_s(v128.load(at), v128.load(at)));
  let sum = i32x4.extract_lane(s, 0) + i32x4.extract_lane(s, 1);
  sum += i32x4.extract_lane(s, 2) + i32x4.extract_lane(s, 3);
  for (; at < end; at += 2) sum += i32(load<i16>(at)) * i32(load<i16>(at));
  return f32(sum);
}

/**
 * Lanes of eight patches for which a row may be nearer than the farthest that is known, whatever the channels to come.
 * The operations are those of the finished comparison, on sums that cannot be smaller.
 * @param tail0 of the patches, and `rowTail` of the row, at this check.
 * @param scale0 what the finished sums will be multiplied with.
 * @param worst the farthest measure that is known for each patch.
 */
// @ts-ignore: decorator
@inline
export function mayBeNear(
  sum0: v128,
  sum1: v128,
  tail0: v128,
  tail1: v128,
  rowTail: usize,
  scale0: v128,
  scale1: v128,
  norm: usize,
  worst: usize,
): v128 {
  const n = v128.load32_splat(norm);
  const t = v128.load32_splat(rowTail);
  const m0 = f32x4.sub(n, f32x4.mul(f32x4.add(sum0, f32x4.mul(tail0, t)), scale0));
  const m1 = f32x4.sub(n, f32x4.mul(f32x4.add(sum1, f32x4.mul(tail1, t)), scale1));
  return v128.or(f32x4.lt(m0, v128.load(worst)), f32x4.lt(m1, v128.load(worst, 16)));
}

/** The same for whole numbers, with the scales of patches (doubled) and of the row. */
// @ts-ignore: decorator
@inline
export function mayBeNearInt8(
  sum0: v128,
  sum1: v128,
  tail0: v128,
  tail1: v128,
  rowTail: usize,
  p0: v128,
  p1: v128,
  scale: usize,
  norm: usize,
  worst: usize,
): v128 {
  const b = v128.load32_splat(scale);
  const s0 = f32x4.convert_i32x4_s(sum0);
  const s1 = f32x4.convert_i32x4_s(sum1);
  return mayBeNear(s0, s1, tail0, tail1, rowTail, f32x4.mul(p0, b), f32x4.mul(p1, b), norm, worst);
}
