import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { dent, foreign, scratch, stain } from "./defects.js";
import { drawLight } from "./light.js";
import { type DefectShape, newSurface, type Part, plain, type Scene } from "./surface.js";

const SCENE: Scene = { light: drawLight(seededRandom(1)), pixel: 1 / 64, seed: 2, random: seededRandom(3) };
const GREY: Part = {
  paint: (_u, _v, surface) => plain(surface, [0.3, 0.3, 0.3]),
  missing: () => ({ u: 0, v: 0, radius: 0, apply: () => {} }),
  bare: [0.8, 0.8, 0.8],
  stains: [[0.05, 0.02, 0.01]],
  litter: [[0.9, 0.1, 0.1]],
};
const SHAPE: DefectShape = { u: 0.1, v: -0.2, length: 0.4, angle: 0.5, contrast: 1, seed: 7 };

/** Every place of a fine grid where the surface changes by more than 1e-6, with its part set to `on`. */
function changes(make: typeof scratch, shape: DefectShape, on = 1): { u: number; v: number }[] {
  const alteration = make(shape, SCENE, GREY);
  const before = newSurface();
  const after = newSurface();
  const found: { u: number; v: number }[] = [];
  for (let i = 0; i < 128 * 128; i++) {
    const u = (i % 128) / 64 - 1;
    const v = Math.floor(i / 128) / 64 - 1;
    GREY.paint(u, v, before);
    before.part = on;
    Object.assign(after, before);
    alteration.apply(u, v, after);
    const change = Object.keys(before).some(
      (key) => Math.abs(after[key as "red"] - before[key as "red"]) > 1e-6,
    );
    if (change) found.push({ u, v });
    if (change)
      expect(Math.hypot(u - alteration.u, v - alteration.v)).toBeLessThan(alteration.radius * Math.SQRT2);
  }
  return found;
}

describe.each([
  ["scratch", scratch],
  ["dent", dent],
  ["stain", stain],
  ["foreign", foreign],
] as const)("%s", (_name, make) => {
  it("lies round its place, is about as long as asked, and longer when asked", () => {
    for (const seed of [7, 8, 9, 10]) {
      const extent = (length: number): number => {
        const places = changes(make, { ...SHAPE, length, seed });
        return Math.max(...places.map(({ u, v }) => Math.hypot(u - SHAPE.u, v - SHAPE.v)));
      };
      expect(extent(0.4)).toBeGreaterThan(0.12);
      expect(extent(0.4)).toBeLessThan(0.35);
      expect(extent(0.8)).toBeGreaterThan(1.4 * extent(0.4));
    }
  });

  it("changes nothing beside the part, and nothing at contrast 0", () => {
    expect(changes(make, SHAPE, 0)).toEqual([]);
    expect(changes(make, { ...SHAPE, contrast: 0 })).toEqual([]);
  });

  it("is decided by its seed", () => {
    expect(changes(make, SHAPE)).toEqual(changes(make, SHAPE));
    expect(changes(make, SHAPE)).not.toEqual(changes(make, { ...SHAPE, seed: 8 }));
  });
});
