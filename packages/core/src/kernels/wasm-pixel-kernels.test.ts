import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { noiseMap, noisePicture } from "../../../../tests/support/noise.js";
import type { FixedAxis, FloatAxis } from "./pixel-kernels.js";
import { plainPixelKernels } from "./plain-pixel-kernels.js";
import { wasmPixelKernels } from "./wasm-pixel-kernels.js";

const compiled = wasmPixelKernels()!;

const side = fc.integer({ min: 1, max: 70 });
const shapes = fc.record({ width: side, height: side, toWidth: side, toHeight: side, seed: fc.nat() });

/** Seeded whole numbers below `below`. */
function noise(count: number, below: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul((i + seed) ^ ((i + seed) >>> 15), 0x2c1b3c6d);
    return ((mixed ^ (mixed >>> 12)) >>> 0) % below;
  });
}

/** Neighbours anywhere in the source, not only where a real resize would read. */
function taps(from: number, to: number, seed: number) {
  const low = Int32Array.from(noise(to, from, seed));
  const beyond = noise(to, 2, seed + 1);
  return { low, high: low.map((at, i) => Math.min(at + beyond[i]!, from - 1)) };
}

function floatAxis(from: number, to: number, seed: number): FloatAxis {
  const fraction = Float32Array.from(noise(to, 1 << 24, seed + 2), (value) => value / 2 ** 24);
  return { ...taps(from, to, seed), fraction };
}

function fixedAxis(from: number, to: number, seed: number): FixedAxis {
  const highWeight = Int32Array.from(noise(to, 2049, seed + 2));
  const uneven = noise(to, 3, seed + 3);
  const lowWeight = highWeight.map((weight, i) => Math.max(0, 2047 + uneven[i]! - weight));
  return { ...taps(from, to, seed), lowWeight, highWeight };
}

describe("compiled pixel kernels", () => {
  it("give the same floats as the plain ones", () => {
    fc.assert(
      fc.property(shapes, ({ width, height, toWidth, toHeight, seed }) => {
        const map = noiseMap(width, height, seed);
        const axes = [floatAxis(width, toWidth, seed), floatAxis(height, toHeight, seed + 9)] as const;
        const results = [plainPixelKernels, compiled].map((kernels) => {
          const out = new Float32Array(toWidth * toHeight).fill(-1);
          kernels.interpolateFloats(map, ...axes, out);
          return new Uint32Array(out.buffer);
        });
        expect(results[1]).toEqual(results[0]);
      }),
      { numRuns: 200 },
    );
  });

  it("give the same samples as the plain ones, for any number of channels", () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 1, max: 6 }),
        ({ width, height, toWidth, toHeight, seed }, channels) => {
          const picture = noisePicture(width, height, channels, seed);
          const axes = [fixedAxis(width, toWidth, seed), fixedAxis(height, toHeight, seed + 9)] as const;
          const results = [plainPixelKernels, compiled].map((kernels) => {
            const out = new Uint8Array(toWidth * toHeight * channels).fill(7);
            kernels.interpolateBytes(picture, ...axes, out);
            return out;
          });
          expect(results[1]).toEqual(results[0]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("judge maps like the plain ones: highest value, marks, normalised values", () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(16_384, 16_390, 40_000));
    const number = fc.float({ min: -8, max: 70, noNaN: true });
    fc.assert(
      fc.property(length, number, number, fc.boolean(), fc.nat(), (count, floor, span, strict, seed) => {
        const values = noiseMap(count, 1, seed).data.map((value) => (value > 60 ? Math.floor(value) : value));
        if (count > 0 && seed % 3 === 0) values[seed % count] = floor;
        const [plain, fast] = [plainPixelKernels, compiled].map((kernels) => {
          const marks = new Uint8Array(count).fill(7);
          const shares = new Float32Array(count).fill(7);
          kernels.mark(values, floor, strict, marks);
          kernels.normalise(values, floor, span, shares);
          return { highest: kernels.highest(values), marks: Buffer.from(marks), shares };
        });
        expect(fast!.highest).toBe(plain!.highest);
        expect(fast!.marks.equals(plain!.marks)).toBe(true);
        expect(fast!.shares.every((value, at) => Object.is(value, plain!.shares[at]))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "have no highest value where one is %s, wherever it is",
    (odd) => {
      for (let at = 0; at < 23; at++) {
        const values = new Float32Array(23).fill(2);
        values[at] = odd;
        for (const kernels of [plainPixelKernels, compiled]) expect(kernels.highest(values)).toBeNaN();
      }
      for (const kernels of [plainPixelKernels, compiled])
        expect(kernels.highest(new Float32Array(0))).toBe(Number.NEGATIVE_INFINITY);
    },
  );

  it("sort samples into planes like the plain ones, in any number of strips", () => {
    const tables = noiseMap(256, 3, 5).data;
    tables.set([-0, Number.NaN, Number.POSITIVE_INFINITY, 1e-40], 100);
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(4096, 4097, 9000)),
        fc.nat(),
        (pixels, seed) => {
          const picture = noisePicture(pixels, 1, 3, seed).data;
          const [plain, fast] = [plainPixelKernels, compiled].map((kernels) => {
            const out = new Float32Array(3 * pixels).fill(7);
            kernels.planes(picture, tables, out);
            return Buffer.from(out.buffer);
          });
          expect(fast!.equals(plain!)).toBe(true);
        },
      ),
    );
  });

  it("colour like the plain ones, whatever the values and the number of pixels", () => {
    const wild = fc.oneof(
      fc.float({ min: 0, max: 1, noNaN: true }),
      fc.float(),
      fc.constantFrom(-0, 2 ** 31 / 255, -(2 ** 31) / 255, 2 ** 32 / 255, 3e38, Number.NaN),
    );
    const tables = noisePicture(256, 256, 3, 5).data;
    fc.assert(
      fc.property(fc.array(wild, { minLength: 1, maxLength: 40 }), fc.nat(), (numbers, seed) => {
        const picture = noisePicture(numbers.length, 1, 3, seed).data;
        const results = [plainPixelKernels, compiled].map((kernels) => {
          const out = new Uint8Array(picture.length);
          kernels.colour(Float32Array.from(numbers), picture, tables, out);
          return out;
        });
        expect(results[1]).toEqual(results[0]);
      }),
      { numRuns: 500 },
    );
  });

  it("colour pictures of many strips", () => {
    const { data } = noiseMap(301, 170, 3);
    const values = data.map((value) => value / 64);
    const picture = noisePicture(301, 170, 3, 4).data;
    const tables = noisePicture(256, 256, 3, 5).data;
    const [plain, fast] = [plainPixelKernels, compiled].map((kernels) => {
      const out = new Uint8Array(picture.length);
      kernels.colour(values, picture, tables, out);
      return Buffer.from(out);
    });
    expect(fast!.equals(plain!)).toBe(true);
  });

  it("keep the signs of zeros and the places of infinities", () => {
    const data = Float32Array.of(-0, 0, Number.POSITIVE_INFINITY, -1, 1e-40, 3e38);
    const map = { width: 6, height: 1, data };
    const x = { low: Int32Array.of(0, 0, 1, 3, 4, 5, 5), high: Int32Array.of(0, 1, 2, 4, 5, 5, 5) };
    const y = { low: Int32Array.of(0, 0), high: Int32Array.of(0, 0), fraction: Float32Array.of(0, 0.7) };
    const axis = { ...x, fraction: Float32Array.of(0.5, 0, 0, 0.25, 0.5, 0.75, 0) };
    const results = [plainPixelKernels, compiled].map((kernels) => {
      const out = new Float32Array(14);
      kernels.interpolateFloats(map, axis, y, out);
      return [...out];
    });
    expect(results[1]).toEqual(results[0]);
    expect(Object.is(results[1]![0], -0)).toBe(true);
  });

  it("pass results of many strips and of rows wider than a strip", () => {
    for (const [toWidth, toHeight] of [
      [900, 901],
      [20_000, 3],
      [1, 70_000],
    ] as const) {
      const map = noiseMap(33, 17, toWidth);
      const axes = [floatAxis(33, toWidth, 1), floatAxis(17, toHeight, 2)] as const;
      const [plain, fast] = [plainPixelKernels, compiled].map((kernels) => {
        const out = new Float32Array(toWidth * toHeight);
        kernels.interpolateFloats(map, ...axes, out);
        return Buffer.from(out.buffer);
      });
      expect(fast!.equals(plain!)).toBe(true);
    }
  });

  it("leave rows that are too wide for their memory to the plain ones", () => {
    const plain = vi.spyOn(plainPixelKernels, "interpolateBytes");
    const row = { width: 3, channels: 1, data: Uint8Array.of(0, 100, 200) };
    const axes = (width: number) => [fixedAxis(3, width, 1), fixedAxis(1, 1, 2)] as const;
    compiled.interpolateBytes(row, ...axes(1000), new Uint8Array(1000));
    expect(plain).not.toHaveBeenCalled();
    const wide = 4_000_000;
    const out = new Uint8Array(wide);
    compiled.interpolateBytes(row, ...axes(wide), out);
    expect(plain).toHaveBeenCalledTimes(1);
    expect(out.some((value) => value > 0)).toBe(true);
    plain.mockRestore();
  });
});
