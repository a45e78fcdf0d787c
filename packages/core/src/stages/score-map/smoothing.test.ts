import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BandMatrix, paddedRows } from "../../kernels/map-kernels.js";
import { plainMapKernels } from "../../kernels/plain-map-kernels.js";
import { seededRandom } from "../../random.js";
import type { FloatMap } from "../image/image.js";
import { smoothingMatrix } from "./smoothing.js";

/** A · S · Bᵀ without its padding. */
function smoothMap(map: FloatMap, rows: BandMatrix, columns: BandMatrix): FloatMap {
  const [width, height] = [paddedRows(columns.to), paddedRows(rows.to)];
  const out = new Float32Array(height * width);
  plainMapKernels.smooth(map.data, rows, columns, new Float32Array(map.height * width), out);
  const inside = (_: number, at: number) => at % width < columns.to && at < rows.to * width;
  return { width: columns.to, height: rows.to, data: out.filter(inside) };
}

/** Enlarged and blurred pixel by pixel in float64, as the definition says. */
function blurred(map: FloatMap, width: number, height: number, sigma: number): number[] {
  const radius = sigma > 0 ? Math.floor(4 * sigma + 0.5) : 0;
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    radius === 0 ? 1 : Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const mirror = (at: number, length: number) => (at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at);
  const between = (at: number, from: number, to: number) => {
    const position = Math.max(((at + 0.5) * from) / to - 0.5, 0);
    const low = Math.min(Math.floor(position), from - 1);
    return { low, high: Math.min(low + 1, from - 1), share: position - low };
  };
  const large = Array.from({ length: width * height }, (_, at) => {
    const x = between(at % width, map.width, width);
    const y = between(Math.floor(at / width), map.height, height);
    const row = (line: number) =>
      map.data[line * map.width + x.low]! * (1 - x.share) + map.data[line * map.width + x.high]! * x.share;
    return row(y.low) * (1 - y.share) + row(y.high) * y.share;
  });
  return large.map((_, at) => {
    let sum = 0;
    kernel.forEach((down, dy) => {
      const y = mirror(Math.floor(at / width) + dy - radius, height);
      kernel.forEach((across, dx) => {
        sum += (down * across * large[y * width + mirror((at % width) + dx - radius, width)]!) / total ** 2;
      });
    });
    return sum;
  });
}

/** A 64 × 64 map that is 10 in one cell. */
function peak(x: number, y: number) {
  const data = new Float32Array(64 * 64);
  data[y * 64 + x] = 10;
  return { width: 64, height: 64, data };
}

describe("smoothing", () => {
  const matrix = smoothingMatrix(64, 256, 4);

  it("gives Anomalib's numbers for a lone cell", () => {
    const { data } = smoothMap(peak(30, 20), matrix, matrix);
    const at = (y: number, x: number) => data[y * 256 + x] as number;
    expect(Math.max(...data)).toBeCloseTo(1.335919, 5);
    expect(at(81, 121)).toBeCloseTo(1.335919, 5);
    expect(at(82, 122)).toBeCloseTo(1.3359187, 5);
    expect(at(70, 110)).toBeCloseTo(0.00116, 5);
    expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(160, 3);
  });

  it("reflects at the border like Anomalib", () => {
    const { data } = smoothMap(peak(0, 0), matrix, matrix);
    expect(data[0]).toBeCloseTo(3.576158, 5);
    expect(data[4 * 256 + 4]).toBeCloseTo(1.7325225, 5);
    expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(144.3244, 3);
  });

  it("only enlarges without a blur: half-pixel bilinear", () => {
    const rows = smoothingMatrix(1, 3, 0);
    const { data } = smoothMap(
      { width: 4, height: 1, data: Float32Array.of(0, 1, 2, 3) },
      rows,
      smoothingMatrix(4, 16, 0),
    );
    expect([...data.subarray(0, 8)]).toEqual([0, 0, 0.125, 0.375, 0.625, 0.875, 1.125, 1.375]);
    expect([...data.subarray(13, 16)]).toEqual([2.875, 3, 3]);
    expect(data.subarray(32)).toEqual(data.subarray(0, 16));
  });

  it("is enlarging and blurring, for any sizes and any blur, within float32 rounding", () => {
    const side = fc.integer({ min: 1, max: 9 });
    const target = fc.integer({ min: 9, max: 30 });
    const sigma = fc.oneof(fc.constant(0), fc.double({ min: 0.05, max: 2, noNaN: true }));
    fc.assert(
      fc.property(
        side,
        side,
        target,
        target,
        sigma,
        fc.nat(),
        (width, height, toWidth, toHeight, blur, seed) => {
          const random = seededRandom(seed);
          const data = Float32Array.from({ length: width * height }, () => 5 + random.normal());
          const map = { width, height, data };
          const rows = smoothingMatrix(height, toHeight, blur);
          const result = smoothMap(map, rows, smoothingMatrix(width, toWidth, blur));
          const highest = Math.max(...data);
          blurred(map, toWidth, toHeight, blur).forEach((expected, at) => {
            expect(Math.abs(result.data[at]! - expected)).toBeLessThan(1e-6 * highest);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("weighs one in all in every row, nothing in those that pad, and stays inside of the grid", () => {
    const sizes = [fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 90 })] as const;
    fc.assert(
      fc.property(...sizes, fc.double({ min: 0, max: 4.9, noNaN: true }), (from, to, sigma) => {
        const { first, band, weights } = smoothingMatrix(from, to, sigma);
        expect(first.length).toBe(paddedRows(to) / 4);
        expect(Math.min(...first)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...first) + band).toBeLessThanOrEqual(from);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        for (let row = 0; row < paddedRows(to); row++) {
          let sum = 0;
          for (let k = 0; k < band; k++) sum += weights[((row >> 2) * band + k) * 4 + (row & 3)]!;
          expect(sum).toBeCloseTo(row < to ? 1 : 0, 6);
        }
      }),
    );
  });

  it("repeats samples where they are enlarged to the nearest, then blurs as ever", () => {
    const rows = smoothingMatrix(1, 1, 0, "nearest");
    const map = { width: 3, height: 1, data: Float32Array.of(5, 7, 9) };
    const repeated = smoothMap(map, rows, smoothingMatrix(3, 7, 0, "nearest"));
    expect([...repeated.data]).toEqual([5, 5, 5, 7, 7, 9, 9]);
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        size,
        size,
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.nat(),
        (from, more, sigma, seed) => {
          const to = from + more + 8;
          const random = seededRandom(seed);
          const data = Float32Array.from({ length: from }, () => 5 + random.normal());
          const found = smoothMap(
            { width: from, height: 1, data },
            rows,
            smoothingMatrix(from, to, sigma, "nearest"),
          );
          const large = Float32Array.from({ length: to }, (_, at) => data[Math.floor((at * from) / to)]!);
          const expected = smoothMap(
            { width: to, height: 1, data: large },
            rows,
            smoothingMatrix(to, to, sigma),
          );
          found.data.forEach((value, at) => {
            expect(Math.abs(value - expected.data[at]!)).toBeLessThan(1e-5);
          });
        },
      ),
    );
  });

  it("refuses maps that the blur does not fit into", () => {
    expect(() => smoothingMatrix(4, 16, 4)).toThrow(/more than 16 pixels/);
  });
});
