// Deflate's prefix codes as tables for `inflate.ts`, and the bits they are read from (RFC 1951, sections 3.2.2 to 3.2.7).
// Codes that leave combinations unused are refused, but for distances where zlib accepts them.
//
// An entry is 0 where no code leads, else, from the lowest bit: bits to consume (5), what it is (3), for copies the bits
// of the code alone (8; the others are the extra bits), then the literals, the length, the distance or the second table.

/** Bits that the first tables are entered with. Longer codes go on in a second table of all remaining bits. */
export const LITERAL_BITS: u32 = 11;
export const DISTANCE_BITS: u32 = 9;
const CODE_BITS: u32 = 7;
/** Bits of the longest code. */
export const LONGEST: u32 = 15;

/** One or two literals; two when `PAIR` is set, too. */
export const LITERAL: u32 = 0x80;
/** A length or a distance. */
export const COPY: u32 = 0x40;
export const PAIR: u32 = 0x20;
/** The code goes on in another table. Never beside `LITERAL`. */
export const DEEPER: u32 = 0x20;
export const END: u32 = 0x100;

// Parts of the room, bytes from its begin. The tables: at most every second long code opens another one.
/** The reader: u64 bits, u32 how many of them there are, u32 where it reads on. */
const BITS: usize = 0;
const COUNT: usize = 8;
const SOURCE: usize = 12;
const LENGTHS: usize = 64;
const ORDER: usize = 384;
const COUNTS: usize = 1024;
export const LITERALS: usize = 1408;
const LITERAL_BYTES: usize = 4 * (2048 + 144 * 16);
export const DISTANCES: usize = LITERALS + LITERAL_BYTES;
const DISTANCE_BYTES: usize = 4 * (512 + 16 * 64);
const CODES: usize = DISTANCES + DISTANCE_BYTES;
export const ROOM: usize = CODES + 512;

/** What a table is for. */
const FOR_LITERALS: u32 = 0;
const FOR_DISTANCES: u32 = 1;
const FOR_LENGTHS: u32 = 2;

export function bitsOf(room: usize): u64 {
  return load<u64>(room, BITS);
}

export function countOf(room: usize): u32 {
  return load<u32>(room, COUNT);
}

export function sourceOf(room: usize): usize {
  return load<u32>(room, SOURCE);
}

export function setReader(room: usize, bits: u64, count: u32, source: usize): void {
  store<u64>(room, bits, BITS);
  store<u32>(room, count, COUNT);
  store<u32>(room, <u32>source, SOURCE);
}

/** Reads on until there are 56 bits at least; up to 8 bytes behind the stream are read. */
export function refill(room: usize): void {
  const count = countOf(room);
  const source = sourceOf(room);
  setReader(room, bitsOf(room) | (load<u64>(source) << count), count | 56, source + ((63 - count) >> 3));
}

/** The next bits, at most 16 and no more than there are. */
export function take(room: usize, n: u32): u32 {
  const bits = bitsOf(room);
  store<u64>(room, bits >> n, BITS);
  store<u32>(room, countOf(room) - n, COUNT);
  return <u32>bits & ((<u32>1 << n) - 1);
}

/** Codes have their first bit lowest. */
function reversed(code: u32, length: u32): u32 {
  code = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
  code = ((code & 0x3333) << 2) | ((code >> 2) & 0x3333);
  code = ((code & 0x0f0f) << 4) | ((code >> 4) & 0x0f0f);
  code = ((code & 0x00ff) << 8) | (code >> 8);
  return code >> (16 - length);
}

/** The entry of a symbol whose code, or the rest of it, has so many bits; 0 for symbols that there are not. */
function entryOf(use: u32, symbol: u32, bits: u32): u32 {
  if (use == FOR_LENGTHS || (use == FOR_LITERALS && symbol < 256)) return LITERAL | bits | (symbol << 16);
  if (use == FOR_DISTANCES) {
    if (symbol > 29) return 0;
    if (symbol < 4) return copyOf(symbol + 1, 0, bits);
    const extra = (symbol >> 1) - 1;
    return copyOf(1 + ((2 + (symbol & 1)) << extra), extra, bits);
  }
  if (symbol == 256) return END | bits;
  const step = symbol - 257;
  if (step > 28) return 0;
  if (step == 28) return copyOf(258, 0, bits);
  if (step < 8) return copyOf(3 + step, 0, bits);
  const extra = (step >> 2) - 1;
  return copyOf(3 + ((4 + (step & 3)) << extra), extra, bits);
}

function copyOf(base: u32, extra: u32, bits: u32): u32 {
  return COPY | (bits + extra) | (bits << 8) | (base << 16);
}

/** Counts the code lengths and sorts the symbols by them. Gives false when they are no code. */
function sortSymbols(room: usize, lengths: usize, symbols: u32, use: u32): bool {
  const counts = room + COUNTS;
  const places = counts + 64;
  memory.fill(counts, 0, 64);
  for (let s: u32 = 0; s < symbols; s++) {
    const at = counts + 4 * <usize>load<u8>(lengths + s);
    store<u32>(at, load<u32>(at) + 1);
  }
  let left: i32 = 1;
  let used: u32 = 0;
  for (let n: usize = 1; n <= LONGEST; n++) {
    const count = load<u32>(counts + 4 * n);
    left = 2 * left - <i32>count;
    if (left < 0) return false;
    store<u32>(places + 4 * n, used);
    used += count;
  }
  const single = used == 0 || (used == 1 && load<u32>(counts, 4) == 1);
  if (left > 0 && !(use == FOR_DISTANCES && single)) return false;
  for (let s: u32 = 0; s < symbols; s++) {
    const n: usize = load<u8>(lengths + s);
    if (n == 0) continue;
    const place = load<u32>(places + 4 * n);
    store<u32>(places + 4 * n, place + 1);
    store<u16>(room + ORDER + 2 * <usize>place, <u16>s);
  }
  return true;
}

/** Fills a table of `bytes` that is entered with `bits`. Gives false when the lengths are no code. */
function makeTable(room: usize, lengths: usize, symbols: u32, use: u32, table: usize, bits: u32, bytes: usize): bool {
  if (!sortSymbols(room, lengths, symbols, use)) return false;
  memory.fill(table, 0, bytes);
  const rest = LONGEST - bits;
  let code: u32 = 0;
  let next: u32 = 1 << bits;
  let symbol = room + ORDER;
  for (let n: u32 = 1; n <= LONGEST; n++, code <<= 1) {
    for (let k = load<u32>(room + COUNTS + 4 * <usize>n); k > 0; k--, code++, symbol += 2) {
      const index = reversed(code, n);
      if (n <= bits) {
        spread(table, index, n, bits, entryOf(use, load<u16>(symbol), n));
        continue;
      }
      const first = table + 4 * <usize>(index & ((1 << bits) - 1));
      if (load<u32>(first) == 0) {
        store<u32>(first, DEEPER | bits | (next << 16));
        next += 1 << rest;
      }
      const second = table + 4 * <usize>(load<u32>(first) >> 16);
      spread(second, index >> bits, n - bits, rest, entryOf(use, load<u16>(symbol), n - bits));
    }
  }
  return true;
}

/** Writes an entry wherever the lowest n of the bits are its code. */
function spread(table: usize, code: u32, n: u32, bits: u32, entry: u32): void {
  for (let at = code; at < (<u32>1 << bits); at += <u32>1 << n) store<u32>(table + 4 * <usize>at, entry);
}

/** Where the bits behind a literal are another one, both are given at once. Downwards: what is looked up is still single. */
function joinLiterals(table: usize): void {
  for (let at: i32 = (1 << LITERAL_BITS) - 1; at >= 0; at--) {
    const first = load<u32>(table + 4 * <usize>at);
    if ((first & LITERAL) == 0) continue;
    const second = load<u32>(table + 4 * (<usize>at >> (first & 31)));
    const bits = (first & 31) + (second & 31);
    if ((second & LITERAL) == 0 || bits > LITERAL_BITS) continue;
    store<u32>(table + 4 * <usize>at, LITERAL | PAIR | bits | (first & 0xff0000) | ((second & 0xff0000) << 8));
  }
}

function makeTables(room: usize, literals: u32, distances: u32): bool {
  const lengths = room + LENGTHS;
  if (!makeTable(room, lengths, literals, FOR_LITERALS, room + LITERALS, LITERAL_BITS, LITERAL_BYTES)) return false;
  joinLiterals(room + LITERALS);
  const behind = lengths + literals;
  return makeTable(room, behind, distances, FOR_DISTANCES, room + DISTANCES, DISTANCE_BITS, DISTANCE_BYTES);
}

/** The codes of a block that brings none. */
export function fixedCodes(room: usize): bool {
  const lengths = room + LENGTHS;
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + 288, 5, 32);
  return makeTables(room, 288, 32);
}

/** The order in which the lengths of the code for lengths are given, five bits each. */
const FIRST_TWELVE: u64 =
  16 | (17 << 5) | (18 << 10) | (8 << 20) | (7 << 25) | (9 << 30) | (6 << 35) | (10 << 40) | (5 << 45) | (11 << 50) | (4 << 55);
const THE_OTHERS: u64 = 12 | (3 << 5) | (13 << 10) | (2 << 15) | (14 << 20) | (1 << 25) | (15 << 30);

/** The codes at the beginning of a block. Gives false where zlib finds something wrong with them. */
export function ownCodes(room: usize): bool {
  refill(room);
  const literals = take(room, 5) + 257;
  const distances = take(room, 5) + 1;
  const codes = take(room, 4) + 4;
  if (literals > 286 || distances > 30) return false;
  const lengths = room + LENGTHS;
  memory.fill(lengths, 0, 320);
  for (let i: u32 = 0; i < codes; i++) {
    refill(room);
    const symbol = (i < 12 ? FIRST_TWELVE >> (5 * i) : THE_OTHERS >> (5 * (i - 12))) & 31;
    store<u8>(lengths + <usize>symbol, <u8>take(room, 3));
  }
  if (!makeTable(room, lengths, 19, FOR_LENGTHS, room + CODES, CODE_BITS, 512)) return false;
  if (!readLengths(room, lengths, literals + distances)) return false;
  // Without an end the block would have none.
  return load<u8>(lengths, 256) != 0 && makeTables(room, literals, distances);
}

/** Run-length coded lengths of all symbols. */
function readLengths(room: usize, lengths: usize, total: u32): bool {
  for (let i: u32 = 0; i < total; ) {
    refill(room);
    const entry = load<u32>(room + CODES + 4 * (<usize>bitsOf(room) & 127));
    if (entry == 0) return false;
    take(room, entry & 31);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(lengths + i++, <u8>symbol);
      continue;
    }
    if (symbol == 16 && i == 0) return false;
    const value: u8 = symbol == 16 ? load<u8>(lengths + i - 1) : 0;
    const times = symbol == 16 ? 3 + take(room, 2) : symbol == 17 ? 3 + take(room, 3) : 11 + take(room, 7);
    if (i + times > total) return false;
    memory.fill(lengths + i, value, times);
    i += times;
  }
  return true;
}
