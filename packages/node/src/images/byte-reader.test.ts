import { expect, it } from "vitest";
import { byteReader } from "./byte-reader.js";

it("reads both byte orders, from a part of a buffer", () => {
  const bytes = Uint8Array.of(9, 0x12, 0x34, 0x56, 0xf8, 9).subarray(1, 5);
  const [little, big] = [byteReader(bytes, true), byteReader(bytes, false)];
  expect([little.u8(0), little.u16(0), little.u32(0), little.i32(0)]).toEqual([
    0x12, 0x3412, 0xf8563412, -128568302,
  ]);
  expect([big.u8(3), big.u16(1), big.u32(0), big.i32(0)]).toEqual([0xf8, 0x3456, 0x123456f8, 0x123456f8]);
  expect(little.length).toBe(4);
});

it("gives NaN for whatever is not inside", () => {
  const { u8, u16, u32, i32 } = byteReader(new Uint8Array(4), true);
  expect([
    u8(4),
    u8(-1),
    u16(3),
    u32(1),
    i32(1),
    u32(Number.NaN),
    u8(1.5),
    u8(Number.POSITIVE_INFINITY),
  ]).toEqual(Array(8).fill(Number.NaN));
});
