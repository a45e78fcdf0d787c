// The inner loops of `wasm-pixel-kernels.ts` in AssemblyScript with SIMD: one row at a time. Operations and their order
// are those of `plain-pixel-kernels.ts`, so the bytes are equal. All pointers are byte offsets into the memory that the
// host allocates. Loops go on to whole vectors: behind every row there is room that may be read and overwritten.

/** Four floats of a row: left · lowShare + right · highShare. `low` and `high` hold byte offsets in the source row. */
export function interpolateFloats(
  source: usize,
  low: usize,
  high: usize,
  lowShares: usize,
  highShares: usize,
  out: usize,
  count: usize,
): void {
  const bytes = count * 4;
  for (let at: usize = 0; at < bytes; at += 16) {
    let left = v128.load_zero<u32>(source + load<u32>(low + at));
    left = v128.load_lane<u32>(source + load<u32>(low + at, 4), left, 1);
    left = v128.load_lane<u32>(source + load<u32>(low + at, 8), left, 2);
    left = v128.load_lane<u32>(source + load<u32>(low + at, 12), left, 3);
    let right = v128.load_zero<u32>(source + load<u32>(high + at));
    right = v128.load_lane<u32>(source + load<u32>(high + at, 4), right, 1);
    right = v128.load_lane<u32>(source + load<u32>(high + at, 8), right, 2);
    right = v128.load_lane<u32>(source + load<u32>(high + at, 12), right, 3);
    const sum = f32x4.add(
      f32x4.mul(left, v128.load(lowShares + at)),
      f32x4.mul(right, v128.load(highShares + at)),
    );
    v128.store(out + at, sum);
  }
}

export function blendFloats(
  upper: usize,
  lower: usize,
  upperShare: f32,
  lowerShare: f32,
  out: usize,
  count: usize,
): void {
  const top = f32x4.splat(upperShare);
  const bottom = f32x4.splat(lowerShare);
  const bytes = count * 4;
  for (let at: usize = 0; at < bytes; at += 16) {
    const sum = f32x4.add(
      f32x4.mul(v128.load(upper + at), top),
      f32x4.mul(v128.load(lower + at), bottom),
    );
    v128.store(out + at, sum);
  }
}

/**
 * One pixel of 1 to 4 samples at a time: four samples are read and written, those beyond the pixel are overwritten by
 * the next. A weight is the pair (lowWeight, highWeight) of 16 bits each.
 */
export function interpolateBytes(
  source: usize,
  low: usize,
  high: usize,
  weights: usize,
  out: usize,
  channels: usize,
  pixels: usize,
): void {
  const bytes = pixels * 4;
  const zero = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 4, out += channels * 4) {
    let both = v128.load_zero<u32>(source + load<u32>(low + at));
    both = v128.load_lane<u32>(source + load<u32>(high + at), both, 1);
    const pairs = v128.shuffle<u8>(both, zero, 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16);
    const sum = i32x4.dot_i16x8_s(pairs, v128.load_splat<u32>(weights + at));
    v128.store(out, i32x4.shr_s(sum, 4));
  }
}

// @ts-ignore: decorator
@inline
function blendFour(upper: usize, lower: usize, top: v128, bottom: v128): v128 {
  const share = i32x4.add(
    i32x4.shr_s(i32x4.mul(v128.load(upper), top), 16),
    i32x4.shr_s(i32x4.mul(v128.load(lower), bottom), 16),
  );
  return i32x4.shr_s(i32x4.add(share, i32x4.splat(2)), 2);
}

export function blendBytes(
  upper: usize,
  lower: usize,
  upperWeight: i32,
  lowerWeight: i32,
  out: usize,
  count: usize,
): void {
  const top = i32x4.splat(upperWeight);
  const bottom = i32x4.splat(lowerWeight);
  for (let at: usize = 0; at < count; at += 16, upper += 64, lower += 64) {
    const first = blendFour(upper, lower, top, bottom);
    const second = blendFour(upper + 16, lower + 16, top, bottom);
    const third = blendFour(upper + 32, lower + 32, top, bottom);
    const fourth = blendFour(upper + 48, lower + 48, top, bottom);
    v128.store(
      out + at,
      i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(first, second), i16x8.narrow_i32x4_s(third, fourth)),
    );
  }
}

/** Bytes of the table of one channel. */
const TABLE: usize = 65536;

// @ts-ignore: decorator
@inline
function colourPixel(row: usize, picture: usize, out: usize): void {
  store<u8>(out, load<u8>(row + load<u8>(picture)));
  store<u8>(out, load<u8>(row + load<u8>(picture, 1), TABLE), 1);
  store<u8>(out, load<u8>(row + load<u8>(picture, 2), 2 * TABLE), 2);
}

/** Four pixels at a time. A level is the low byte of the truncated integer; what no integer of 32 bits holds is 0. */
export function colour(values: usize, picture: usize, tables: usize, out: usize, pixels: usize): void {
  const bytes = pixels * 4;
  for (let at: usize = 0; at < bytes; at += 16, picture += 12, out += 12) {
    const scaled = f32x4.mul(v128.load(values + at), f32x4.splat(255));
    const inside = f32x4.lt(f32x4.abs(scaled), f32x4.splat(2147483648));
    const whole = v128.and(i32x4.trunc_sat_f32x4_s(scaled), inside);
    const rows = i32x4.shl(v128.and(whole, i32x4.splat(255)), 8);
    colourPixel(tables + usize(i32x4.extract_lane(rows, 0)), picture, out);
    colourPixel(tables + usize(i32x4.extract_lane(rows, 1)), picture + 3, out + 3);
    colourPixel(tables + usize(i32x4.extract_lane(rows, 2)), picture + 6, out + 6);
    colourPixel(tables + usize(i32x4.extract_lane(rows, 3)), picture + 9, out + 9);
  }
}
