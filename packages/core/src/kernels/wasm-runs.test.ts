import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { noisePicture } from "../../../../tests/support/noise.js";
import { seededRandom } from "../random.js";
import { antialiasTaps } from "../stages/image/antialias-taps.js";
import { areaTaps } from "../stages/image/area-taps.js";
import type { ByteRows, PixelKernels, RunAxis } from "./pixel-kernels.js";
import { plainPixelKernels } from "./plain-pixel-kernels.js";
import { wasmPixelKernels } from "./wasm-pixel-kernels.js";

const compiled = wasmPixelKernels()!;
const ONE = 1 << 22;

const side = fc.integer({ min: 1, max: 70 });
const cases = fc.record({
  width: side,
  height: side,
  toWidth: side,
  toHeight: side,
  channels: fc.integer({ min: 1, max: 6 }),
  longest: fc.integer({ min: 1, max: 20 }),
  seed: fc.nat(),
});

/** Runs of any lengths with any gaps and overlaps, not only those of a real resize. */
function runs(from: number, to: number, longest: number, seed: number) {
  const random = seededRandom(seed);
  const first = Int32Array.from({ length: to }, () => random.int(from)).sort();
  const offset = new Int32Array(to + 1);
  let end = 0;
  first.forEach((start, index) => {
    end = Math.max(end, Math.min(from, start + 1 + random.int(longest)));
    offset[index + 1] = offset[index]! + end - start;
  });
  const shares = Float64Array.from({ length: offset[to]! }, () => random.int(1000) + 1);
  for (let index = 0; index < to; index++) {
    const run = shares.subarray(offset[index], offset[index + 1]);
    const sum = run.reduce((total, share) => total + share, 0);
    run.forEach((share, tap) => {
      run[tap] = share / sum;
    });
  }
  const fixed = Int32Array.from(shares, (share) => Math.round(share * ONE));
  return {
    fixed: { first, offset, weight: fixed },
    float: { first, offset, weight: new Float32Array(shares) },
  };
}

function filtered(kernels: PixelKernels, picture: ByteRows, x: RunAxis<Int32Array>, y: RunAxis<Int32Array>) {
  const out = new Uint8Array(x.first.length * y.first.length * picture.channels).fill(7);
  kernels.filterBytes(picture, x, y, out);
  return out;
}

function averaged(
  kernels: PixelKernels,
  picture: ByteRows,
  x: RunAxis<Float32Array>,
  y: RunAxis<Float32Array>,
  finish = { scale: 1, shift: 0 },
) {
  const out = new Uint8Array(x.first.length * y.first.length * picture.channels).fill(7);
  kernels.averageBytes(picture, x, y, finish, out);
  return out;
}

describe("compiled sums of runs", () => {
  it("give the same bytes as the plain ones for any runs and any number of channels", () => {
    fc.assert(
      fc.property(cases, ({ width, height, toWidth, toHeight, channels, longest, seed }) => {
        const picture = noisePicture(width, height, channels, seed);
        const x = runs(width, toWidth, longest, seed + 1);
        const y = runs(height, toHeight, longest, seed + 2);
        const fixed = filtered(compiled, picture, x.fixed, y.fixed);
        expect(fixed).toEqual(filtered(plainPixelKernels, picture, x.fixed, y.fixed));
        const float = averaged(compiled, picture, x.float, y.float);
        expect(float).toEqual(averaged(plainPixelKernels, picture, x.float, y.float));
      }),
      { numRuns: 300 },
    );
  });

  it("finish with scale and shift like the plain ones, beyond both ends of a byte", () => {
    fc.assert(
      fc.property(
        fc.float({ min: -4, max: 4, noNaN: true }),
        fc.float({ min: -300, max: 300, noNaN: true }),
        (scale, shift) => {
          const picture = noisePicture(9, 7, 3, 5);
          const axes = [areaTaps(9, 5), areaTaps(7, 4)] as const;
          const expected = averaged(plainPixelKernels, picture, ...axes, { scale, shift });
          expect(averaged(compiled, picture, ...axes, { scale, shift })).toEqual(expected);
        },
      ),
    );
  });

  it("take the largest weight, and saturate where weights sum to more than one", () => {
    const white = { width: 5, channels: 1, data: new Uint8Array(25).fill(255) };
    const over = {
      first: Int32Array.of(0, 1, 4),
      offset: Int32Array.of(0, 3, 5, 6),
      weight: Int32Array.of(ONE, 0, 9000, ONE / 2, ONE / 2 + 9000, ONE),
    };
    for (const kernels of [plainPixelKernels, compiled])
      expect([...filtered(kernels, white, over, over)]).toEqual(new Array(9).fill(255));
  });

  it.each([
    [900, 900, 256, 256, 3],
    [31, 2000, 1, 1, 3],
    [2000, 31, 1500, 2, 4],
    [3, 2, 700, 301, 1],
    [20_000, 3, 9000, 2, 2],
    [1, 1, 300, 300, 3],
  ])(
    "give the same bytes for %d × %d to %d × %d, %d channels",
    (width, height, toWidth, toHeight, channels) => {
      const picture = noisePicture(width, height, channels, 1);
      const fixed = [antialiasTaps(width, toWidth), antialiasTaps(height, toHeight)] as const;
      const [plain, fast] = [plainPixelKernels, compiled].map((kernels) =>
        filtered(kernels, picture, ...fixed),
      );
      expect(Buffer.from(fast!).equals(Buffer.from(plain!))).toBe(true);
      if (toWidth > width || toHeight > height) return;
      const areas = [areaTaps(width, toWidth), areaTaps(height, toHeight)] as const;
      const [slow, quick] = [plainPixelKernels, compiled].map((kernels) =>
        averaged(kernels, picture, ...areas),
      );
      expect(Buffer.from(quick!).equals(Buffer.from(slow!))).toBe(true);
    },
  );

  it("leave runs that are too long for their memory to the plain ones", () => {
    const plain = vi.spyOn(plainPixelKernels, "filterBytes");
    const picture = noisePicture(1, 12_000, 3, 2);
    const axes = [antialiasTaps(1, 1000), antialiasTaps(12_000, 1)] as const;
    const out = filtered(compiled, picture, ...axes);
    expect(plain).toHaveBeenCalledTimes(1);
    plain.mockRestore();
    expect(out).toEqual(filtered(plainPixelKernels, picture, ...axes));
  });
});
