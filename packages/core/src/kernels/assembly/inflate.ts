// Inflate (RFC 1951) for streams that are right to the last bit; all others are refused. Stops and goes on wherever the
// host wants, so that what has come out can be worked on meanwhile. All pointers are byte offsets; behind the stream the
// host leaves 64 bytes that may be read, behind the output 320 that may be written.
import {
  bitsOf,
  COPY,
  countOf,
  DEEPER,
  DISTANCE_BITS,
  DISTANCES,
  END,
  fixedCodes,
  LITERAL,
  LITERAL_BITS,
  LITERALS,
  ownCodes,
  ROOM,
  refill,
  setReader,
  sourceOf,
  take,
} from "./inflate-codes";

// Parts of the room behind the reader, u32 each: where the stream ends, where the output began and where it has got to,
// what comes next, whether this block is the last, bytes of a stored block that are left.
const STOP: usize = 16;
const FIRST: usize = 20;
const OUT: usize = 24;
const STATE: usize = 28;
const LAST: usize = 32;
const STORED_LEFT: usize = 36;
/** `[16, 16]` bytes: how a distance below 16 repeats. */
const PATTERNS: usize = 1152;

/** What comes next, or that nothing does; the host knows the last two. */
const HEADER: u32 = 0;
const CODED: u32 = 1;
const STORED: u32 = 2;
const DONE: u32 = 3;
const BROKEN: u32 = 4;

/** Bytes that the others need for their state and tables. */
export function inflateRoom(): usize {
  return ROOM;
}

/** Begins a stream. */
export function inflateBegin(room: usize, source: usize, end: usize, out: usize): void {
  setReader(room, 0, 0, source);
  store<u32>(room, <u32>end, STOP);
  store<u32>(room, <u32>out, FIRST);
  store<u32>(room, <u32>out, OUT);
  store<u32>(room, HEADER, STATE);
  store<u32>(room, 0, LAST);
  for (let distance: u32 = 1; distance < 16; distance++)
    for (let i: u32 = 0; i < 16; i++) store<u8>(room + PATTERNS + 16 * distance + i, <u8>(i % distance));
}

/** Where the output has got to. */
export function inflateOut(room: usize): usize {
  return load<u32>(room, OUT);
}

/** Goes on until the output has reached the limit or a little more, or the stream has ended. Gives the state. */
export function inflateOn(room: usize, limit: usize): u32 {
  let state = load<u32>(room, STATE);
  while (state < DONE && load<u32>(room, OUT) < <u32>limit) {
    if (state == HEADER) state = load<u32>(room, LAST) ? ended(room) : beginBlock(room);
    else if (state == STORED) state = copyStored(room, limit);
    else state = decode(room, limit);
  }
  if (state == HEADER && load<u32>(room, LAST)) state = ended(room);
  store<u32>(room, state, STATE);
  return state;
}

/** The last byte that was touched has to be the stream's last. */
function ended(room: usize): u32 {
  return sourceOf(room) - (countOf(room) >> 3) == load<u32>(room, STOP) ? DONE : BROKEN;
}

function beginBlock(room: usize): u32 {
  if (sourceOf(room) > load<u32>(room, STOP) + 8) return BROKEN;
  refill(room);
  store<u32>(room, take(room, 1), LAST);
  const kind = take(room, 2);
  if (kind == 1) return fixedCodes(room) ? CODED : BROKEN;
  if (kind == 2) return ownCodes(room) ? CODED : BROKEN;
  if (kind == 3) return BROKEN;
  take(room, countOf(room) & 7);
  refill(room);
  const length = take(room, 16);
  if (length != (take(room, 16) ^ 0xffff)) return BROKEN;
  setReader(room, 0, 0, sourceOf(room) - (countOf(room) >> 3));
  store<u32>(room, length, STORED_LEFT);
  return STORED;
}

function copyStored(room: usize, limit: usize): u32 {
  const out: usize = load<u32>(room, OUT);
  const left: usize = load<u32>(room, STORED_LEFT);
  const source = sourceOf(room);
  const length = min(left, limit - out);
  if (source + length > load<u32>(room, STOP)) return BROKEN;
  memory.copy(out, source, length);
  setReader(room, 0, 0, source + length);
  store<u32>(room, <u32>(out + length), OUT);
  store<u32>(room, <u32>(left - length), STORED_LEFT);
  return length == left ? HEADER : STORED;
}

/** The extra bits behind a code, and what they are added to. */
// @ts-ignore: decorator
@inline
function valueOf(entry: u32, bits: u64): usize {
  return (entry >> 16) + ((<u32>bits & ((<u32>1 << (entry & 31)) - 1)) >> ((entry >> 8) & 31));
}

/** Bytes from `distance` before `out`, up to `stop` and at most 15 more. */
// @ts-ignore: decorator
@inline
function copy(out: usize, distance: usize, stop: usize, patterns: usize): void {
  let from = out - distance;
  if (distance < 16) {
    const pattern = i8x16.swizzle(v128.load(from), v128.load(patterns + 16 * distance));
    const step = 16 - (16 % distance);
    for (; out < stop; out += step) v128.store(out, pattern);
  } else for (; out < stop; out += 16, from += 16) v128.store(out, v128.load(from));
}

/**
 * Literals and copies of a block. Of 56 bits, three entries of the literals' table take 33 at most, which leaves enough for
 * another code of any length with its extra bits (20); a distance takes 28.
 */
function decode(room: usize, limit: usize): u32 {
  const literals = room + LITERALS;
  const distances = room + DISTANCES;
  const first: usize = load<u32>(room, FIRST);
  const safe: usize = load<u32>(room, STOP) + 8;
  let out: usize = load<u32>(room, OUT);
  let source = sourceOf(room);
  let bits = bitsOf(room);
  let count = countOf(room);
  let state = CODED;
  while (out < limit) {
    if (source > safe) {
      state = BROKEN;
      break;
    }
    bits |= load<u64>(source) << count;
    source += (63 - count) >> 3;
    count |= 56;
    let entry = load<u32>(literals + 4 * (<usize>bits & 2047));
    for (let n = 0; n < 3 && entry & LITERAL; n++) {
      store<u16>(out, <u16>(entry >> 16));
      out += 1 + ((entry >> 5) & 1);
      bits >>= entry & 31;
      count -= entry & 31;
      entry = load<u32>(literals + 4 * (<usize>bits & 2047));
    }
    if (entry & DEEPER && (entry & (LITERAL | COPY)) == 0) {
      bits >>= LITERAL_BITS;
      count -= LITERAL_BITS;
      entry = load<u32>(literals + 4 * ((entry >> 16) + (<usize>bits & 15)));
    }
    if ((entry & COPY) == 0) {
      bits >>= entry & 31;
      count -= entry & 31;
      if (entry & LITERAL) {
        store<u16>(out, <u16>(entry >> 16));
        out += 1 + ((entry >> 5) & 1);
        continue;
      }
      state = entry & END ? HEADER : BROKEN;
      break;
    }
    const length = valueOf(entry, bits);
    bits >>= entry & 31;
    count -= entry & 31;
    if (count < 28) {
      bits |= load<u64>(source) << count;
      source += (63 - count) >> 3;
      count |= 56;
    }
    entry = load<u32>(distances + 4 * (<usize>bits & 511));
    if (entry & DEEPER) {
      bits >>= DISTANCE_BITS;
      count -= DISTANCE_BITS;
      entry = load<u32>(distances + 4 * ((entry >> 16) + (<usize>bits & 63)));
    }
    const distance = valueOf(entry, bits);
    bits >>= entry & 31;
    count -= entry & 31;
    if (entry == 0 || distance > out - first) {
      state = BROKEN;
      break;
    }
    copy(out, distance, out + length, room + PATTERNS);
    out += length;
  }
  setReader(room, bits, count, source);
  store<u32>(room, <u32>out, OUT);
  return state;
}

/** Bytes of which the sums stay far below 2³². */
const ADLER_STRETCH: usize = 5552;
const ADLER_PRIME: u64 = 65521;

// @ts-ignore: decorator
@inline
function sumOf(x: v128): u64 {
  return (
    u64(u32(i32x4.extract_lane(x, 0))) +
    u64(u32(i32x4.extract_lane(x, 1))) +
    u64(u32(i32x4.extract_lane(x, 2))) +
    u64(u32(i32x4.extract_lane(x, 3)))
  );
}

/** Adler-32 (RFC 1950, section 9) of the bytes so far and of those from `from` to `to`. */
export function adler(from: usize, to: usize, soFar: u32): u32 {
  let a: u64 = soFar & 0xffff;
  let b: u64 = soFar >> 16;
  const early = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const late = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (to - from >= 16) {
    const blocks = min(to - from, ADLER_STRETCH) / 16;
    let sums = i32x4.splat(0);
    let before = sums;
    let weighted = sums;
    for (const end = from + 16 * blocks; from < end; from += 16) {
      const x = v128.load(from);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(x)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(x), early));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(x), late));
    }
    b = (b + 16 * (u64(blocks) * a + sumOf(before)) + sumOf(weighted)) % ADLER_PRIME;
    a = (a + sumOf(sums)) % ADLER_PRIME;
  }
  for (; from < to; from++) {
    a += load<u8>(from);
    b += a;
  }
  return u32(a % ADLER_PRIME) | (u32(b % ADLER_PRIME) << 16);
}
