// A good start for a search of nearest rows: the rows that were nearest to the same places of the picture before. What is
// found does not depend on them: a bound is a little more than the measure of a row of the bank, so that row, or a nearer
// one, is still to be found. But comparisons stop on their way sooner when a near row is known from the beginning.
//
// Operations and their order are those of the comparisons in `neighbour-kernels.ts`, so a measure has the same bits.

import { PANEL, panels } from "./panels";

/**
 * Lowers the bounds of patches by their own and their neighbours' hints.
 * @param hints `[cells]`: rows; those that the bank does not have say nothing.
 * @param best `[panels][8]` float32, ∞ at first.
 */
export function hintFloat32(
  bank: usize,
  norms: usize,
  rows: usize,
  channels: usize,
  packed: usize,
  cells: usize,
  hints: usize,
  best: usize,
): void {
  const two = f32x4.splat(2);
  for (let panel: usize = 0; panel < panels(cells); panel++, packed += channels * PANEL, best += PANEL) {
    for (let p = panel * 8; p < min(cells, panel * 8 + 8); p++) {
      const row = usize(load<u32>(hints + p * 4));
      if (row >= rows) continue;
      let s0 = f32x4.splat(0);
      let s1 = s0;
      for (let d: usize = 0; d < channels; d++) {
        const y = v128.load32_splat(bank + (row * channels + d) * 4);
        s0 = f32x4.add(s0, f32x4.mul(v128.load(packed + d * PANEL), y));
        s1 = f32x4.add(s1, f32x4.mul(v128.load(packed + d * PANEL, 16), y));
      }
      lower(best, f32x4.mul(s0, two), f32x4.mul(s1, two), norms + row * 4);
    }
    widen(best);
    widen(best + 16);
  }
}

/** The same for rows of int16 from `widenRows` and panels from `quantisePanels`. */
export function hintInt8(
  bank: usize,
  scales: usize,
  norms: usize,
  rows: usize,
  channels: usize,
  packed: usize,
  patchScales: usize,
  cells: usize,
  hints: usize,
  best: usize,
): void {
  const pairs = (channels + 1) / 2;
  const two = f32x4.splat(2);
  for (let panel: usize = 0; panel < panels(cells); panel++, packed += pairs * PANEL, best += PANEL) {
    const p0 = f32x4.mul(v128.load(patchScales + panel * PANEL), two);
    const p1 = f32x4.mul(v128.load(patchScales + panel * PANEL, 16), two);
    for (let p = panel * 8; p < min(cells, panel * 8 + 8); p++) {
      const row = usize(load<u32>(hints + p * 4));
      if (row >= rows) continue;
      let s0 = i32x4.splat(0);
      let s1 = s0;
      for (let d: usize = 0; d < pairs; d++) {
        const y = v128.load32_splat(bank + (row * pairs + d) * 4);
        s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load(packed + d * PANEL), y));
        s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load(packed + d * PANEL, 16), y));
      }
      const scale = v128.load32_splat(scales + row * 4);
      const twice0 = f32x4.mul(f32x4.convert_i32x4_s(s0), f32x4.mul(p0, scale));
      const twice1 = f32x4.mul(f32x4.convert_i32x4_s(s1), f32x4.mul(p1, scale));
      lower(best, twice0, twice1, norms + row * 4);
    }
    widen(best);
    widen(best + 16);
  }
}

// @ts-ignore: decorator
@inline
function lower(best: usize, twice0: v128, twice1: v128, norm: usize): void {
  const n = v128.load32_splat(norm);
  // Where a measure is not a number, the bound stays.
  v128.store(best, f32x4.pmin(v128.load(best), f32x4.sub(n, twice0)));
  v128.store(best, f32x4.pmin(v128.load(best, 16), f32x4.sub(n, twice1)), 16);
}

/** The next larger number, so that the row itself counts as nearer; ∞ stays. */
// @ts-ignore: decorator
@inline
function widen(best: usize): void {
  // There is no number between −0 and 0.
  const bound = f32x4.add(v128.load(best), f32x4.splat(0));
  const negative = f32x4.lt(bound, f32x4.splat(0));
  // 1 for numbers from 0 on, −1 for those below, whose bits count the other way.
  const step = v128.or(negative, i32x4.splat(1));
  const known = f32x4.lt(bound, f32x4.splat(Infinity));
  v128.store(best, i32x4.add(bound, v128.and(step, known)));
}
