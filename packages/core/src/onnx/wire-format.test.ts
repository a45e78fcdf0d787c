import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainVarint } from "../../../../tests/support/arbitrary-onnx.js";
import {
  delimited,
  fixed32,
  fixed64,
  joinParts,
  openWire,
  putBytes,
  putFloat,
  putInt,
  putMessage,
  putText,
  readBytes,
  readFloat,
  readInt64,
  readInteger,
  readMessage,
  readTag,
  readText,
  readUint,
  readUndecoded,
  skipField,
  varint,
  varintBytes,
  wireParts,
} from "./wire-format.js";

const wire = (...bytes: number[]) => openWire(Uint8Array.from(bytes), "a file");
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe("numbers", () => {
  it("signed 64-bit numbers survive, in the bytes that protobuf prescribes", () => {
    fc.assert(
      fc.property(int64, (value) => {
        const parts = wireParts();
        putInt(parts, varint(1), value);
        const bytes = joinParts(parts);
        expect([...bytes]).toEqual([8, ...plainVarint(value)]);
        const cursor = openWire(bytes, "a file");
        expect(readTag(cursor)).toBe(8);
        expect(readInt64(cursor)).toBe(value);
        expect(readTag(cursor)).toBe(0);
      }),
    );
  });

  it("150 is 96 01, −1 takes ten bytes (protobuf's own examples)", () => {
    expect([...varintBytes(150n)]).toEqual([0x96, 0x01]);
    expect(readUint(wire(0x96, 0x01))).toBe(150);
    expect(readInteger(wire(255, 255, 255, 255, 255, 255, 255, 255, 255, 1))).toBe(-1);
  });

  it("whole numbers up to 2⁵³ − 1 are read, larger ones refused", () => {
    expect(readUint(openWire(varintBytes(2n ** 53n - 1n), "f"))).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => readUint(openWire(varintBytes(2n ** 53n), "f"))).toThrow(/too large.*MODEL_BROKEN/);
    expect(() => readInteger(openWire(varintBytes(2n ** 62n), "f"))).toThrow(/too large/);
  });

  it("a number cut off or without an end is refused", () => {
    expect(() => readUint(wire(0x80))).toThrow(/the end of the data inside a number at byte 1/);
    expect(() => readInt64(wire(0x80, 0x80))).toThrow(/end of the data/);
    const endless = Array.from({ length: 11 }, () => 0x80);
    expect(() => readInt64(wire(...endless))).toThrow(/too long/);
    expect(() => readUint(wire(...endless))).toThrow(/too long/);
  });

  it("floats are little-endian float32", () => {
    const parts = wireParts();
    putFloat(parts, fixed32(2), 1.5);
    const bytes = joinParts(parts);
    expect([...bytes]).toEqual([0x15, 0, 0, 0xc0, 0x3f]);
    const cursor = openWire(bytes, "f");
    expect(readTag(cursor)).toBe(fixed32(2));
    expect(readFloat(cursor)).toBe(1.5);
    expect(() => readFloat(cursor)).toThrow(/a part of 4 bytes where 0 are left/);
  });
});

describe("parts", () => {
  it("text, bytes and messages come back; bytes are views into the file", () => {
    const inner = wireParts();
    putText(inner, delimited(1), "\ufeffgrün");
    const outer = wireParts();
    putMessage(outer, delimited(2), inner);
    putBytes(outer, delimited(3), Uint8Array.of(1, 2, 3));
    const bytes = joinParts(outer);
    const cursor = openWire(bytes, "f");
    expect(readTag(cursor)).toBe(delimited(2));
    const message = readMessage(cursor);
    expect(readTag(message)).toBe(delimited(1));
    expect(readText(message)).toBe("\ufeffgrün");
    expect(readTag(message)).toBe(0);
    expect(readTag(cursor)).toBe(delimited(3));
    const view = readBytes(cursor);
    expect([...view]).toEqual([1, 2, 3]);
    expect(view.buffer).toBe(bytes.buffer);
  });

  it("a part longer than what is left of its message is refused, also inside a longer file", () => {
    expect(() => readBytes(wire(5, 1, 2))).toThrow(/a part of 5 bytes where 2 are left at byte 1/);
    const cursor = wire(2, 9, 9, 7, 7, 7, 7, 7, 7, 7, 7, 7);
    const inner = readMessage(cursor);
    expect(() => readBytes(inner)).toThrow(/a part of 9 bytes where 1 are left/);
  });

  it("fields of every kind are skipped, impossible ones refused", () => {
    const cursor = wire(
      varint(1),
      0x96,
      1,
      fixed64(2),
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      delimited(3),
      1,
      9,
      fixed32(4),
      1,
      2,
      3,
      4,
      8,
      7,
    );
    for (const tag of [varint(1), fixed64(2), delimited(3), fixed32(4)]) {
      expect(readTag(cursor)).toBe(tag);
      skipField(cursor, tag);
    }
    expect(readTag(cursor)).toBe(8);
    expect([...readUndecoded(cursor, 8)]).toEqual([7]);
    expect(() => skipField(wire(1), 8 + 3)).toThrow(/impossible kind/);
    expect(() => readTag(wire(7))).toThrow(/impossible field number/);
    expect(() => readTag(openWire(varintBytes(2n ** 33n), "f"))).toThrow(/impossible field number/);
  });

  it("the number of parts is bounded", () => {
    const empty = new Uint8Array(4_000_001);
    const cursor = openWire(empty, "f");
    expect(() => {
      for (let i = 0; i < empty.length; i++) readMessage(cursor);
    }).toThrow(/more than 4000000 parts/);
  });
});
