// The kernels of `kernels.ts` in AssemblyScript with SIMD. Eight cells (one cache line of float64) are worked on at
// once, in four vectors of two. Operations and their order are those of `plain-kernels.ts`, so the bytes are equal.
// All pointers are byte offsets into the memory that the host allocates.

/** Cells in a tile; equal to LANES of kernels.ts. */
const LANES: usize = 64;
/** Bytes of one element of all lanes. */
const ROW: usize = LANES * 8;
/** Bytes of eight lanes. */
const GROUP: usize = 64;

export function addOuterProducts(scatter: usize, delta: usize, channels: usize, pictures: usize): void {
  const picture = channels * ROW;
  let at = scatter;
  for (let i: usize = 0; i < channels; i++) {
    for (let j: usize = 0; j <= i; j++, at += ROW) {
      for (let lane: usize = 0; lane < ROW; lane += GROUP) {
        let s0 = v128.load(at + lane);
        let s1 = v128.load(at + lane, 16);
        let s2 = v128.load(at + lane, 32);
        let s3 = v128.load(at + lane, 48);
        let left = delta + i * ROW + lane;
        let right = delta + j * ROW + lane;
        for (let b: usize = 0; b < pictures; b++) {
          s0 = f64x2.add(s0, f64x2.mul(v128.load(left), v128.load(right)));
          s1 = f64x2.add(s1, f64x2.mul(v128.load(left, 16), v128.load(right, 16)));
          s2 = f64x2.add(s2, f64x2.mul(v128.load(left, 32), v128.load(right, 32)));
          s3 = f64x2.add(s3, f64x2.mul(v128.load(left, 48), v128.load(right, 48)));
          left += picture;
          right += picture;
        }
        v128.store(at + lane, s0);
        v128.store(at + lane, s1, 16);
        v128.store(at + lane, s2, 32);
        v128.store(at + lane, s3, 48);
      }
    }
  }
}

/**
 * Works on eight lanes at a time in a scratch of their own: in place their cache lines stand 512 bytes apart and share
 * an eighth of the cache's sets.
 */
export function whiten(matrices: usize, channels: usize, scratch: usize): i32 {
  const rows = (channels * (channels + 1)) / 2;
  let failed: i32 = -1;
  for (let lane: usize = 0; lane < ROW; lane += GROUP) {
    for (let row: usize = 0; row < rows; row++) copyGroup(scratch + row * GROUP, matrices + lane + row * ROW);
    const bad = factorise(scratch, channels);
    if (bad >= 0 && failed < 0) failed = i32(lane / 8) + bad;
    if (bad < 0) invert(scratch, channels);
    for (let row: usize = 0; row < rows; row++) copyGroup(matrices + lane + row * ROW, scratch + row * GROUP);
  }
  return failed;
}

// @ts-ignore: decorator
@inline
function copyGroup(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

// @ts-ignore: decorator
@inline
function grouped(i: usize, j: usize): usize {
  return ((i * (i + 1)) / 2 + j) * GROUP;
}

/** First of the eight lanes with a pivot that is not positive, or -1. */
function factorise(a: usize, channels: usize): i32 {
  for (let i: usize = 0; i < channels; i++) {
    const rowI = a + grouped(i, 0);
    for (let j: usize = 0; j <= i; j++) {
      const rowJ = a + grouped(j, 0);
      const target = rowI + j * GROUP;
      let s0 = v128.load(target);
      let s1 = v128.load(target, 16);
      let s2 = v128.load(target, 32);
      let s3 = v128.load(target, 48);
      const end = rowI + j * GROUP;
      let y = rowJ;
      for (let x = rowI; x < end; x += GROUP, y += GROUP) {
        s0 = f64x2.sub(s0, f64x2.mul(v128.load(x), v128.load(y)));
        s1 = f64x2.sub(s1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
        s2 = f64x2.sub(s2, f64x2.mul(v128.load(x, 32), v128.load(y, 32)));
        s3 = f64x2.sub(s3, f64x2.mul(v128.load(x, 48), v128.load(y, 48)));
      }
      if (i != j) {
        const pivot = rowJ + j * GROUP;
        v128.store(target, f64x2.div(s0, v128.load(pivot)));
        v128.store(target, f64x2.div(s1, v128.load(pivot, 16)), 16);
        v128.store(target, f64x2.div(s2, v128.load(pivot, 32)), 32);
        v128.store(target, f64x2.div(s3, v128.load(pivot, 48)), 48);
      } else {
        v128.store(target, s0);
        v128.store(target, s1, 16);
        v128.store(target, s2, 32);
        v128.store(target, s3, 48);
        for (let lane: usize = 0; lane < 8; lane++) if (!(load<f64>(target + lane * 8) > 0)) return i32(lane);
        v128.store(target, f64x2.sqrt(s0));
        v128.store(target, f64x2.sqrt(s1), 16);
        v128.store(target, f64x2.sqrt(s2), 32);
        v128.store(target, f64x2.sqrt(s3), 48);
      }
    }
  }
  return -1;
}

function invert(l: usize, channels: usize): void {
  const one = f64x2.splat(1);
  for (let i: usize = 0; i < channels; i++) {
    const diagonal = l + grouped(i, i);
    const p0 = f64x2.div(one, v128.load(diagonal));
    const p1 = f64x2.div(one, v128.load(diagonal, 16));
    const p2 = f64x2.div(one, v128.load(diagonal, 32));
    const p3 = f64x2.div(one, v128.load(diagonal, 48));
    for (let j: usize = 0; j < i; j++) {
      let s0 = f64x2.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let x = l + grouped(i, j);
      for (let k = j; k < i; k++, x += GROUP) {
        const y = l + grouped(k, j);
        s0 = f64x2.sub(s0, f64x2.mul(v128.load(x), v128.load(y)));
        s1 = f64x2.sub(s1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
        s2 = f64x2.sub(s2, f64x2.mul(v128.load(x, 32), v128.load(y, 32)));
        s3 = f64x2.sub(s3, f64x2.mul(v128.load(x, 48), v128.load(y, 48)));
      }
      const target = l + grouped(i, j);
      v128.store(target, f64x2.mul(s0, p0));
      v128.store(target, f64x2.mul(s1, p1), 16);
      v128.store(target, f64x2.mul(s2, p2), 32);
      v128.store(target, f64x2.mul(s3, p3), 48);
    }
    v128.store(diagonal, p0);
    v128.store(diagonal, p1, 16);
    v128.store(diagonal, p2, 32);
    v128.store(diagonal, p3, 48);
  }
}

export function squaredDistances(factors: usize, delta: usize, channels: usize, pictures: usize, out: usize): void {
  for (let b: usize = 0; b < pictures; b++) {
    for (let lane: usize = 0; lane < ROW; lane += GROUP) {
      const vector = delta + b * channels * ROW + lane;
      let t0 = f64x2.splat(0);
      let t1 = t0;
      let t2 = t0;
      let t3 = t0;
      let factor = factors + lane;
      for (let i: usize = 0; i < channels; i++) {
        let s0 = f64x2.splat(0);
        let s1 = s0;
        let s2 = s0;
        let s3 = s0;
        const end = vector + i * ROW;
        for (let y = vector; y <= end; y += ROW, factor += ROW) {
          s0 = f64x2.add(s0, f64x2.mul(v128.load(factor), v128.load(y)));
          s1 = f64x2.add(s1, f64x2.mul(v128.load(factor, 16), v128.load(y, 16)));
          s2 = f64x2.add(s2, f64x2.mul(v128.load(factor, 32), v128.load(y, 32)));
          s3 = f64x2.add(s3, f64x2.mul(v128.load(factor, 48), v128.load(y, 48)));
        }
        t0 = f64x2.add(t0, f64x2.mul(s0, s0));
        t1 = f64x2.add(t1, f64x2.mul(s1, s1));
        t2 = f64x2.add(t2, f64x2.mul(s2, s2));
        t3 = f64x2.add(t3, f64x2.mul(s3, s3));
      }
      const target = out + b * ROW + lane;
      v128.store(target, t0);
      v128.store(target, t1, 16);
      v128.store(target, t2, 32);
      v128.store(target, t3, 48);
    }
  }
}
