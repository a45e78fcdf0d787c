import { constants, deflateRawSync, deflateSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { plainRowFilters } from "./plain-row-filters.js";
import { MOST_ROW_BYTES, type PackedRows, rowUnpacker, unpackRows } from "./row-unpacker.js";

const newMemory = () => new WebAssembly.Memory({ initial: 1, maximum: 65536 });
const memory = newMemory();
const unpacker = rowUnpacker(memory)!;

/** A stream as one row without a filter: the first byte has to be 0. */
const asRow = (length: number, pieces: readonly Uint8Array[]): PackedRows => ({
  pieces,
  height: 1,
  rowBytes: length - 1,
  pixelBytes: 1,
});

/** What comes out of a stream of so many bytes, or null. The checksum is not looked at. */
function inflated(stream: Uint8Array, length: number): Buffer | null {
  const placed = unpacker.place(asRow(length, [stream]))!;
  if (!unpacker.inflate(placed, () => true)) return null;
  return Buffer.from(memory.buffer.slice(placed.out, placed.out + length));
}

/** Bytes with repetitions near and far, runs, and stretches of noise; the first is 0. */
function bytesOf(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let at = 1; at < length; ) {
    const end = Math.min(length, at + 1 + draw(draw(20) === 0 ? 600 : 40));
    const kind = draw(5);
    const distance = kind === 0 ? 1 + draw(Math.min(at, 20)) : 1 + draw(at);
    const values = [2, 16, 256][draw(3)]!;
    for (; at < end; at++) bytes[at] = kind < 3 ? bytes[at - distance]! : draw(values);
  }
  return bytes;
}

const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(
    ...[constants.Z_DEFAULT_STRATEGY, constants.Z_FILTERED, constants.Z_HUFFMAN_ONLY],
    ...[constants.Z_RLE, constants.Z_FIXED],
  ),
});

/** What zlib makes of deflated data that has to end with its input. */
function byZlib(deflated: Uint8Array): Buffer | null {
  try {
    const options = { info: true, maxOutputLength: 1e6 };
    const { buffer, engine } = inflateRawSync(deflated, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return engine.bytesWritten === deflated.length ? buffer : null;
  } catch {
    return null;
  }
}

/** Whether both take deflated data or both refuse it; what they make of it has to be the same. */
function agree(deflated: Uint8Array, length: number): "taken" | "refused" | "ours alone refused" {
  const theirs = byZlib(deflated);
  // A row is two bytes at least.
  const expected = theirs === null || theirs.length < 2 ? length : theirs.length;
  const ours = inflated(Buffer.concat([ZLIB_HEADER, deflated, Buffer.alloc(4)]), expected);
  if (ours === null) return theirs?.length === expected ? "ours alone refused" : "refused";
  expect(theirs?.equals(ours)).toBe(true);
  return "taken";
}

const ZLIB_HEADER = Buffer.of(0x78, 0x9c);

afterEach(() => vi.unstubAllGlobals());

describe("inflating", () => {
  it("gives back what zlib made smaller, whatever its settings", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 90_000 }), fc.nat(), options, (length, seed, how) => {
        const bytes = bytesOf(length, seed);
        expect(inflated(deflateSync(bytes, how), length)?.equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("finds codes of the greatest length", () => {
    // Frequencies like Fibonacci's numbers give the deepest trees.
    const bytes: number[] = [0];
    for (let symbol = 0, [a, b] = [1, 1]; symbol < 22; symbol++, [a, b] = [b, a + b])
      for (let i = 0; i < a; i++) bytes.push((symbol * 37) % 256);
    const mixed = Buffer.from(bytes);
    for (let i = 1, state = 1; i < mixed.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const other = 1 + (state % (mixed.length - 1));
      [mixed[i], mixed[other]] = [mixed[other]!, mixed[i]!];
    }
    const how = { strategy: constants.Z_HUFFMAN_ONLY, memLevel: 9 };
    expect(inflated(deflateSync(mixed, how), mixed.length)?.equals(mixed)).toBe(true);
  });

  it("takes what zlib takes of damaged streams, and makes the same of it", () => {
    const counts = { taken: 0, refused: 0, "ours alone refused": 0 };
    const where = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(
        ...[fc.integer({ min: 2, max: 3000 }), fc.nat(), options, where, fc.integer({ min: 1, max: 255 })],
        (length, seed, how, place, change) => {
          const deflated = deflateRawSync(bytesOf(length, seed), how);
          deflated[Math.floor(place * deflated.length)]! ^= change;
          counts[agree(deflated, length)]++;
        },
      ),
      { numRuns: 3000 },
    );
    expect(counts["ours alone refused"]).toBe(0);
    expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(100);
  });

  it("takes nothing that zlib refuses of noise that begins like a block", () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 2 }),
        (noise, kind) => {
          const deflated = Buffer.from(noise);
          deflated[0] = (deflated[0]! & 0xf8) | (2 * kind) | 1;
          if (agree(deflated, 20) === "taken") taken++;
        },
      ),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it("refuses streams that are cut, longer, shorter, or followed by something", () => {
    const bytes = bytesOf(5000, 3);
    const stream = deflateSync(bytes);
    expect(inflated(stream, 5000)).not.toBeNull();
    for (let length = 0; length < stream.length; length++)
      expect(inflated(stream.subarray(0, length), 5000)).toBeNull();
    expect(inflated(stream, 4999)).toBeNull();
    expect(inflated(stream, 5001)).toBeNull();
    expect(inflated(Buffer.concat([stream, Buffer.of(0)]), 5000)).toBeNull();
    expect(inflated(deflateRawSync(bytes), 5000)).toBeNull();
  });

  it("refuses a stream with a dictionary, and one whose checksum is wrong", () => {
    const bytes = bytesOf(900, 4);
    expect(inflated(deflateSync(bytes, { dictionary: bytes.subarray(100, 300) }), 900)).toBeNull();
    const stream = deflateSync(bytes);
    const out = Buffer.alloc(899);
    expect(unpackRows(unpacker, asRow(900, [stream]), out)).toBe(true);
    expect(out.equals(bytes.subarray(1))).toBe(true);
    for (let byte = stream.length - 4; byte < stream.length; byte++) {
      const wrong = Buffer.from(stream);
      wrong[byte]! ^= 1;
      expect(unpackRows(unpacker, asRow(900, [wrong]), out)).toBe(false);
    }
  });
});

/** Rows of random filters. */
function rowsOf(width: number, height: number, pixelBytes: number, seed: number) {
  const rowBytes = width * pixelBytes;
  const data = bytesOf(height * (rowBytes + 1), seed);
  for (let row = 0; row < height; row++) data[row * (rowBytes + 1)]! %= 5;
  return { data, height, rowBytes, pixelBytes };
}

describe("unpackRows", () => {
  it("gives what the plain filters make of the stream, in however many pieces it comes", () => {
    const side = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(
        ...[side, side, fc.integer({ min: 1, max: 4 }), fc.nat(), fc.integer({ min: 1, max: 5 })],
        (width, height, pixelBytes, seed, parts) => {
          const rows = rowsOf(width, height, pixelBytes, seed);
          const stream = deflateSync(rows.data);
          const step = Math.ceil(stream.length / parts);
          const pieces = Array.from({ length: parts }, (_, i) => stream.subarray(i * step, (i + 1) * step));
          const [plain, ours] = [0, 1].map((fill) => Buffer.alloc(height * rows.rowBytes, fill));
          expect(plainRowFilters.undo(rows, plain!)).toBe(true);
          expect(unpackRows(unpacker, { ...rows, pieces }, ours!)).toBe(true);
          expect(ours!.equals(plain!)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("can be shared: what one instance inflates another one unfilters", () => {
    const common = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const [here, there] = [rowUnpacker(common)!, rowUnpacker(common)!];
    const rows = rowsOf(400, 300, 3, 8);
    const packed = { ...rows, pieces: [deflateSync(rows.data)] };
    const out = Buffer.alloc(300 * 1200);
    const stream = here.place(packed)!;
    const collector = here.collect(packed, stream, out);
    const came: number[] = [];
    expect(there.inflate(stream, (bytes) => came.push(bytes) > 0)).toBe(true);
    expect(came.length).toBeGreaterThan(3);
    for (const bytes of came) expect(collector.take(bytes)).toBe(true);
    expect(collector.isWhole()).toBe(true);
    const plain = Buffer.alloc(out.length);
    plainRowFilters.undo(rows, plain);
    expect(out.equals(plain)).toBe(true);
  });

  it("refuses filters that there are not, and stops there", () => {
    const rows = rowsOf(200, 1000, 3, 2);
    rows.data[601 * 5] = 5;
    const packed = { ...rows, pieces: [deflateSync(rows.data)] };
    expect(unpackRows(unpacker, packed, Buffer.alloc(600_000))).toBe(false);
  });

  it("leaves what is too large, or nothing, to others", () => {
    const rows = { pieces: [Buffer.alloc(9)], height: 1, rowBytes: MOST_ROW_BYTES, pixelBytes: 1 };
    expect(unpackRows(unpacker, rows, Buffer.alloc(0))).toBeNull();
    expect(unpackRows(unpacker, { ...rows, rowBytes: 0 }, Buffer.alloc(0))).toBeNull();
    expect(
      unpackRows(unpacker, { ...rows, height: 100, rowBytes: MOST_ROW_BYTES / 100 }, Buffer.alloc(0)),
    ).toBeNull();
  });

  it("is missing without WebAssembly", () => {
    const another = newMemory();
    vi.stubGlobal("WebAssembly", undefined);
    expect(rowUnpacker(another)).toBeNull();
  });
});
