import fc from "fast-check";
import { expect, it } from "vitest";
import { formulaMask, rampMap } from "../../../../../fixtures/visualise/formulas.js";
import { connectedComponents } from "./connected-components.js";
import { measureRegions } from "./regions.js";

it("agrees with a pixel by pixel count on random masks", () => {
  const size = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(size, size, fc.nat(1000), fc.constantFrom(5, 20, 40, 70), (width, height, seed, percent) => {
      const mask = formulaMask(width, height, seed, percent);
      const map = rampMap(width, height);
      const components = connectedComponents(mask);
      const regions = measureRegions(components, map);
      expect(regions.length).toBe(components.count);
      const { rows, starts, ends, labels } = components;
      const pixels = regions.map((): { x: number; y: number }[] => []);
      for (let run = 0; run < labels.length; run++)
        for (let x = starts[run]!; x < ends[run]!; x++) pixels[labels[run]!]!.push({ x, y: rows[run]! });
      for (const [c, region] of regions.entries()) {
        const own = pixels[c]!;
        const xs = own.map((p) => p.x);
        const ys = own.map((p) => p.y);
        const at = (p: { x: number; y: number }) => map.data[p.y * width + p.x]!;
        expect(region.area).toBe(own.length);
        expect(region.box).toEqual([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
        expect(region.centroid.x).toBeCloseTo(xs.reduce((a, b) => a + b) / own.length, 9);
        expect(region.centroid.y).toBeCloseTo(ys.reduce((a, b) => a + b) / own.length, 9);
        expect(region.mean).toBeCloseTo(own.map(at).reduce((a, b) => a + b) / own.length, 9);
        const { length, width: across } = region.extent;
        const [right, bottom] = [
          Math.max(...xs) - Math.min(...xs) + 1,
          Math.max(...ys) - Math.min(...ys) + 1,
        ];
        expect(length).toBeGreaterThanOrEqual(across);
        expect(length * across).toBeLessThanOrEqual(right * bottom + 1e-9);
        expect(length).toBeLessThanOrEqual(Math.hypot(right, bottom) + 1);
        expect(region.touchesBorder).toBe(
          own.some(({ x, y }) => x === 0 || y === 0 || x === width - 1 || y === height - 1),
        );
        const highest = Math.max(...own.map(at));
        expect(region.peak.value).toBe(highest);
        expect(own.find((p) => at(p) === highest)).toEqual({ x: region.peak.x, y: region.peak.y });
      }
    }),
  );
});

it("takes the first of equal peaks in raster order", () => {
  const mask = { width: 3, height: 3, channels: 1 as const, data: new Uint8Array(9).fill(1) };
  const map = { width: 3, height: 3, data: Float32Array.of(0, 0, 0, 0, 0, 7, 7, 0, 0) };
  expect(measureRegions(connectedComponents(mask), map)).toEqual([
    {
      box: [0, 0, 2, 2],
      area: 9,
      peak: { value: 7, x: 2, y: 1 },
      centroid: { x: 1, y: 1 },
      mean: 14 / 9,
      extent: { length: 3, width: 3, angle: 0 },
      touchesBorder: true,
    },
  ]);
});

it("adds millimetres where a pixel's size is known", () => {
  const mask = formulaMask(20, 20, 3, 20);
  const components = connectedComponents(mask);
  const plain = measureRegions(components, rampMap(20, 20));
  const scaled = measureRegions(components, rampMap(20, 20), null, 0.5);
  for (const [i, { extent, areaMm2, area }] of scaled.entries()) {
    expect(areaMm2).toBe(area / 4);
    expect(extent).toEqual({ ...extent, lengthMm: extent.length / 2, widthMm: extent.width / 2 });
    expect(plain[i]).not.toHaveProperty("areaMm2");
  }
});

it("gives no region for an empty mask", () => {
  const mask = { width: 2, height: 2, channels: 1 as const, data: new Uint8Array(4) };
  expect(measureRegions(connectedComponents(mask), rampMap(2, 2))).toEqual([]);
});
