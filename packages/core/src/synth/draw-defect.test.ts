import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RgbImage } from "../stages/image/image.js";
import { type DefectWish, drawDefect } from "./draw-defect.js";
import { DEFECT_TYPES } from "./part-kinds.js";

const SIDE = 96;
const flat = (level: number): RgbImage => ({
  width: SIDE,
  height: SIDE,
  channels: 3,
  data: new Uint8Array(3 * SIDE * SIDE).fill(level),
});

const wishes: fc.Arbitrary<DefectWish> = fc.record({
  type: fc.constantFrom(...DEFECT_TYPES),
  x: fc.integer({ min: 0, max: SIDE - 1 }),
  y: fc.integer({ min: 0, max: SIDE - 1 }),
  size: fc.double({ min: 1, max: 60, noNaN: true }),
  contrast: fc.double({ min: 0.01, max: 1, noNaN: true }),
  seed: fc.nat(),
});

/** Places of the mask, and how far the picture was moved where it was moved most. */
function changes(from: RgbImage, wish: DefectWish) {
  const { image, mask } = drawDefect(from, wish);
  const on = Array.from(mask.data.keys()).filter((i) => mask.data[i] === 1);
  let most = 0;
  for (let i = 0; i < image.data.length; i++) most = Math.max(most, Math.abs(image.data[i]! - from.data[i]!));
  return { image, mask, on, most };
}

const equal = (a: Uint8Array, b: Uint8Array) => a.every((value, i) => value === b[i]);

/** Largest distance between two pixels of a set, their own width included. */
function extent(on: readonly number[]): number {
  let most = 0;
  // The farthest ones are on the edge.
  const edge = on.filter((i) => !on.includes(i + 1) || !on.includes(i - 1));
  for (const a of edge)
    for (const b of edge)
      most = Math.max(most, Math.hypot((a % SIDE) - (b % SIDE), Math.floor(a / SIDE) - Math.floor(b / SIDE)));
  return most + 1;
}

describe("drawDefect", () => {
  it("changes nothing outside its mask, leaves the picture it was given alone, and repeats itself", () => {
    fc.assert(
      fc.property(wishes, fc.integer({ min: 0, max: 255 }), (wish, level) => {
        const from = flat(level);
        const { image, mask } = drawDefect(from, wish);
        expect(from.data.every((value) => value === level)).toBe(true);
        const outside = image.data.filter((_, i) => mask.data[Math.floor(i / 3)] === 0);
        expect(outside.every((value) => value === level)).toBe(true);
        const again = drawDefect(from, wish);
        expect([again.image, again.mask].every(({ data }, i) => equal(data, [image, mask][i]!.data))).toBe(
          true,
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each(DEFECT_TYPES)("is as large as asked for: %s", (type) => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 40 }), fc.nat(), (size, seed) => {
        const { on } = changes(flat(128), { type, x: 48, y: 48, size, contrast: 0.5, seed });
        const found = extent(on);
        expect(found).toBeGreaterThan(0.65 * size);
        // A hole is between a circle and a square, whose diagonal is longer.
        expect(found).toBeLessThan((type === "missing" ? 1.25 : 1.05) * size + 3);
      }),
      { numRuns: 15 },
    );
  });

  it.each(DEFECT_TYPES)("is as strong as asked for, and stronger with more contrast: %s", (type) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 40 }),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        (size, seed, level) => {
          const strength = (contrast: number) =>
            changes(flat(level), { type, x: 48, y: 48, size, contrast, seed }).most;
          for (const contrast of [0.1, 0.25, 0.5]) {
            expect(strength(contrast)).toBeLessThanOrEqual(Math.ceil(255 * contrast));
            expect(strength(contrast)).toBeGreaterThan(0.75 * 255 * contrast - 1);
          }
          expect(strength(0.1)).toBeLessThan(strength(0.25));
          expect(strength(0.25)).toBeLessThan(strength(0.5));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("has the same place and form at every contrast, and larger ones cover smaller ones", () => {
    for (const type of DEFECT_TYPES)
      for (let seed = 0; seed < 10; seed++) {
        const wish = { type, x: 48, y: 48, size: 20, contrast: 0.5, seed };
        const { mask } = drawDefect(flat(128), wish);
        expect(equal(drawDefect(flat(128), { ...wish, contrast: 0.05 }).mask.data, mask.data)).toBe(true);
        if (type === "scratch") continue;
        const larger = drawDefect(flat(128), { ...wish, size: 30 }).mask;
        expect(mask.data.every((value, i) => value <= larger.data[i]!)).toBe(true);
      }
  });

  it("reaches over the border without harm", () => {
    for (const type of DEFECT_TYPES) {
      const { on } = changes(flat(60), { type, x: 0, y: SIDE - 1, size: 24, contrast: 0.4, seed: 5 });
      expect(on.length).toBeGreaterThan(0);
    }
  });
});
