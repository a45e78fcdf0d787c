// Cholesky factors and their inverses, two lanes at a time, rectangles of four rows by two columns in registers.
// Operations and their order are those of `plain-kernels.ts`.
import { loadTriangles, rounded, storeTriangles, triangle, triangleBytes } from "./triangles";

/** Bytes of one row of a tile, and of eight lanes. */
const ROW: usize = 512;
const GROUP: usize = 64;

/**
 * A = matrix / divisor + ridge · I → inverse(cholesky(A)), in place.
 * @returns the first lane whose A is not positive definite, or −1.
 */
export function whiten(matrices: usize, channels: usize, divisors: usize, ridges: usize, triangles: usize): i32 {
  const rows = rounded(channels);
  let failed: i32 = -1;
  for (let lane: usize = 0; lane < ROW; lane += GROUP) {
    loadTriangles(matrices + lane, channels, triangles);
    for (let v: usize = 0; v < 4; v++) {
      const a = triangles + v * triangleBytes(rows);
      const at = lane + v * 16;
      scaleAndRidge(a, channels, v128.load(divisors + at), v128.load(ridges + at));
      const positive = factorise(a, rows);
      for (let k: usize = 0; k < 2; k++)
        if (failed < 0 && ((positive >> u32(k)) & 1) == 0) failed = i32(at / 8 + k);
      invert(a, rows);
    }
    storeTriangles(matrices + lane, channels, triangles);
  }
  return failed;
}

// @ts-ignore: decorator
@inline
function scaleAndRidge(a: usize, channels: usize, divisor: v128, ridge: v128): void {
  const rows = rounded(channels);
  for (let i: usize = 0; i < channels; i++) {
    for (let j: usize = 0; j < i; j++, a += 16) v128.store(a, f64x2.div(v128.load(a), divisor));
    v128.store(a, f64x2.add(f64x2.div(v128.load(a), divisor), ridge));
    a += 16;
  }
  for (let i = channels; i < rows; i++) {
    v128.store(a + i * 16, f64x2.splat(1));
    a += (i + 1) * 16;
  }
}

/** A → L in place; a bit for each of the two lanes, set when all pivots were positive. */
function factorise(a: usize, rows: usize): i32 {
  let positive: i32 = 3;
  for (let i: usize = 0; i < rows; i += 4) {
    const row = a + triangle(i) * 16;
    for (let j: usize = 0; j < i; j += 2) divide(row, i, a + triangle(j) * 16, j);
    positive &= pivots(row, i);
  }
  return positive;
}

/** Columns j and j + 1 of rows i to i + 3 > j + 1, given the rows j and j + 1. */
// @ts-ignore: decorator
@inline
function divide(r0: usize, i: usize, y0: usize, j: usize): void {
  let r1 = r0 + (i + 1) * 16;
  let r2 = r1 + (i + 2) * 16;
  let r3 = r2 + (i + 3) * 16;
  let y1 = y0 + (j + 1) * 16;
  const o = j * 16;
  let s00 = v128.load(r0 + o);
  let s01 = v128.load(r0 + o, 16);
  let s10 = v128.load(r1 + o);
  let s11 = v128.load(r1 + o, 16);
  let s20 = v128.load(r2 + o);
  let s21 = v128.load(r2 + o, 16);
  let s30 = v128.load(r3 + o);
  let s31 = v128.load(r3 + o, 16);
  for (const end = r0 + o; r0 < end; r0 += 16, r1 += 16, r2 += 16, r3 += 16, y0 += 16, y1 += 16) {
    const x0 = v128.load(r0);
    const x1 = v128.load(r1);
    const x2 = v128.load(r2);
    const x3 = v128.load(r3);
    const z0 = v128.load(y0);
    s00 = f64x2.sub(s00, f64x2.mul(x0, z0));
    s10 = f64x2.sub(s10, f64x2.mul(x1, z0));
    s20 = f64x2.sub(s20, f64x2.mul(x2, z0));
    s30 = f64x2.sub(s30, f64x2.mul(x3, z0));
    const z1 = v128.load(y1);
    s01 = f64x2.sub(s01, f64x2.mul(x0, z1));
    s11 = f64x2.sub(s11, f64x2.mul(x1, z1));
    s21 = f64x2.sub(s21, f64x2.mul(x2, z1));
    s31 = f64x2.sub(s31, f64x2.mul(x3, z1));
  }
  const p0 = v128.load(y0);
  s00 = f64x2.div(s00, p0);
  s10 = f64x2.div(s10, p0);
  s20 = f64x2.div(s20, p0);
  s30 = f64x2.div(s30, p0);
  const l10 = v128.load(y1);
  const p1 = v128.load(y1, 16);
  v128.store(r0, s00);
  v128.store(r0, f64x2.div(f64x2.sub(s01, f64x2.mul(s00, l10)), p1), 16);
  v128.store(r1, s10);
  v128.store(r1, f64x2.div(f64x2.sub(s11, f64x2.mul(s10, l10)), p1), 16);
  v128.store(r2, s20);
  v128.store(r2, f64x2.div(f64x2.sub(s21, f64x2.mul(s20, l10)), p1), 16);
  v128.store(r3, s30);
  v128.store(r3, f64x2.div(f64x2.sub(s31, f64x2.mul(s30, l10)), p1), 16);
}

/** Rows and columns i to i + 3. */
// @ts-ignore: decorator
@inline
function pivots(r0: usize, i: usize): i32 {
  let r1 = r0 + (i + 1) * 16;
  let r2 = r1 + (i + 2) * 16;
  let r3 = r2 + (i + 3) * 16;
  const o = i * 16;
  let s00 = v128.load(r0 + o);
  let s10 = v128.load(r1 + o);
  let s11 = v128.load(r1 + o, 16);
  let s20 = v128.load(r2 + o);
  let s21 = v128.load(r2 + o, 16);
  let s22 = v128.load(r2 + o, 32);
  let s30 = v128.load(r3 + o);
  let s31 = v128.load(r3 + o, 16);
  let s32 = v128.load(r3 + o, 32);
  let s33 = v128.load(r3 + o, 48);
  for (const end = r0 + o; r0 < end; r0 += 16, r1 += 16, r2 += 16, r3 += 16) {
    const x0 = v128.load(r0);
    const x1 = v128.load(r1);
    const x2 = v128.load(r2);
    const x3 = v128.load(r3);
    s00 = f64x2.sub(s00, f64x2.mul(x0, x0));
    s10 = f64x2.sub(s10, f64x2.mul(x1, x0));
    s11 = f64x2.sub(s11, f64x2.mul(x1, x1));
    s20 = f64x2.sub(s20, f64x2.mul(x2, x0));
    s21 = f64x2.sub(s21, f64x2.mul(x2, x1));
    s22 = f64x2.sub(s22, f64x2.mul(x2, x2));
    s30 = f64x2.sub(s30, f64x2.mul(x3, x0));
    s31 = f64x2.sub(s31, f64x2.mul(x3, x1));
    s32 = f64x2.sub(s32, f64x2.mul(x3, x2));
    s33 = f64x2.sub(s33, f64x2.mul(x3, x3));
  }
  const zero = f64x2.splat(0);
  let positive = f64x2.gt(s00, zero);
  const p0 = f64x2.sqrt(s00);
  s10 = f64x2.div(s10, p0);
  s20 = f64x2.div(s20, p0);
  s30 = f64x2.div(s30, p0);
  s11 = f64x2.sub(s11, f64x2.mul(s10, s10));
  positive = v128.and(positive, f64x2.gt(s11, zero));
  const p1 = f64x2.sqrt(s11);
  s21 = f64x2.div(f64x2.sub(s21, f64x2.mul(s20, s10)), p1);
  s31 = f64x2.div(f64x2.sub(s31, f64x2.mul(s30, s10)), p1);
  s22 = f64x2.sub(f64x2.sub(s22, f64x2.mul(s20, s20)), f64x2.mul(s21, s21));
  positive = v128.and(positive, f64x2.gt(s22, zero));
  const p2 = f64x2.sqrt(s22);
  s32 = f64x2.sub(f64x2.sub(s32, f64x2.mul(s30, s20)), f64x2.mul(s31, s21));
  s32 = f64x2.div(s32, p2);
  s33 = f64x2.sub(f64x2.sub(s33, f64x2.mul(s30, s30)), f64x2.mul(s31, s31));
  s33 = f64x2.sub(s33, f64x2.mul(s32, s32));
  positive = v128.and(positive, f64x2.gt(s33, zero));
  v128.store(r0, p0);
  v128.store(r1, s10);
  v128.store(r1, p1, 16);
  v128.store(r2, s20);
  v128.store(r2, s21, 16);
  v128.store(r2, p2, 32);
  v128.store(r3, s30);
  v128.store(r3, s31, 16);
  v128.store(r3, s32, 32);
  v128.store(r3, f64x2.sqrt(s33), 48);
  return i64x2.bitmask(positive);
}

/** L → L⁻¹ in place. */
function invert(l: usize, rows: usize): void {
  for (let i: usize = 0; i < rows; i += 4) {
    const row = l + triangle(i) * 16;
    for (let j: usize = 0; j < i; j += 2) backward(row, i, l + triangle(j) * 16, j);
    invertDiagonal(row, i);
  }
}

/** Columns j and j + 1 of rows i to i + 3; above them the inverse is finished, the rows are still those of L. */
// @ts-ignore: decorator
@inline
function backward(r0: usize, i: usize, y: usize, j: usize): void {
  const o = j * 16;
  r0 += o;
  let r1 = r0 + (i + 1) * 16;
  let r2 = r1 + (i + 2) * 16;
  let r3 = r2 + (i + 3) * 16;
  const t0 = r0;
  const t1 = r1;
  const t2 = r2;
  const t3 = r3;
  const zero = f64x2.splat(0);
  y += o;
  const first = v128.load(y);
  let s00 = f64x2.sub(zero, f64x2.mul(v128.load(r0), first));
  let s10 = f64x2.sub(zero, f64x2.mul(v128.load(r1), first));
  let s20 = f64x2.sub(zero, f64x2.mul(v128.load(r2), first));
  let s30 = f64x2.sub(zero, f64x2.mul(v128.load(r3), first));
  let s01 = zero;
  let s11 = zero;
  let s21 = zero;
  let s31 = zero;
  let step = (j + 1) * 16;
  const end = r0 + (i - j) * 16;
  for (r0 += 16, r1 += 16, r2 += 16, r3 += 16; r0 < end; r0 += 16, r1 += 16, r2 += 16, r3 += 16) {
    y += step;
    step += 16;
    const x0 = v128.load(r0);
    const x1 = v128.load(r1);
    const x2 = v128.load(r2);
    const x3 = v128.load(r3);
    const y0 = v128.load(y);
    s00 = f64x2.sub(s00, f64x2.mul(x0, y0));
    s10 = f64x2.sub(s10, f64x2.mul(x1, y0));
    s20 = f64x2.sub(s20, f64x2.mul(x2, y0));
    s30 = f64x2.sub(s30, f64x2.mul(x3, y0));
    const y1 = v128.load(y, 16);
    s01 = f64x2.sub(s01, f64x2.mul(x0, y1));
    s11 = f64x2.sub(s11, f64x2.mul(x1, y1));
    s21 = f64x2.sub(s21, f64x2.mul(x2, y1));
    s31 = f64x2.sub(s31, f64x2.mul(x3, y1));
  }
  const one = f64x2.splat(1);
  const p0 = f64x2.div(one, v128.load(r0));
  s00 = f64x2.mul(s00, p0);
  s01 = f64x2.mul(s01, p0);
  v128.store(t0, s00);
  v128.store(t0, s01, 16);
  const p1 = f64x2.div(one, v128.load(r1, 16));
  const l10 = v128.load(r1);
  s10 = f64x2.mul(f64x2.sub(s10, f64x2.mul(l10, s00)), p1);
  s11 = f64x2.mul(f64x2.sub(s11, f64x2.mul(l10, s01)), p1);
  v128.store(t1, s10);
  v128.store(t1, s11, 16);
  const p2 = f64x2.div(one, v128.load(r2, 32));
  const l20 = v128.load(r2);
  const l21 = v128.load(r2, 16);
  s20 = f64x2.mul(f64x2.sub(f64x2.sub(s20, f64x2.mul(l20, s00)), f64x2.mul(l21, s10)), p2);
  s21 = f64x2.mul(f64x2.sub(f64x2.sub(s21, f64x2.mul(l20, s01)), f64x2.mul(l21, s11)), p2);
  v128.store(t2, s20);
  v128.store(t2, s21, 16);
  const p3 = f64x2.div(one, v128.load(r3, 48));
  const l30 = v128.load(r3);
  const l31 = v128.load(r3, 16);
  const l32 = v128.load(r3, 32);
  s30 = f64x2.sub(f64x2.sub(s30, f64x2.mul(l30, s00)), f64x2.mul(l31, s10));
  s31 = f64x2.sub(f64x2.sub(s31, f64x2.mul(l30, s01)), f64x2.mul(l31, s11));
  v128.store(t3, f64x2.mul(f64x2.sub(s30, f64x2.mul(l32, s20)), p3));
  v128.store(t3, f64x2.mul(f64x2.sub(s31, f64x2.mul(l32, s21)), p3), 16);
}

/** Rows and columns i to i + 3, the last of these rows to need what stands there. */
// @ts-ignore: decorator
@inline
function invertDiagonal(row: usize, i: usize): void {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const r0 = row + i * 16;
  const r1 = r0 + (i + 1) * 16;
  const r2 = r1 + (i + 2) * 16;
  const r3 = r2 + (i + 3) * 16;
  const p0 = f64x2.div(one, v128.load(r0));
  const p1 = f64x2.div(one, v128.load(r1, 16));
  const p2 = f64x2.div(one, v128.load(r2, 32));
  const p3 = f64x2.div(one, v128.load(r3, 48));
  const l21 = v128.load(r2, 16);
  const l31 = v128.load(r3, 16);
  const l32 = v128.load(r3, 32);
  const e10 = f64x2.mul(f64x2.sub(zero, f64x2.mul(v128.load(r1), p0)), p1);
  let s = f64x2.sub(zero, f64x2.mul(v128.load(r2), p0));
  const e20 = f64x2.mul(f64x2.sub(s, f64x2.mul(l21, e10)), p2);
  const e21 = f64x2.mul(f64x2.sub(zero, f64x2.mul(l21, p1)), p2);
  s = f64x2.sub(zero, f64x2.mul(v128.load(r3), p0));
  s = f64x2.sub(s, f64x2.mul(l31, e10));
  const e30 = f64x2.mul(f64x2.sub(s, f64x2.mul(l32, e20)), p3);
  s = f64x2.sub(zero, f64x2.mul(l31, p1));
  const e31 = f64x2.mul(f64x2.sub(s, f64x2.mul(l32, e21)), p3);
  v128.store(r0, p0);
  v128.store(r1, e10);
  v128.store(r1, p1, 16);
  v128.store(r2, e20);
  v128.store(r2, e21, 16);
  v128.store(r2, p2, 32);
  v128.store(r3, e30);
  v128.store(r3, e31, 16);
  v128.store(r3, f64x2.mul(f64x2.sub(zero, f64x2.mul(l32, p2)), p3), 32);
  v128.store(r3, p3, 48);
}
