// The kernels of `kernels.ts` in AssemblyScript with SIMD. Operations and their order are those of `plain-kernels.ts`,
// so the bytes are equal. All pointers are byte offsets into the memory that the host allocates.
//
// A processor does two additions a cycle but only on numbers that it has: so every loop works on a small rectangle of
// results that stays in registers, and reads a scratch in which everything that it needs stands in a row. The two
// lanes of one vector are done with before the next two begin:
// `delta`     [32 vectors of the tile][rows][16 pictures][2 lanes], rows = channels rounded up to four;
// `triangles` [4 vectors of eight lanes][packed rows][2 lanes].

export { whiten } from "./whiten";
import { loadTriangles, rounded, triangle, triangleBytes } from "./triangles";

/** Bytes of one row of a tile: 64 lanes of float64. */
const ROW: usize = 512;
/** Bytes of eight lanes. */
const GROUP: usize = 64;
/** Vectors in a tile. */
const VECTORS: usize = 32;
/** Bytes of one row of `delta`: 16 pictures in two lanes. */
const STRIP: usize = 256;

/** Whether all numbers (float32, `count` a multiple of four) are finite: then every difference of equals is 0. */
export function allFinite(values: usize, count: usize): i32 {
  let s0 = f32x4.splat(0);
  const end = values + count * 4;
  for (let at = values; at < end; at += 16) {
    const x = v128.load(at);
    s0 = f32x4.add(s0, f32x4.sub(x, x));
  }
  return i32(v128.any_true(s0)) ^ 1;
}

/**
 * Fills `delta` with one tile of a block of pictures, `picture` bytes apart, less a centre; adds the differences to
 * `sum` unless it is 0.
 * Rows and pictures are filled up with zeros to a multiple of four.
 */
export function centre(
  block: usize,
  picture: usize,
  stride: usize,
  channels: usize,
  pictures: usize,
  middle: usize,
  sum: usize,
  delta: usize,
): void {
  const vector = rounded(channels) * STRIP;
  for (let d: usize = 0; d < channels; d++, block += stride, delta += STRIP) {
    for (let quad: usize = 0; quad < VECTORS / 2; quad++) {
      const at = d * ROW + quad * 32;
      const m0 = v128.load(middle + at);
      const m1 = v128.load(middle + at, 16);
      let s0 = f64x2.splat(0);
      let s1 = s0;
      if (sum != 0) {
        s0 = v128.load(sum + at);
        s1 = v128.load(sum + at, 16);
      }
      let from = block + quad * 16;
      const to = delta + 2 * quad * vector;
      for (let b: usize = 0; b < pictures; b++, from += picture) {
        const x = v128.load(from);
        const d0 = f64x2.sub(f64x2.promote_low_f32x4(x), m0);
        const d1 = f64x2.sub(f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0)), m1);
        v128.store(to + b * 16, d0);
        v128.store(to + b * 16 + vector, d1);
        s0 = f64x2.add(s0, d0);
        s1 = f64x2.add(s1, d1);
      }
      for (let b = pictures; b % 4 != 0; b++) {
        v128.store(to + b * 16, f64x2.splat(0));
        v128.store(to + b * 16 + vector, f64x2.splat(0));
      }
      if (sum != 0) {
        v128.store(sum + at, s0);
        v128.store(sum + at, s1, 16);
      }
    }
  }
  for (let v: usize = 0; v < VECTORS; v++)
    memory.fill(delta + v * vector, 0, (rounded(channels) - channels) * STRIP);
}

/** `scatter[i ≥ j] += Σ_b δ_b[i] · δ_b[j]`. */
export function addOuterProducts(scatter: usize, delta: usize, channels: usize, pictures: usize): void {
  const vector = rounded(channels) * STRIP;
  const whole = channels & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const rows = scatter + triangle(i) * ROW;
    const left = delta + i * STRIP;
    for (let j: usize = 0; j < i; j += 2) {
      const right = delta + j * STRIP;
      for (let v: usize = 0; v < VECTORS; v++) {
        const o = v * vector;
        fourByTwo(rows + j * ROW + v * 16, (i + 1) * ROW, left + o, right + o, pictures);
      }
    }
    for (let v: usize = 0; v < VECTORS; v++)
      onDiagonal(rows + i * ROW + v * 16, (i + 1) * ROW, left + v * vector, pictures);
  }
  for (let i = whole; i < channels; i++)
    for (let j: usize = 0; j <= i; j++)
      for (let v: usize = 0; v < VECTORS; v++) {
        const at = scatter + (triangle(i) + j) * ROW + v * 16;
        const o = delta + v * vector;
        oneByOne(at, o + i * STRIP, o + j * STRIP, pictures);
      }
}

// @ts-ignore: decorator
@inline
function oneByOne(at: usize, left: usize, right: usize, pictures: usize): void {
  let s = v128.load(at);
  for (const end = left + pictures * 16; left < end; left += 16, right += 16)
    s = f64x2.add(s, f64x2.mul(v128.load(left), v128.load(right)));
  v128.store(at, s);
}

/** Rows i to i + 3, columns j and j + 1; `step` = bytes from row i to row i + 1, and each is one longer. */
// @ts-ignore: decorator
@inline
function fourByTwo(t0: usize, step: usize, left: usize, right: usize, pictures: usize): void {
  const t1 = t0 + step;
  const t2 = t1 + step + ROW;
  const t3 = t2 + step + 2 * ROW;
  let s00 = v128.load(t0);
  let s01 = v128.load(t0, ROW);
  let s10 = v128.load(t1);
  let s11 = v128.load(t1, ROW);
  let s20 = v128.load(t2);
  let s21 = v128.load(t2, ROW);
  let s30 = v128.load(t3);
  let s31 = v128.load(t3, ROW);
  for (const end = left + pictures * 16; left < end; left += 16, right += 16) {
    const x0 = v128.load(left);
    const x1 = v128.load(left, STRIP);
    const x2 = v128.load(left, 2 * STRIP);
    const x3 = v128.load(left, 3 * STRIP);
    const y0 = v128.load(right);
    s00 = f64x2.add(s00, f64x2.mul(x0, y0));
    s10 = f64x2.add(s10, f64x2.mul(x1, y0));
    s20 = f64x2.add(s20, f64x2.mul(x2, y0));
    s30 = f64x2.add(s30, f64x2.mul(x3, y0));
    const y1 = v128.load(right, STRIP);
    s01 = f64x2.add(s01, f64x2.mul(x0, y1));
    s11 = f64x2.add(s11, f64x2.mul(x1, y1));
    s21 = f64x2.add(s21, f64x2.mul(x2, y1));
    s31 = f64x2.add(s31, f64x2.mul(x3, y1));
  }
  v128.store(t0, s00);
  v128.store(t0, s01, ROW);
  v128.store(t1, s10);
  v128.store(t1, s11, ROW);
  v128.store(t2, s20);
  v128.store(t2, s21, ROW);
  v128.store(t3, s30);
  v128.store(t3, s31, ROW);
}

/** The ten entries of rows and columns i to i + 3. */
// @ts-ignore: decorator
@inline
function onDiagonal(t0: usize, step: usize, left: usize, pictures: usize): void {
  const t1 = t0 + step;
  const t2 = t1 + step + ROW;
  const t3 = t2 + step + 2 * ROW;
  let s00 = v128.load(t0);
  let s10 = v128.load(t1);
  let s11 = v128.load(t1, ROW);
  let s20 = v128.load(t2);
  let s21 = v128.load(t2, ROW);
  let s22 = v128.load(t2, 2 * ROW);
  let s30 = v128.load(t3);
  let s31 = v128.load(t3, ROW);
  let s32 = v128.load(t3, 2 * ROW);
  let s33 = v128.load(t3, 3 * ROW);
  for (const end = left + pictures * 16; left < end; left += 16) {
    const x0 = v128.load(left);
    const x1 = v128.load(left, STRIP);
    const x2 = v128.load(left, 2 * STRIP);
    const x3 = v128.load(left, 3 * STRIP);
    s00 = f64x2.add(s00, f64x2.mul(x0, x0));
    s10 = f64x2.add(s10, f64x2.mul(x1, x0));
    s11 = f64x2.add(s11, f64x2.mul(x1, x1));
    s20 = f64x2.add(s20, f64x2.mul(x2, x0));
    s21 = f64x2.add(s21, f64x2.mul(x2, x1));
    s22 = f64x2.add(s22, f64x2.mul(x2, x2));
    s30 = f64x2.add(s30, f64x2.mul(x3, x0));
    s31 = f64x2.add(s31, f64x2.mul(x3, x1));
    s32 = f64x2.add(s32, f64x2.mul(x3, x2));
    s33 = f64x2.add(s33, f64x2.mul(x3, x3));
  }
  v128.store(t0, s00);
  v128.store(t1, s10);
  v128.store(t1, s11, ROW);
  v128.store(t2, s20);
  v128.store(t2, s21, ROW);
  v128.store(t2, s22, 2 * ROW);
  v128.store(t3, s30);
  v128.store(t3, s31, ROW);
  v128.store(t3, s32, 2 * ROW);
  v128.store(t3, s33, 3 * ROW);
}

/** `out = scatter − sum·sumᵀ / count` for a tile. */
export function centreScatter(sum: usize, scatter: usize, channels: usize, count: f64, out: usize): void {
  const divisor = f64x2.splat(count);
  let at: usize = 0;
  for (let i: usize = 0; i < channels; i++) {
    for (let lane: usize = 0; lane < ROW; lane += GROUP) {
      const x = sum + i * ROW + lane;
      const x0 = f64x2.div(v128.load(x), divisor);
      const x1 = f64x2.div(v128.load(x, 16), divisor);
      const x2 = f64x2.div(v128.load(x, 32), divisor);
      const x3 = f64x2.div(v128.load(x, 48), divisor);
      let from = scatter + at + lane;
      let to = out + at + lane;
      let y = sum + lane;
      for (let j: usize = 0; j <= i; j++, from += ROW, to += ROW, y += ROW) {
        v128.store(to, f64x2.sub(v128.load(from), f64x2.mul(x0, v128.load(y))));
        v128.store(to, f64x2.sub(v128.load(from, 16), f64x2.mul(x1, v128.load(y, 16))), 16);
        v128.store(to, f64x2.sub(v128.load(from, 32), f64x2.mul(x2, v128.load(y, 32))), 32);
        v128.store(to, f64x2.sub(v128.load(from, 48), f64x2.mul(x3, v128.load(y, 48))), 48);
      }
    }
    at += (i + 1) * ROW;
  }
}

/** δ → W·δ in place, from the last row to the first: what a row needs stands in it and above. */
export function whitenVectors(
  factors: usize,
  delta: usize,
  channels: usize,
  pictures: usize,
  triangles: usize,
): void {
  const rows = rounded(channels);
  const vector = rows * STRIP;
  for (let group: usize = 0; group < ROW; group += GROUP) {
    loadTriangles(factors + group, channels, triangles);
    for (let v: usize = 0; v < 4; v++) {
      const w = triangles + v * triangleBytes(rows);
      for (let i = rows; i > 0; i -= 2)
        for (let b: usize = 0; b < pictures; b += 4) twoByFour(w + triangle(i - 2) * 16, i - 2, delta + b * 16);
      delta += vector;
    }
  }
}

/** Rows i and i + 1 of four pictures. */
// @ts-ignore: decorator
@inline
function twoByFour(w0: usize, i: usize, delta: usize): void {
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  let y = delta;
  let w1 = w0 + (i + 1) * 16;
  for (const end = delta + i * STRIP; y <= end; y += STRIP, w0 += 16, w1 += 16) {
    const x0 = v128.load(w0);
    const x1 = v128.load(w1);
    const y0 = v128.load(y);
    s00 = f64x2.add(s00, f64x2.mul(x0, y0));
    s10 = f64x2.add(s10, f64x2.mul(x1, y0));
    const y1 = v128.load(y, 16);
    s01 = f64x2.add(s01, f64x2.mul(x0, y1));
    s11 = f64x2.add(s11, f64x2.mul(x1, y1));
    const y2 = v128.load(y, 32);
    s02 = f64x2.add(s02, f64x2.mul(x0, y2));
    s12 = f64x2.add(s12, f64x2.mul(x1, y2));
    const y3 = v128.load(y, 48);
    s03 = f64x2.add(s03, f64x2.mul(x0, y3));
    s13 = f64x2.add(s13, f64x2.mul(x1, y3));
  }
  const last = v128.load(w1);
  v128.store(y, f64x2.add(s10, f64x2.mul(last, v128.load(y))));
  v128.store(y, f64x2.add(s11, f64x2.mul(last, v128.load(y, 16))), 16);
  v128.store(y, f64x2.add(s12, f64x2.mul(last, v128.load(y, 32))), 32);
  v128.store(y, f64x2.add(s13, f64x2.mul(last, v128.load(y, 48))), 48);
  y -= STRIP;
  v128.store(y, s00);
  v128.store(y, s01, 16);
  v128.store(y, s02, 32);
  v128.store(y, s03, 48);
}

/** `out[p(p+1)/2 + q] = Σ_i δ_p[i] · δ_q[i]` for all pairs p ≥ q of pictures, or with p = q only: `out[p]`. */
export function innerProducts(delta: usize, channels: usize, pictures: usize, pairs: i32, out: usize): void {
  const vector = rounded(channels) * STRIP;
  for (let v: usize = 0; v < VECTORS; v++, delta += vector, out += 16) {
    let at = out;
    for (let p: usize = 0; p < pictures; p++)
      for (let q: usize = pairs ? 0 : p; q <= p; q++, at += ROW) {
        let s = f64x2.splat(0);
        let x = delta + p * 16;
        let y = delta + q * 16;
        for (const end = x + channels * STRIP; x < end; x += STRIP, y += STRIP)
          s = f64x2.add(s, f64x2.mul(v128.load(x), v128.load(y)));
        v128.store(at, s);
      }
  }
}
