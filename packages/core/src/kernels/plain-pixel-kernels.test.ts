import { describe, expect, it } from "vitest";
import { plainPixelKernels } from "./plain-pixel-kernels.js";

const STAY = { low: Int32Array.of(0), high: Int32Array.of(0) };
const BETWEEN = { low: Int32Array.of(0), high: Int32Array.of(1) };

describe("plain pixel kernels", () => {
  it("rounds every product and every sum to float32", () => {
    const [left, right] = [Math.fround(0.1), Math.fround(0.7)];
    const share = Math.fround(0.3);
    const out = new Float32Array(1);
    plainPixelKernels.interpolateFloats(
      { width: 2, data: Float32Array.of(left, right) },
      { ...BETWEEN, fraction: Float32Array.of(share) },
      { ...STAY, fraction: Float32Array.of(0) },
      out,
    );
    const lowShare = Math.fround(1 - share);
    const expected = Math.fround(Math.fround(left * lowShare) + Math.fround(right * share));
    expect(out[0]).toBe(expected);
  });

  it("cuts bytes twice on their way: to 7 fraction bits along the row, to 2 between rows", () => {
    const out = new Uint8Array(1);
    const half = { lowWeight: Int32Array.of(1024), highWeight: Int32Array.of(1024) };
    plainPixelKernels.interpolateBytes(
      { width: 2, channels: 1, data: Uint8Array.of(1, 2, 4, 4) },
      { ...BETWEEN, ...half },
      { ...BETWEEN, ...half },
      out,
    );
    // Rows 1.5 and 4 → 192 and 512 of 128ths; halves of them in quarters are 3 and 8; (3 + 8 + 2) >> 2.
    expect(out[0]).toBe(3);
  });

  it("judges a map: highest value, marks from a floor on or above it, values from 0 to 1", () => {
    const values = Float32Array.of(1, 3, 5, 40);
    expect(plainPixelKernels.highest(values)).toBe(40);
    const marks = new Uint8Array(4);
    plainPixelKernels.mark(values, 3, false, marks);
    expect([...marks]).toEqual([0, 1, 1, 1]);
    plainPixelKernels.mark(values, 3, true, marks);
    expect([...marks]).toEqual([0, 0, 1, 1]);
    const shares = new Float32Array(4);
    plainPixelKernels.normalise(values, 3, 8, shares);
    expect([...shares]).toEqual([0.25, 0.5, 0.75, 1]);
    const third = Math.fround(1 / 3);
    plainPixelKernels.normalise(Float32Array.of(4), 3, 3, shares);
    expect(shares[0]).toBe(Math.fround(third + 0.5));
  });

  it("sorts the values that samples stand for by channel", () => {
    const tables = Float32Array.from({ length: 768 }, (_, index) => index / 2);
    const out = new Float32Array(6);
    plainPixelKernels.planes(Uint8Array.of(1, 2, 3, 255, 0, 255), tables, out);
    expect([...out]).toEqual([0.5, 127.5, 129, 128, 257.5, 383.5]);
  });

  it("looks each sample up in its channel's table, at the level of its pixel", () => {
    const tables = new Uint8Array(3 * 65536);
    tables[127 * 256 + 10] = 1;
    tables[65536 + 127 * 256 + 20] = 2;
    tables[2 * 65536 + 127 * 256 + 30] = 3;
    tables[2 * 65536 + 30] = 4;
    const out = new Uint8Array(6);
    // 255 · 0.5 = 127.5, and 255 · NaN counts as 0.
    plainPixelKernels.colour(
      Float32Array.of(0.5, Number.NaN),
      Uint8Array.of(10, 20, 30, 10, 20, 30),
      tables,
      out,
    );
    expect([...out]).toEqual([1, 2, 3, 0, 0, 4]);
  });
});
