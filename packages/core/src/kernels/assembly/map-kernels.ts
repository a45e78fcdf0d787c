// The loops of `wasm-map-kernels.ts` in AssemblyScript with SIMD. Operations and their order are those of
// `plain-map-kernels.ts`, so the bytes are equal. All pointers are byte offsets into the memory that the host allocates.
// A matrix is `first` (one column for four rows) and `weights` (for four rows: `band` vectors of four).

/**
 * The columns of each row of `[height, width]` become `groups` vectors of four: `out` is `[height, 4 · groups]`.
 * Four columns read the same run, so a sample is spread over the vector and the weights are the vector.
 */
export function smoothAcross(
  grid: usize,
  width: usize,
  height: usize,
  first: usize,
  weights: usize,
  band: usize,
  groups: usize,
  out: usize,
): void {
  const run = band * 4;
  for (let y: usize = 0; y < height; y++, grid += width * 4) {
    let vector = weights;
    for (let group: usize = 0; group < groups; group++, out += 16) {
      let at = grid + load<u32>(first + group * 4) * 4;
      let sum = f32x4.splat(0);
      for (const end = at + run; at < end; at += 4, vector += 16)
        sum = f32x4.add(sum, f32x4.mul(v128.load_splat<u32>(at), v128.load(vector)));
      v128.store(out, sum);
    }
  }
}

// @ts-ignore: decorator
@inline
function addProduct(sum: v128, values: v128, weight: usize): v128 {
  return f32x4.add(sum, f32x4.mul(values, v128.load_splat<u32>(weight)));
}

/**
 * The rows of `wide` (`stride` bytes each, a multiple of 32) become `groups` times four rows of the same length. Four
 * rows read the same run, so what is read is used four times.
 */
export function smoothDown(
  wide: usize,
  stride: usize,
  first: usize,
  weights: usize,
  band: usize,
  groups: usize,
  out: usize,
): void {
  const run = band * 16;
  for (let group: usize = 0; group < groups; group++, weights += run, out += 4 * stride) {
    const rows = wide + load<u32>(first + group * 4) * stride;
    for (let x: usize = 0; x < stride; x += 32) {
      let left0 = f32x4.splat(0);
      let left1 = left0;
      let left2 = left0;
      let left3 = left0;
      let right0 = left0;
      let right1 = left0;
      let right2 = left0;
      let right3 = left0;
      let at = rows + x;
      for (let weight = weights; weight < weights + run; weight += 16, at += stride) {
        const left = v128.load(at);
        const right = v128.load(at, 16);
        left0 = addProduct(left0, left, weight);
        right0 = addProduct(right0, right, weight);
        left1 = addProduct(left1, left, weight + 4);
        right1 = addProduct(right1, right, weight + 4);
        left2 = addProduct(left2, left, weight + 8);
        right2 = addProduct(right2, right, weight + 8);
        left3 = addProduct(left3, left, weight + 12);
        right3 = addProduct(right3, right, weight + 12);
      }
      let to = out + x;
      v128.store(to, left0);
      v128.store(to, right0, 16);
      v128.store((to += stride), left1);
      v128.store(to, right1, 16);
      v128.store((to += stride), left2);
      v128.store(to, right2, 16);
      v128.store((to += stride), left3);
      v128.store(to, right3, 16);
    }
  }
}

// @ts-ignore: decorator
@inline
function higher(highest: f32, value: f32): f32 {
  return value > highest ? value : highest;
}

/** The largest of the values; NaN counts as nothing: every comparison with it is false. */
export function maximum(values: usize, count: usize): f32 {
  const end = values + count * 4;
  // Four at a time, because each step waits for the one before.
  let four0 = f32x4.splat(-Infinity);
  let four1 = four0;
  let four2 = four0;
  let four3 = four0;
  for (; values + 64 <= end; values += 64) {
    four0 = f32x4.pmax(four0, v128.load(values));
    four1 = f32x4.pmax(four1, v128.load(values, 16));
    four2 = f32x4.pmax(four2, v128.load(values, 32));
    four3 = f32x4.pmax(four3, v128.load(values, 48));
  }
  const four = f32x4.pmax(f32x4.pmax(four0, four1), f32x4.pmax(four2, four3));
  let highest = f32x4.extract_lane(four, 0);
  highest = higher(highest, f32x4.extract_lane(four, 1));
  highest = higher(highest, f32x4.extract_lane(four, 2));
  highest = higher(highest, f32x4.extract_lane(four, 3));
  for (; values < end; values += 4) highest = higher(highest, load<f32>(values));
  return highest + 0;
}

/** How many values are at least `floor`. */
export function countAtLeast(values: usize, count: usize, floor: f32): u32 {
  const limit = f32x4.splat(floor);
  const end = values + count * 4;
  // A true comparison is −1.
  let four = i32x4.splat(0);
  for (; values + 16 <= end; values += 16) four = i32x4.sub(four, f32x4.ge(v128.load(values), limit));
  let reached = i32x4.extract_lane(four, 0) + i32x4.extract_lane(four, 1);
  reached += i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3);
  for (; values < end; values += 4) reached += i32(load<f32>(values) >= floor);
  return reached;
}

/** Copies the values that are at least `floor`, in their order. */
export function collectAtLeast(values: usize, count: usize, floor: f32, out: usize): void {
  const limit = f32x4.splat(floor);
  const end = values + count * 4;
  while (values < end) {
    if (values + 16 <= end && !v128.any_true(f32x4.ge(v128.load(values), limit))) {
      values += 16;
      continue;
    }
    for (const last = min(values + 16, end); values < last; values += 4) {
      const value = load<f32>(values);
      if (!(value >= floor)) continue;
      store<f32>(out, value);
      out += 4;
    }
  }
}
