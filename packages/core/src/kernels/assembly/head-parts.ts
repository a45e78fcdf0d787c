// What the distances of all precisions have in common (`head-kernels.ts`, `head-integers.ts`).
//
// Factors are read from memory once for each picture, which takes as long as the arithmetic: each stretch of them is
// touched line by line before it is worked on, so that many reads are under way at once.

/** Bytes of one row of float32: eight cells. */
export const ROW: usize = 32;
/** Bytes of factors that are touched at a time. */
const STRETCH: usize = 32768;

/**
 * Parts of the scratch, see `scratchBytes` of the host: a block's deltas channel by channel, the same in the block's
 * order, results of a block cut short.
 */
// @ts-ignore: decorator
@inline
export function orderedOf(scratch: usize, groups: usize): usize {
  return scratch + groups * 4 * ROW;
}

// @ts-ignore: decorator
@inline
export function spareOf(scratch: usize, groups: usize): usize {
  return scratch + groups * 8 * ROW;
}

/** Reads one word of each cache line from `from` on, at most a stretch; gives where it ended. */
// @ts-ignore: decorator
@inline
export function touch(from: usize, end: usize, sink: usize): usize {
  const to = end - from > STRETCH ? from + STRETCH : end;
  let sum: i32 = 0;
  for (let at = from; at < to; at += 64) sum ^= load<i32>(at);
  store<i32>(sink, sum);
  return to;
}

/** delta = embedding − mean for one block; where cells are missing the embedding counts as 0. */
export function centre(
  embedding: usize,
  cells: usize,
  first: usize,
  mean: usize,
  channels: usize,
  groups: usize,
  delta: usize,
): void {
  let stride = cells * 4;
  let from = embedding + first * 4;
  if (cells - first < 8) {
    const count = cells - first;
    for (let d: usize = 0; d < channels; d++)
      for (let cell: usize = 0; cell < 8; cell++)
        store<f32>(delta + d * ROW + cell * 4, cell < count ? load<f32>(from + d * stride + cell * 4) : 0);
    from = delta;
    stride = ROW;
  }
  const end = delta + channels * ROW;
  let to = delta;
  for (; to < end; to += ROW, from += stride, mean += ROW) {
    v128.store(to, f32x4.sub(v128.load(from), v128.load(mean)));
    v128.store(to, f32x4.sub(v128.load(from, 16), v128.load(mean, 16)), 16);
  }
  const zero = f32x4.splat(0);
  for (const last = delta + groups * 4 * ROW; to < last; to += ROW) {
    v128.store(to, zero);
    v128.store(to, zero, 16);
  }
}

/** Passes on as many of a block's results as there are cells. */
// @ts-ignore: decorator
@inline
export function finish(low: v128, high: v128, cells: usize, first: usize, spare: usize, out: usize): void {
  const count = cells - first;
  const to = out + first * 4;
  const target = count < 8 ? spare : to;
  v128.store(target, low);
  v128.store(target, high, 16);
  if (count < 8) for (let cell: usize = 0; cell < count; cell++) store<f32>(to + cell * 4, load<f32>(spare + cell * 4));
}

/** Where channel number `lane` of an order's row has its number, 32 bits of a row of deltas. */
// @ts-ignore: decorator
@inline
export function placeOf(delta: usize, order: usize, lane: usize): usize {
  return delta + <usize>load<u16>(order + 2 * lane) * ROW + 4 * lane;
}

/** Whole numbers of 32 bits in a block's order: rows of deltas from `rank` on. */
export function orderWhole(delta: usize, order: usize, rank: usize, channels: usize, ordered: usize): void {
  order += rank * 16;
  for (let to = ordered + rank * ROW; rank < channels; rank++, order += 16, to += ROW)
    for (let lane: usize = 0; lane < 8; lane++) store<i32>(to + 4 * lane, load<i32>(placeOf(delta, order, lane)));
}

// @ts-ignore: decorator
@inline
export function orderPair(delta: usize, order: usize, lane: usize, to: usize): void {
  const even = <i32>load<u16>(placeOf(delta, order, lane));
  store<i32>(to + 4 * lane, even | (load<i32>(placeOf(delta, order + 16, lane)) << 16));
}

/** The lower 16 bits in a block's order, two rows as one of pairs, for as many channels as the triangle has. */
export function orderPairs(delta: usize, order: usize, linked: usize, ordered: usize): void {
  for (const end = ordered + linked * 2 * ROW; ordered < end; ordered += ROW, order += 32) {
    orderPair(delta, order, 0, ordered);
    orderPair(delta, order, 1, ordered);
    orderPair(delta, order, 2, ordered);
    orderPair(delta, order, 3, ordered);
    orderPair(delta, order, 4, ordered);
    orderPair(delta, order, 5, ordered);
    orderPair(delta, order, 6, ordered);
    orderPair(delta, order, 7, ordered);
  }
}

// @ts-ignore: decorator
@inline
export function addSquare(sum: v128, a: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, a));
}

// @ts-ignore: decorator
@inline
export function addSquares(sum: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  return addSquare(addSquare(addSquare(addSquare(sum, a), b), c), d);
}
