import { describe, expect, it } from "vitest";
import { unpackBmpRle } from "./unpack-bmp-rle.js";

const unpack = (bits: number, width: number, height: number, ...stream: number[]) => [
  ...unpackBmpRle(Uint8Array.from(stream), bits, width, height, "x"),
];
const BROKEN = expect.objectContaining({ code: "IMAGE_BROKEN" });

describe("unpackBmpRle", () => {
  it("repeats runs and copies stretches, padded to two bytes", () => {
    expect(unpack(8, 5, 1, 2, 7, 0, 3, 1, 2, 3, 99)).toEqual([7, 7, 1, 2, 3]);
    expect(unpack(4, 5, 2, 5, 0x12, 0, 0, 0, 5, 0x34, 0x56, 0x70, 99)).toEqual([
      1, 2, 1, 2, 1, 3, 4, 5, 6, 7,
    ]);
  });

  it("leaves index 0 where it skips and after the end mark", () => {
    expect(unpack(8, 4, 3, 1, 9, 0, 2, 1, 1, 1, 8, 0, 1)).toEqual([9, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0]);
    expect(unpack(8, 2, 2, 1, 5, 0, 0, 1, 6, 0, 1)).toEqual([5, 0, 6, 0]);
  });

  it("cuts runs at the right edge and stops after the last row", () => {
    expect(unpack(8, 2, 2, 9, 5, 0, 0, 9, 6, 9, 7)).toEqual([5, 5, 6, 6]);
    expect(unpack(8, 2, 1, 0, 2, 200, 200)).toEqual([0, 0]);
  });

  it("calls a stream without its end broken, at every length", () => {
    const stream = [2, 7, 0, 3, 1, 2, 3, 99, 0, 0, 0, 2, 1, 0, 1, 4, 0, 1];
    expect(unpack(8, 5, 3, ...stream)).toHaveLength(15);
    for (let end = 0; end < stream.length; end++) {
      expect(() => unpack(8, 5, 3, ...stream.slice(0, end))).toThrow(BROKEN);
    }
  });
});
