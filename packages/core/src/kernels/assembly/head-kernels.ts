// Distances from packed Gaussians (`packed-factors.ts`) in AssemblyScript with SIMD, eight cells at once; those of integers
// are in `head-integers.ts`. Operations and their order are those of `plain-head-kernels.ts`, so the bytes are equal. All
// pointers are byte offsets.

import { addSquare, addSquares, centre, finish, orderWhole, orderedOf, ROW, spareOf, touch } from "./head-parts";

// The arguments of all distances: factors of the blocks asked for and their end, for each of these blocks the groups of
// its triangle, orders, means (and scales) of these blocks; the whole embedding; the blocks.

export function distancesFloat32(
  factor: usize,
  end: usize,
  linkedGroups: usize,
  order: usize,
  mean: usize,
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
  for (let first = from * 8; first < to * 8; first += 8, mean += channels * ROW, linkedGroups += 2) {
    const linked = <usize>load<u16>(linkedGroups);
    centre(embedding, cells, first, mean, channels, groups, scratch);
    let deltas = scratch;
    if (linked < groups) {
      deltas = ordered;
      orderWhole(scratch, order, 0, channels, ordered);
      order += channels * 16;
    }
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
      const columns = deltas + (group + 1) * 4 * ROW;
      for (let x = deltas; x < columns; x += ROW, factor += 4 * ROW) {
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
    const last = deltas + channels * ROW;
    for (let x = deltas + linked * 4 * ROW; x < last; x += ROW, factor += ROW) {
      low = addSquare(low, f32x4.mul(v128.load(factor), v128.load(x)));
      high = addSquare(high, f32x4.mul(v128.load(factor, 16), v128.load(x, 16)));
    }
    finish(low, high, cells, first, spare, out);
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
