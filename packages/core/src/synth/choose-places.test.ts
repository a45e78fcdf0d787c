import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import type { Mask } from "../stages/image/image.js";
import { placeChooser } from "./choose-places.js";

const maskOf = (width: number, height: number, isIn: (x: number, y: number) => boolean): Mask => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from({ length: width * height }, (_, i) =>
    isIn(i % width, Math.floor(i / width)) ? 1 : 0,
  ),
});

describe("placeChooser", () => {
  it("draws pixels of the area that are far enough from the border, and finds every one of them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.nat(),
        fc.boolean(),
        (width, height, margin, seed, whole) => {
          const own = seededRandom(seed);
          const area = whole ? null : maskOf(width, height, () => own.next() < 0.5);
          const edge = Math.ceil(margin);
          const allowed = new Set<string>();
          for (let y = edge; y < height - edge; y++)
            for (let x = edge; x < width - edge; x++)
              if (area === null || area.data[y * width + x] === 1) allowed.add(`${x} ${y}`);
          const choose = placeChooser({ width, height }, area, margin);
          if (allowed.size === 0) {
            expect(choose).toBeNull();
            return;
          }
          const random = seededRandom(seed, 1);
          const drawn = new Set<string>();
          for (let i = 0; i < 30 * allowed.size; i++) {
            const { x, y } = choose!(random);
            drawn.add(`${x} ${y}`);
          }
          for (const place of drawn) expect(allowed).toContain(place);
          expect(drawn.size).toBeGreaterThan(0.9 * allowed.size - 1);
        },
      ),
    );
  });

  it("prefers no place", () => {
    const choose = placeChooser(
      { width: 5, height: 4 },
      maskOf(5, 4, (x, y) => (x + y) % 2 === 0),
      0,
    )!;
    const random = seededRandom(3);
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const { x, y } = choose(random);
      counts.set(`${x} ${y}`, (counts.get(`${x} ${y}`) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    // Four deviations of a binomial count.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
