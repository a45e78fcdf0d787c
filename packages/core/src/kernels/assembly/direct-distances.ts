// Squared distances as sums of squared differences, in AssemblyScript: for the greedy selection of a memory bank, and
// for the few rows that were found nearest, whose comparison by |b|² − 2·p·b rounds more. Operations and their order are
// those of `plain-neighbour-kernels.ts`, so the bytes are equal. All pointers are byte offsets into the host's memory.

import { PANEL } from "./panels";

/**
 * Replaces what points are from the nearest centre by what they are from this one, where that is less.
 * @param points `[blocks][channels][8]`.
 * @param distances `[blocks][8]`, squared; points that do not count have less than 0 and keep it.
 * @returns the first of the farthest points.
 */
export function shorten(points: usize, blocks: usize, channels: usize, centre: usize, distances: usize): i32 {
  let farthest: f32 = -1;
  let found: i32 = 0;
  const block = channels * PANEL;
  for (let b: usize = 0; b < blocks; b += 2, points += 2 * block, distances += 2 * PANEL) {
    const two = b + 1 < blocks;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let at = points;
    let other = two ? points + block : points;
    for (let c = centre; at < points + block; c += 4, at += PANEL, other += PANEL) {
      const y = v128.load32_splat(c);
      const x0 = f32x4.sub(v128.load(at), y);
      const x1 = f32x4.sub(v128.load(at, 16), y);
      const x2 = f32x4.sub(v128.load(other), y);
      const x3 = f32x4.sub(v128.load(other, 16), y);
      s0 = f32x4.add(s0, f32x4.mul(x0, x0));
      s1 = f32x4.add(s1, f32x4.mul(x1, x1));
      s2 = f32x4.add(s2, f32x4.mul(x2, x2));
      s3 = f32x4.add(s3, f32x4.mul(x3, x3));
    }
    s0 = f32x4.min(v128.load(distances), s0);
    s1 = f32x4.min(v128.load(distances, 16), s1);
    v128.store(distances, s0);
    v128.store(distances, s1, 16);
    let most = f32x4.max(s0, s1);
    if (two) {
      s2 = f32x4.min(v128.load(distances, 32), s2);
      s3 = f32x4.min(v128.load(distances, 48), s3);
      v128.store(distances, s2, 32);
      v128.store(distances, s3, 48);
      most = f32x4.max(most, f32x4.max(s2, s3));
    }
    if (v128.any_true(f32x4.gt(most, f32x4.splat(farthest)))) {
      const count: usize = two ? 16 : 8;
      for (let p: usize = 0; p < count; p++) {
        const distance = load<f32>(distances + p * 4);
        if (distance > farthest) {
          farthest = distance;
          found = i32(b * 8 + p);
        }
      }
    }
  }
  return found;
}

/**
 * Σ (p − b)² for a patch of a panel and a row of the bank.
 * @param scale the row's, or 0: the row is float32.
 */
// @ts-ignore: decorator
@inline
function squared(panel: usize, channels: usize, row: usize, scale: usize): f32 {
  let s: f32 = 0;
  for (let d: usize = 0; d < channels; d++) {
    const b = scale == 0 ? load<f32>(row + d * 4) : f32(load<i8>(row + d)) * load<f32>(scale);
    const x = load<f32>(panel + d * PANEL) - b;
    s += x * x;
  }
  return s;
}

/**
 * The true squared distances of the rows that were found, `[k]`, each `[cells]` and `next` bytes behind the one before,
 * sorted once more by them.
 * @param scales of the bank, or 0: it is float32.
 */
export function measure(
  bank: usize,
  scales: usize,
  channels: usize,
  packed: usize,
  cells: usize,
  k: usize,
  index: usize,
  outIndex: usize,
  out: usize,
  next: usize,
): void {
  const row = scales == 0 ? channels * 4 : channels;
  for (let cell: usize = 0; cell < cells; cell++) {
    const panel = packed + (cell / 8) * channels * PANEL + (cell % 8) * 4;
    const known = index + (cell / 8) * k * PANEL + (cell % 8) * 4;
    for (let n: usize = 0; n < k; n++) {
      const found = load<i32>(known + n * PANEL);
      const scale: usize = scales == 0 ? 0 : scales + usize(max(found, 0)) * 4;
      const value = found < 0 ? f32(Infinity) : squared(panel, channels, bank + usize(found) * row, scale);
      let at = cell * 4 + n * next;
      for (; at >= next && value < load<f32>(out + at - next); at -= next) {
        store<f32>(out + at, load<f32>(out + at - next));
        store<i32>(outIndex + at, load<i32>(outIndex + at - next));
      }
      store<f32>(out + at, value);
      store<i32>(outIndex + at, found);
    }
  }
}
