import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuzzRuns } from "../../../../tests/support/fuzz.js";
import { BlemishError } from "../errors.js";
import {
  headerEnd,
  readSafeTensors,
  readSafeTensorsMetadata,
  type SafeTensors,
  writeSafeTensors,
} from "./safetensors.js";

const CONTENT: SafeTensors = {
  metadata: { format: "test", text: "größer ≥" },
  arrays: {
    a: { type: "F32", shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    b: { type: "U8", shape: [3], data: Uint8Array.of(7, 8, 9) },
    empty: { type: "F64", shape: [0], data: new Float64Array(0) },
    c: { type: "F64", shape: [1], data: Float64Array.of(Math.PI) },
    d: { type: "I64", shape: [2], data: BigInt64Array.of(1n, -2n) },
    e: { type: "I32", shape: [1, 1], data: Int32Array.of(-5) },
    f: { type: "I16", shape: [3], data: Int16Array.of(-32767, 0, 32767) },
    g: { type: "I8", shape: [2], data: Int8Array.of(-127, 127) },
  },
};

describe("safetensors", () => {
  const file = writeSafeTensors(CONTENT);

  it("reads back what it wrote, without copying", () => {
    const back = readSafeTensors(file, "x");
    expect(back).toEqual(CONTENT);
    expect(back.arrays.a?.data.buffer).toBe(file.buffer);
    expect(
      Object.values(back.arrays).every(({ data }) => data.byteLength === 0 || data.byteOffset % 64 === 0),
    ).toBe(true);
  });

  it("is written to and read from memory that threads share", () => {
    const memory = new SharedArrayBuffer(file.length + 128);
    const there = writeSafeTensors(CONTENT, (bytes) => new Uint8Array(memory, 64, bytes));
    expect(there).toEqual(file);
    const back = readSafeTensors(there, "x");
    expect(back).toEqual(CONTENT);
    expect(back.arrays.a?.data.buffer).toBe(memory);
  });

  it("tells where the header ends and what its metadata says before the arrays are there", () => {
    const end = headerEnd(file);
    expect(end % 64).toBe(0);
    expect(readSafeTensorsMetadata(file.subarray(0, end), "x")).toEqual(CONTENT.metadata);
    expect(headerEnd(file.subarray(0, 7))).toBeNaN();
    expect(() => readSafeTensorsMetadata(file.subarray(0, end - 1), "x")).toThrow(/MODEL_BROKEN/);
  });

  it("reads from any place in memory", () => {
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(readSafeTensors(shifted.subarray(3), "x")).toEqual(CONTENT);
  });

  it("is the same bytes for the same content", () => expect(writeSafeTensors(CONTENT)).toEqual(file));

  it("refuses a file cut off at any byte", () => {
    for (let length = 0; length < file.length; length++)
      expect(() => readSafeTensors(file.subarray(0, length), "cut"), String(length)).toThrow(BlemishError);
  });

  it("survives anything: only errors of the table come out", () => {
    const flips = fc.array(fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(flips, (changes) => {
        const changed = file.slice();
        for (const [at, value] of changes) changed[at] = value;
        try {
          readSafeTensors(changed, "changed");
        } catch (error) {
          expect(error).toBeInstanceOf(BlemishError);
        }
      }),
      { numRuns: fuzzRuns(3000) },
    );
  });

  it.each([
    ["an absurd header length", Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0x7b), "MODEL_FORMAT"],
    ["nothing", new Uint8Array(0), "MODEL_FORMAT"],
    [
      "a shape that is far larger than the file",
      make('{"a":{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,4]}}', 4),
      "MODEL_BROKEN",
    ],
    [
      "arrays that overlap",
      make(
        '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}',
        6,
      ),
      "MODEL_BROKEN",
    ],
    [
      "bytes that belong to nothing",
      make('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', 9),
      "MODEL_BROKEN",
    ],
    [
      "an unknown element type",
      make('{"a":{"dtype":"toString","shape":[4],"data_offsets":[0,4]}}', 4),
      "MODEL_BROKEN",
    ],
  ])("refuses %s", (_, bytes, code) => {
    expect(() => readSafeTensors(bytes, "bad")).toThrow(code);
  });
});

function make(header: string, payload: number): Uint8Array {
  const file = new Uint8Array(8 + header.length + payload);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(new TextEncoder().encode(header), 8);
  return file;
}
