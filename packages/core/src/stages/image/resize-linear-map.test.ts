import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaMap, noiseMap } from "../../../../../tests/support/noise.js";
import { readReference, sha256 } from "../../../../../tests/support/resample-reference.js";
import { resizeLinearMap } from "./resize-linear-map.js";

interface MapCase {
  readonly from: [number, number];
  readonly to: [number, number];
  readonly seed: number;
}

interface MapFixture {
  readonly cases: readonly (MapCase & { readonly sha256: string })[];
  readonly small: readonly (MapCase & { readonly data: readonly number[] })[];
  readonly formula: { readonly values: Readonly<Record<string, number>>; readonly max: number };
}

const reference = readReference<MapFixture>("linear-map");

describe("reference numbers of OpenCV without IPP", () => {
  test.each(reference.small)("small $from to $to, value for value", ({ from, to, seed, data }) => {
    expect([...resizeLinearMap(noiseMap(...from, seed), ...to).data]).toEqual(data);
  });

  test(`${reference.cases.length} maps of many sizes, by hash`, () => {
    expect(reference.cases.length).toBeGreaterThanOrEqual(60);
    for (const { from, to, seed, sha256: expected } of reference.cases) {
      expect(sha256(resizeLinearMap(noiseMap(...from, seed), ...to).data), `${from} to ${to}`).toBe(expected);
    }
  });

  test("the golden bell, 256 × 256 to 400 × 300", () => {
    const { data } = resizeLinearMap(formulaMap(), 400, 300);
    for (const [spot, value] of Object.entries(reference.formula.values)) {
      const [y = 0, x = 0] = spot.split(",").map(Number);
      // The bell itself comes from exp(), whose last digit depends on the machine.
      expect(data[y * 400 + x]).toBeCloseTo(value, 6);
    }
    expect(Math.max(...data)).toBeCloseTo(reference.formula.max, 6);
  });
});

describe("properties", () => {
  const side = fc.integer({ min: 1, max: 40 });
  const seed = fc.nat();

  test("only the asked rows are made, with the same values", () => {
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        seed,
        side,
        side,
        (width, height, toWidth, toHeight, number, a, b) => {
          const map = noiseMap(width, height, number);
          const [from, to] = [Math.min(a, b, toHeight), Math.min(Math.max(a, b), toHeight)];
          const whole = resizeLinearMap(map, toWidth, toHeight).data;
          const some = resizeLinearMap(map, toWidth, toHeight, { from, to }).data;
          expect(some.length).toBe(whole.length);
          const inside = [from * toWidth, to * toWidth] as const;
          expect(some.subarray(...inside)).toEqual(whole.subarray(...inside));
        },
      ),
    );
  });

  test("values stay within those of the source but for float32 rounding, and the source is not changed", () => {
    fc.assert(
      fc.property(side, side, side, side, seed, (width, height, toWidth, toHeight, number) => {
        const map = noiseMap(width, height, number);
        const before = map.data.slice();
        const { data } = resizeLinearMap(map, toWidth, toHeight);
        expect(data.length).toBe(toWidth * toHeight);
        expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.min(...before) * (1 - 3e-7));
        expect(Math.max(...data)).toBeLessThanOrEqual(Math.max(...before) * (1 + 3e-7));
        expect(map.data).toEqual(before);
      }),
    );
  });

  test("a plane stays a plane away from the border", () => {
    const plane = {
      width: 16,
      height: 16,
      data: Float32Array.from({ length: 256 }, (_, i) => (i % 16) + Math.floor(i / 16)),
    };
    const { data } = resizeLinearMap(plane, 64, 64);
    for (let y = 2; y < 62; y++) {
      for (let x = 2; x < 62; x++)
        expect(data[y * 64 + x]).toBeCloseTo((x + 0.5) / 4 - 0.5 + (y + 0.5) / 4 - 0.5, 5);
    }
  });

  test("the same size gives the same object; halving gives block means", () => {
    const map = noiseMap(6, 4, 1);
    expect(resizeLinearMap(map, 6, 4)).toBe(map);
    const half = resizeLinearMap(map, 3, 2).data;
    const [a = 0, b = 0] = map.data;
    expect(half[0]).toBeCloseTo((a + b + (map.data[6] ?? 0) + (map.data[7] ?? 0)) / 4, 4);
  });

  test("NaN and infinities pass through only where they are read", () => {
    const data = new Float32Array(16).fill(1);
    data[0] = Number.NaN;
    const result = resizeLinearMap({ width: 4, height: 4, data }, 8, 8).data;
    expect(result[0]).toBeNaN();
    expect(result[63]).toBe(1);
  });
});

describe("bad input", () => {
  test.each([0, -3, 0.5, Number.NaN, 2 ** 31])("a side of %s is refused", (bad) => {
    expect(() => resizeLinearMap(noiseMap(3, 3, 1), bad, 2)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE" }),
    );
  });

  test("data of another length than its size is refused", () => {
    const map = { width: 3, height: 3, data: new Float32Array(8) };
    expect(() => resizeLinearMap(map, 2, 2)).toThrow(expect.objectContaining({ code: "IMAGE_PIXELS" }));
  });
});
