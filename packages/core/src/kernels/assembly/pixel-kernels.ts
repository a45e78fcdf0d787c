// The inner loops of `wasm-pixel-kernels.ts` in AssemblyScript with SIMD: one row at a time. Operations and their order
// are those of `plain-pixel-kernels.ts`, so the bytes are equal. All pointers are byte offsets into the memory that the
// host allocates. Loops go on to whole vectors: behind every row there is room that may be read and overwritten.

export { averageAcross, averageDown, filterAcross, filterDown } from "./runs";

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

/** Looks up each sample in its channel's table of 256 floats and writes it to its channel's plane of `pixels` floats. */
export function planes(picture: usize, tables: usize, out: usize, pixels: usize): void {
  const green = out + pixels * 4;
  const blue = green + pixels * 4;
  const bytes = pixels * 4;
  for (let at: usize = 0; at < bytes; at += 4, picture += 3) {
    store<f32>(out + at, load<f32>(tables + (usize(load<u8>(picture)) << 2)));
    store<f32>(green + at, load<f32>(tables + (usize(load<u8>(picture, 1)) << 2), 1024));
    store<f32>(blue + at, load<f32>(tables + (usize(load<u8>(picture, 2)) << 2), 2048));
  }
}

/** The largest of the values; NaN when one of them is NaN or infinite, because only those less themselves are not 0. */
export function highest(values: usize, count: usize): f32 {
  const end = values + count * 4;
  let four = f32x4.splat(-Infinity);
  let odd = f32x4.splat(0);
  for (; values + 16 <= end; values += 16) {
    const some = v128.load(values);
    four = f32x4.pmax(four, some);
    odd = f32x4.add(odd, f32x4.sub(some, some));
  }
  let most = f32x4.extract_lane(four, 0);
  most = max(most, max(f32x4.extract_lane(four, 1), max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3))));
  most += f32x4.extract_lane(odd, 0) + f32x4.extract_lane(odd, 1);
  most += f32x4.extract_lane(odd, 2) + f32x4.extract_lane(odd, 3);
  for (; values < end; values += 4) most = max(most, load<f32>(values)) + (load<f32>(values) - load<f32>(values));
  return most;
}

// @ts-ignore: decorator
@inline
function reaches(values: usize, floor: v128, equal: v128): v128 {
  const four = v128.load(values);
  return v128.or(f32x4.gt(four, floor), v128.and(f32x4.eq(four, floor), equal));
}

/** 1 where a value is above `floor`, or equal to it and `equal` is −1; else 0. Sixteen values at a time. */
export function mark(values: usize, floor: f32, equal: i32, out: usize, count: usize): void {
  const limit = f32x4.splat(floor);
  const too = i32x4.splat(equal);
  for (let at: usize = 0; at < count; at += 16, values += 64) {
    const marks = i8x16.narrow_i16x8_s(
      i16x8.narrow_i32x4_s(reaches(values, limit, too), reaches(values + 16, limit, too)),
      i16x8.narrow_i32x4_s(reaches(values + 32, limit, too), reaches(values + 48, limit, too)),
    );
    v128.store(out + at, v128.and(marks, i8x16.splat(1)));
  }
}

/** (value − middle) / span + ½, cut to 0 and 1. */
export function normalise(values: usize, middle: f32, span: f32, out: usize, count: usize): void {
  const bytes = count * 4;
  const less = f32x4.splat(middle);
  const by = f32x4.splat(span);
  for (let at: usize = 0; at < bytes; at += 16) {
    const share = f32x4.add(f32x4.div(f32x4.sub(v128.load(values + at), less), by), f32x4.splat(0.5));
    v128.store(out + at, f32x4.max(f32x4.min(share, f32x4.splat(1)), f32x4.splat(0)));
  }
}
