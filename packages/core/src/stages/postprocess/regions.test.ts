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
    { box: [0, 0, 2, 2], area: 9, peak: { value: 7, x: 2, y: 1 }, centroid: { x: 1, y: 1 } },
  ]);
});

it("gives no region for an empty mask", () => {
  const mask = { width: 2, height: 2, channels: 1 as const, data: new Uint8Array(4) };
  expect(measureRegions(connectedComponents(mask), rampMap(2, 2))).toEqual([]);
});
