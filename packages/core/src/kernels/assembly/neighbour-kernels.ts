// Nearest rows of a memory bank in AssemblyScript with SIMD. Operations and their order are those of
// `plain-neighbour-kernels.ts`, so the bytes are equal. All pointers are byte offsets into the host's memory.
//
// Four rows of the bank are compared with a panel of patches at once, so that eight vectors of results stay in registers.
// A part of the bank that fits into the cache meets all panels before the next part is read. A comparison stops on its
// way when none of the rows can come near enough any more (`tails.ts`).

import { PANEL, panels } from "./panels";
import { CHECKS, checkAt, mayBeNear, mayBeNearInt8 } from "./tails";

/** Bytes of the bank that are compared with all panels before the next ones. */
const PART: usize = 131072;
/** Adding and subtracting it rounds to whole numbers, ties to even. */
const ROUND: f32 = 12582912;

/** `[channels][stride]` float32 → panels `[panels][channels][8]`, filled up with 0. */
export function packPanels(patches: usize, stride: usize, channels: usize, cells: usize, packed: usize): void {
  for (let first: usize = 0; first < cells; first += 8) {
    let from = patches + first * 4;
    const whole = first + 8 <= cells;
    for (let d: usize = 0; d < channels; d++, from += stride, packed += PANEL) {
      if (whole) {
        v128.store(packed, v128.load(from));
        v128.store(packed, v128.load(from, 16), 16);
      } else {
        for (let p: usize = 0; p < 8; p++)
          store<f32>(packed + p * 4, first + p < cells ? load<f32>(from + p * 4) : 0);
      }
    }
  }
}

/**
 * Panels of float32 → panels of int16, two channels side by side, `[panels][⌈channels / 2⌉][8][2]`.
 * @param most the largest whole number that may come out.
 * @param scales `[panels][8]`: value = whole number · scale.
 */
export function quantisePanels(
  packed: usize,
  channels: usize,
  cells: usize,
  most: f32,
  scales: usize,
  out: usize,
): void {
  const round = f32x4.splat(ROUND);
  const low = i32x4.splat(0xffff);
  for (let panel: usize = 0; panel < panels(cells); panel++, scales += PANEL) {
    for (let half: usize = 0; half < PANEL; half += 16) {
      const end = packed + half + channels * PANEL;
      let highest = f32x4.splat(0);
      for (let at = packed + half; at < end; at += PANEL)
        highest = f32x4.max(highest, f32x4.abs(v128.load(at)));
      // A patch of zeros has any scale: 0.
      const some = f32x4.gt(highest, f32x4.splat(0));
      const inverse = v128.and(f32x4.div(f32x4.splat(most), highest), some);
      v128.store(scales + half, f32x4.div(highest, f32x4.splat(most)));
      let to = out + half;
      for (let at = packed + half; at < end; at += 2 * PANEL, to += PANEL) {
        const x = f32x4.sub(f32x4.add(f32x4.mul(v128.load(at), inverse), round), round);
        let y = f32x4.splat(0);
        if (at + PANEL < end)
          y = f32x4.sub(f32x4.add(f32x4.mul(v128.load(at, PANEL), inverse), round), round);
        const left = v128.and(i32x4.trunc_sat_f32x4_s(x), low);
        v128.store(to, v128.or(left, i32x4.shl(i32x4.trunc_sat_f32x4_s(y), 16)));
      }
    }
    packed += channels * PANEL;
    out += ((channels + 1) / 2) * PANEL;
  }
}

/** Rows of int8 `[rows][channels]` → int16, each row filled up with 0 to an even number. */
export function widenRows(bank: usize, rows: usize, channels: usize, out: usize): void {
  const wide = ((channels + 1) & ~1) * 2;
  for (let row: usize = 0; row < rows; row++, bank += channels, out += wide) {
    let d: usize = 0;
    for (; d + 8 <= channels; d += 8) v128.store(out + d * 2, v128.load8x8_s(bank + d));
    for (; d < channels; d++) store<i16>(out + d * 2, load<i8>(bank + d));
    if (channels & 1) store<i16>(out + channels * 2, 0);
  }
}

/**
 * The `k` rows of a float32 bank with the smallest |b|² − 2·p·b for every patch.
 * @param rowTails `[CHECKS]`, each for `[rows]` and `nextRowTails` bytes behind the one before, and `patchTails`
 *   `[CHECKS][panels][8]`: from `tails.ts`.
 * @param best `[panels][k][8]` float32, ascending, and `index` int32: what is known so far; changed in place.
 */
export function nearestFloat32(
  bank: usize,
  norms: usize,
  rows: usize,
  channels: usize,
  packed: usize,
  cells: usize,
  rowTails: usize,
  nextRowTails: usize,
  patchTails: usize,
  k: usize,
  best: usize,
  index: usize,
): void {
  const row = channels * 4;
  const part = max<usize>(4, (PART / row) & ~3);
  for (let first: usize = 0; first < rows; first += part) {
    const end = min(rows, first + part);
    for (let panel: usize = 0; panel < panels(cells); panel++) {
      const known = panel * k * PANEL;
      for (let r = first; r < end; r += 4)
        compareFloat32(
          bank + r * row,
          norms + r * 4,
          r,
          min<usize>(4, end - r),
          channels,
          packed + panel * channels * PANEL,
          rowTails + r * 4,
          nextRowTails,
          patchTails + panel * PANEL,
          panels(cells) * PANEL,
          k,
          best + known,
          index + known,
        );
    }
  }
}

/** Up to four rows with one panel; where there are fewer, the first stands for those that are missing. */
// @ts-ignore: decorator
@inline
function compareFloat32(
  b0: usize,
  norms: usize,
  first: usize,
  count: usize,
  channels: usize,
  panel: usize,
  rowTails: usize,
  nextRowTails: usize,
  patchTails: usize,
  nextPatchTails: usize,
  k: usize,
  best: usize,
  index: usize,
): void {
  const row = channels * 4;
  const start = b0;
  let b1 = count > 1 ? b0 + row : b0;
  let b2 = count > 2 ? b1 + row : b0;
  let b3 = count > 3 ? b2 + row : b0;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const two = f32x4.splat(2);
  const worst = best + (k - 1) * PANEL;
  for (let check: usize = 0; ; check++) {
    const end = start + (check < CHECKS ? checkAt(channels, check) * 4 : row);
    for (; b0 < end; b0 += 4, b1 += 4, b2 += 4, b3 += 4, panel += PANEL) {
      const x0 = v128.load(panel);
      const x1 = v128.load(panel, 16);
      const y0 = v128.load32_splat(b0);
      s00 = f32x4.add(s00, f32x4.mul(x0, y0));
      s01 = f32x4.add(s01, f32x4.mul(x1, y0));
      const y1 = v128.load32_splat(b1);
      s10 = f32x4.add(s10, f32x4.mul(x0, y1));
      s11 = f32x4.add(s11, f32x4.mul(x1, y1));
      const y2 = v128.load32_splat(b2);
      s20 = f32x4.add(s20, f32x4.mul(x0, y2));
      s21 = f32x4.add(s21, f32x4.mul(x1, y2));
      const y3 = v128.load32_splat(b3);
      s30 = f32x4.add(s30, f32x4.mul(x0, y3));
      s31 = f32x4.add(s31, f32x4.mul(x1, y3));
    }
    if (check == CHECKS) break;
    const t0 = v128.load(patchTails);
    const t1 = v128.load(patchTails, 16);
    let near = mayBeNear(s00, s01, t0, t1, rowTails, two, two, norms, worst);
    if (count > 1) near = v128.or(near, mayBeNear(s10, s11, t0, t1, rowTails + 4, two, two, norms + 4, worst));
    if (count > 2) near = v128.or(near, mayBeNear(s20, s21, t0, t1, rowTails + 8, two, two, norms + 8, worst));
    if (count > 3) near = v128.or(near, mayBeNear(s30, s31, t0, t1, rowTails + 12, two, two, norms + 12, worst));
    if (!v128.any_true(near)) return;
    rowTails += nextRowTails;
    patchTails += nextPatchTails;
  }
  keep(f32x4.mul(s00, two), f32x4.mul(s01, two), norms, i32(first), k, best, index);
  if (count > 1) keep(f32x4.mul(s10, two), f32x4.mul(s11, two), norms + 4, i32(first + 1), k, best, index);
  if (count > 2) keep(f32x4.mul(s20, two), f32x4.mul(s21, two), norms + 8, i32(first + 2), k, best, index);
  if (count > 3) keep(f32x4.mul(s30, two), f32x4.mul(s31, two), norms + 12, i32(first + 3), k, best, index);
}

/** The same for rows of int16 from `widenRows` with a scale each and panels from `quantisePanels`. */
export function nearestInt8(
  bank: usize,
  scales: usize,
  norms: usize,
  rows: usize,
  channels: usize,
  packed: usize,
  patchScales: usize,
  cells: usize,
  rowTails: usize,
  nextRowTails: usize,
  patchTails: usize,
  k: usize,
  best: usize,
  index: usize,
): void {
  const pairs = (channels + 1) / 2;
  const part = max<usize>(4, (PART / (pairs * 4)) & ~3);
  for (let first: usize = 0; first < rows; first += part) {
    const end = min(rows, first + part);
    for (let panel: usize = 0; panel < panels(cells); panel++) {
      const known = panel * k * PANEL;
      for (let r = first; r < end; r += 4)
        compareInt8(
          bank + r * pairs * 4,
          scales + r * 4,
          norms + r * 4,
          r,
          min<usize>(4, end - r),
          pairs,
          packed + panel * pairs * PANEL,
          patchScales + panel * PANEL,
          rowTails + r * 4,
          nextRowTails,
          patchTails + panel * PANEL,
          panels(cells) * PANEL,
          k,
          best + known,
          index + known,
        );
    }
  }
}

// @ts-ignore: decorator
@inline
function compareInt8(
  b0: usize,
  scales: usize,
  norms: usize,
  first: usize,
  count: usize,
  pairs: usize,
  panel: usize,
  patchScales: usize,
  rowTails: usize,
  nextRowTails: usize,
  patchTails: usize,
  nextPatchTails: usize,
  k: usize,
  best: usize,
  index: usize,
): void {
  const row = pairs * 4;
  const start = b0;
  let b1 = count > 1 ? b0 + row : b0;
  let b2 = count > 2 ? b1 + row : b0;
  let b3 = count > 3 ? b2 + row : b0;
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  const two = f32x4.splat(2);
  const p0 = f32x4.mul(v128.load(patchScales), two);
  const p1 = f32x4.mul(v128.load(patchScales, 16), two);
  const worst = best + (k - 1) * PANEL;
  for (let check: usize = 0; ; check++) {
    const end = start + (check < CHECKS ? checkAt(pairs, check) * 4 : row);
    for (; b0 < end; b0 += 4, b1 += 4, b2 += 4, b3 += 4, panel += PANEL) {
      const x0 = v128.load(panel);
      const x1 = v128.load(panel, 16);
      const y0 = v128.load32_splat(b0);
      s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x0, y0));
      s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x1, y0));
      const y1 = v128.load32_splat(b1);
      s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x0, y1));
      s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x1, y1));
      const y2 = v128.load32_splat(b2);
      s20 = i32x4.add(s20, i32x4.dot_i16x8_s(x0, y2));
      s21 = i32x4.add(s21, i32x4.dot_i16x8_s(x1, y2));
      const y3 = v128.load32_splat(b3);
      s30 = i32x4.add(s30, i32x4.dot_i16x8_s(x0, y3));
      s31 = i32x4.add(s31, i32x4.dot_i16x8_s(x1, y3));
    }
    if (check == CHECKS) break;
    const t0 = v128.load(patchTails);
    const t1 = v128.load(patchTails, 16);
    let near = mayBeNearInt8(s00, s01, t0, t1, rowTails, p0, p1, scales, norms, worst);
    if (count > 1)
      near = v128.or(near, mayBeNearInt8(s10, s11, t0, t1, rowTails + 4, p0, p1, scales + 4, norms + 4, worst));
    if (count > 2)
      near = v128.or(near, mayBeNearInt8(s20, s21, t0, t1, rowTails + 8, p0, p1, scales + 8, norms + 8, worst));
    if (count > 3)
      near = v128.or(near, mayBeNearInt8(s30, s31, t0, t1, rowTails + 12, p0, p1, scales + 12, norms + 12, worst));
    if (!v128.any_true(near)) return;
    rowTails += nextRowTails;
    patchTails += nextPatchTails;
  }
  keep(scaled(s00, p0, scales), scaled(s01, p1, scales), norms, i32(first), k, best, index);
  if (count > 1)
    keep(scaled(s10, p0, scales + 4), scaled(s11, p1, scales + 4), norms + 4, i32(first + 1), k, best, index);
  if (count > 2)
    keep(scaled(s20, p0, scales + 8), scaled(s21, p1, scales + 8), norms + 8, i32(first + 2), k, best, index);
  if (count > 3)
    keep(scaled(s30, p0, scales + 12), scaled(s31, p1, scales + 12), norms + 12, i32(first + 3), k, best, index);
}

// @ts-ignore: decorator
@inline
function scaled(sums: v128, patchScale: v128, scale: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.mul(patchScale, v128.load32_splat(scale)));
}

/** Keeps a row for those of eight patches to which it is nearer than the farthest of the k that are known. */
// @ts-ignore: decorator
@inline
function keep(twice0: v128, twice1: v128, norm: usize, row: i32, k: usize, best: usize, index: usize): void {
  const n = v128.load32_splat(norm);
  const m0 = f32x4.sub(n, twice0);
  const m1 = f32x4.sub(n, twice1);
  const worst = best + (k - 1) * PANEL;
  const nearer0 = f32x4.lt(m0, v128.load(worst));
  const nearer1 = f32x4.lt(m1, v128.load(worst, 16));
  if (v128.any_true(v128.or(nearer0, nearer1))) {
    insert(m0, i32x4.bitmask(nearer0), row, k, best, index);
    insert(m1, i32x4.bitmask(nearer1), row, k, best + 16, index + 16);
  }
}

/** Of equally near rows the one with the lower index comes first: rows come in that order. */
function insert(m: v128, lanes: i32, row: i32, k: usize, best: usize, index: usize): void {
  let measures = m;
  for (; lanes != 0; lanes >>= 1, best += 4, index += 4) {
    if (lanes & 1) {
      const value = f32x4.extract_lane(measures, 0);
      let at = (k - 1) * PANEL;
      for (; at > 0 && value < load<f32>(best + at - PANEL); at -= PANEL) {
        store<f32>(best + at, load<f32>(best + at - PANEL));
        store<i32>(index + at, load<i32>(index + at - PANEL));
      }
      store<f32>(best + at, value);
      store<i32>(index + at, row);
    }
    measures = i32x4.shuffle(measures, measures, 1, 2, 3, 0);
  }
}
