// The inner loops of `wasm-row-filters.ts` in AssemblyScript with SIMD. Operations are those of `plain-row-filters.ts`
// on bytes, so the results are equal. All pointers are byte offsets into the memory that the host allocates. One pixel
// at a time four bytes are read and written, and those beyond the pixel are overwritten by the next: behind every part
// there is room for that.

// @ts-ignore: decorator
@inline
function fromLeft(source: usize, out: usize, rowBytes: usize, pixelBytes: usize): void {
  let left = i8x16.splat(0);
  for (let at: usize = 0; at < rowBytes; at += pixelBytes) {
    left = i8x16.add(v128.load_zero<u32>(source + at), left);
    v128.store_lane<u32>(out + at, left, 0);
  }
}

// @ts-ignore: decorator
@inline
function fromAbove(source: usize, above: usize, out: usize, rowBytes: usize): void {
  for (let at: usize = 0; at < rowBytes; at += 16) {
    v128.store(out + at, i8x16.add(v128.load(source + at), v128.load(above + at)));
  }
}

// @ts-ignore: decorator
@inline
function fromMean(source: usize, above: usize, out: usize, rowBytes: usize, pixelBytes: usize): void {
  const one = i8x16.splat(1);
  let left = i8x16.splat(0);
  for (let at: usize = 0; at < rowBytes; at += pixelBytes) {
    const up = v128.load_zero<u32>(above + at);
    // The mean of the instruction is rounded up, the filter's is cut.
    const mean = i8x16.sub(i8x16.avgr_u(left, up), v128.and(v128.xor(left, up), one));
    left = i8x16.add(v128.load_zero<u32>(source + at), mean);
    v128.store_lane<u32>(out + at, left, 0);
  }
}

/**
 * Paeth's predictor by comparisons only: with t = 3 · corner − left − up it is the larger of left and up where t is
 * not above the smaller, the smaller where t is not below the larger, and else the corner. That keeps the chain from
 * one pixel to the next short. Added byte by byte: the upper bytes of the lanes stay 0.
 */
// @ts-ignore: decorator
@inline
function addNearest(value: v128, left: v128, up: v128, corner: v128): v128 {
  const threshold = i16x8.sub(i16x8.sub(i16x8.add(corner, i16x8.add(corner, corner)), up), left);
  const low = i16x8.min_s(left, up);
  const high = i16x8.max_s(left, up);
  const isHigh = i16x8.le_s(threshold, low);
  const isLow = i16x8.le_s(high, threshold);
  const toHigh = v128.and(v128.xor(high, corner), isHigh);
  const toLow = v128.andnot(v128.and(v128.xor(low, corner), isLow), isHigh);
  return i8x16.add(value, v128.xor(v128.xor(corner, toHigh), toLow));
}

// @ts-ignore: decorator
@inline
function fromNearest(source: usize, above: usize, out: usize, rowBytes: usize, pixelBytes: usize): void {
  let left = i16x8.splat(0);
  let corner = i16x8.splat(0);
  for (let at: usize = 0; at < rowBytes; at += pixelBytes) {
    const up = i16x8.extend_low_i8x16_u(v128.load_zero<u32>(above + at));
    const value = i16x8.extend_low_i8x16_u(v128.load_zero<u32>(source + at));
    left = addNearest(value, left, up, corner);
    corner = up;
    v128.store_lane<u32>(out + at, i8x16.narrow_i16x8_u(left, left), 0);
  }
}

/**
 * Two such rows at once, the lower one a pixel behind: the upper row's pixel in the low half of each vector, the lower
 * row's in the high half, whose neighbour above is the low half of the step before.
 */
// @ts-ignore: decorator
@inline
function fromNearestTwice(source: usize, above: usize, out: usize, rowBytes: usize, pixelBytes: usize): void {
  const lowerSource = source + rowBytes + 1 - pixelBytes;
  const lowerOut = out + rowBytes - pixelBytes;
  let left = i16x8.splat(0);
  let corner = i16x8.splat(0);
  for (let at: usize = 0; at <= rowBytes; at += pixelBytes) {
    const upper = i16x8.extend_low_i8x16_u(v128.load_zero<u32>(above + at));
    const up = v128.shuffle<i64>(upper, left, 0, 2);
    let packed = v128.load_zero<u32>(source + at);
    // Before its first pixel the lower row is 0.
    if (at > 0) packed = v128.load_lane<u32>(lowerSource + at, packed, 1);
    left = addNearest(i16x8.extend_low_i8x16_u(packed), left, up, corner);
    corner = up;
    const bytes = i8x16.narrow_i16x8_u(left, left);
    if (at + 4 <= rowBytes) v128.store_lane<u32>(out + at, bytes, 0);
    else if (at < rowBytes) storePixel(out + at, <u32>i32x4.extract_lane(bytes, 0), pixelBytes);
    if (at > 0) v128.store_lane<u32>(lowerOut + at, bytes, 1);
  }
}

/** Not a byte more than the pixel: behind it the lower row has begun. */
// @ts-ignore: decorator
@inline
function storePixel(out: usize, pixel: u32, pixelBytes: usize): void {
  for (let i: usize = 0; i < pixelBytes; i++, pixel >>= 8) store<u8>(out + i, <u8>pixel);
}

/**
 * Some rows; the row above the first one stands right before `out`.
 * @returns false when a row names a filter that there is not.
 */
export function undoRows(source: usize, out: usize, rows: usize, rowBytes: usize, pixelBytes: usize): bool {
  for (let row: usize = 0; row < rows; row++, source += rowBytes + 1, out += rowBytes) {
    const filter = load<u8>(source);
    const residues = source + 1;
    const above = out - rowBytes;
    if (filter == 0) memory.copy(out, residues, rowBytes);
    else if (filter == 1) fromLeft(residues, out, rowBytes, pixelBytes);
    else if (filter == 2) fromAbove(residues, above, out, rowBytes);
    else if (filter == 3) fromMean(residues, above, out, rowBytes, pixelBytes);
    else if (filter != 4) return false;
    else if (row + 1 == rows || load<u8>(residues + rowBytes) != 4)
      fromNearest(residues, above, out, rowBytes, pixelBytes);
    else {
      fromNearestTwice(residues, above, out, rowBytes, pixelBytes);
      row++;
      source += rowBytes + 1;
      out += rowBytes;
    }
  }
  return true;
}
