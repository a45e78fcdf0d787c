import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawFrame } from "../../../../../tests/support/camera-files.js";
import { BAYER_PATTERNS, type BayerPattern } from "./capture.js";
import { demosaicRow } from "./demosaic.js";

function demosaic(
  { width, height, data }: { width: number; height: number; data: ArrayLike<number> },
  pattern: BayerPattern,
): Float32Array {
  const frame = { width, height, data: Uint16Array.from(data) };
  const out = new Float32Array(3 * width * height);
  for (let y = 0; y < height; y++)
    demosaicRow(frame, pattern, y, out.subarray(3 * width * y, 3 * width * (y + 1)));
  return out;
}

const sides = { width: fc.integer({ min: 2, max: 9 }), height: fc.integer({ min: 2, max: 9 }) };
const pattern = fc.constantFrom(...BAYER_PATTERNS);
const sample = fc.integer({ min: 0, max: 65535 });

describe("demosaicRow", () => {
  it("keeps a flat colour flat, whatever the pattern", () => {
    fc.assert(
      fc.property(fc.record({ ...sides, pattern, colour: fc.tuple(sample, sample, sample) }), (given) => {
        const { width, height, colour } = given;
        const data = Array.from({ length: 3 * width * height }, (_, i) => colour[i % 3]);
        const raw = rawFrame({ width, height, data: data as number[] }, given.pattern);
        expect([...demosaic({ width, height, data: raw.data }, given.pattern)]).toEqual(data);
      }),
    );
  });

  it("leaves every sample in its place, and means stay within the samples", () => {
    fc.assert(
      fc.property(fc.record({ ...sides, pattern, seed: fc.integer({ min: 1, max: 1e6 }) }), (given) => {
        const { width, height, seed } = given;
        const data = Array.from({ length: width * height }, (_, i) => (seed * (i + 1) * 7919) % 65536);
        const out = demosaic({ width, height, data }, given.pattern);
        for (const [i, value] of data.entries()) {
          const [x, y] = [i % width, Math.floor(i / width)];
          const channel = "rgb".indexOf(given.pattern[2 * (y & 1) + (x & 1)] as string);
          expect(out[3 * i + channel]).toBe(value);
        }
        expect(Math.min(...out)).toBeGreaterThanOrEqual(Math.min(...data));
        expect(Math.max(...out)).toBeLessThanOrEqual(Math.max(...data));
      }),
    );
  });

  it("gives the same colours for a frame that begins one pixel later with the next pattern", () => {
    // Away from the border, where frames are mirrored elsewhere.
    const next = { rggb: "grbg", grbg: "rggb", gbrg: "bggr", bggr: "gbrg" } as const;
    const below = { rggb: "gbrg", gbrg: "rggb", grbg: "bggr", bggr: "grbg" } as const;
    const size = { width: 8, height: 8 };
    const data = Array.from({ length: 64 }, (_, i) => (i * 7919) % 4096);
    const shift = (dx: number, dy: number) =>
      data.map((_, i) => data[Math.min(63, i + dx + 8 * dy)] as number);
    for (const one of BAYER_PATTERNS) {
      const here = demosaic({ ...size, data }, one);
      const right = demosaic({ ...size, data: shift(1, 0) }, next[one]);
      const down = demosaic({ ...size, data: shift(0, 1) }, below[one]);
      for (let y = 2; y < 5; y++)
        for (let x = 2; x < 5; x++)
          for (let c = 0; c < 3; c++) {
            expect(right[3 * (8 * y + x - 1) + c]).toBe(here[3 * (8 * y + x) + c]);
            expect(down[3 * (8 * (y - 1) + x) + c]).toBe(here[3 * (8 * y + x) + c]);
          }
    }
  });

  it("is the mean of the nearest samples: two beside green, four elsewhere, mirrored at the border", () => {
    // R 10 20 G / G 30 40 B, in a frame of 3 × 3.
    const data = [10, 20, 12, 30, 40, 32, 14, 24, 18];
    const out = demosaic({ width: 3, height: 3, data }, "rggb");
    const at = (x: number, y: number) => [...out.subarray(3 * (3 * y + x), 3 * (3 * y + x) + 3)];
    expect(at(1, 1)).toEqual([(10 + 12 + 14 + 18) / 4, (20 + 24 + 30 + 32) / 4, 40]);
    expect(at(1, 0)).toEqual([11, 20, 40]);
    expect(at(0, 1)).toEqual([12, 30, 40]);
    expect(at(0, 0)).toEqual([10, 25, 40]);
    expect(at(2, 2)).toEqual([18, (24 + 24 + 32 + 32) / 4, 40]);
  });
});
