import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import type { RgbImage } from "../stages/image/image.js";
import { type PastedKind, pasteDefect } from "./paste-defect.js";

function noise(width: number, height: number): RgbImage {
  const random = seededRandom(3);
  const data = Uint8Array.from({ length: 3 * width * height }, () => 60 + random.int(120));
  return { width, height, channels: 3, data };
}
const kinds = ["patch", "scar", "scratch"] as const;

describe("pasteDefect", () => {
  it("changes the picture inside the mask only, and somewhere", () =>
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.constantFrom<PastedKind>(...kinds),
        fc.integer({ min: 24, max: 90 }),
        (seed, kind, width) => {
          const image = noise(width, 60);
          const before = image.data.slice();
          const pasted = pasteDefect(image, seed, { kind });
          expect(image.data).toEqual(before);
          expect(pasted.mask.data.some((value) => value === 1)).toBe(true);
          const changed = pasted.mask.data.map((_, at) =>
            Number([0, 1, 2].some((c) => pasted.image.data[3 * at + c] !== before[3 * at + c])),
          );
          expect(changed.every((value, at) => value <= (pasted.mask.data[at] as number))).toBe(true);
          expect(changed.includes(1)).toBe(true);
        },
      ),
      { numRuns: 60 },
    ));

  it("is the same for the same seed, another for another, and draws every kind", () => {
    const image = noise(64, 64);
    expect(pasteDefect(image, 5)).toEqual(pasteDefect(image, 5));
    expect(pasteDefect(image, 5).image.data).not.toEqual(pasteDefect(image, 6).image.data);
    const drawn = Array.from({ length: 40 }, (_, seed) => pasteDefect(image, seed).kind);
    expect(new Set(drawn)).toEqual(new Set(kinds));
  });

  it("lies in the area that is given, and nothing changes where none is", () => {
    const image = noise(80, 60);
    const area = { width: 80, height: 60, channels: 1, data: new Uint8Array(80 * 60) } as const;
    for (let y = 40; y < 50; y++) area.data.fill(1, y * 80 + 60, y * 80 + 70);
    for (let seed = 0; seed < 40; seed++) {
      const { mask, kind } = pasteDefect(image, seed, { area });
      // The middle of what is pasted straight lies in the area; a scratch bends away from its own.
      const marked = Array.from(mask.data.keys()).filter((at) => mask.data[at] === 1);
      const [x, y] = [(at: number) => at % 80, (at: number) => Math.floor(at / 80)].map(
        (of) => marked.reduce((sum, at) => sum + of(at), 0) / marked.length,
      ) as [number, number];
      const reach = kind === "scratch" ? 12 : 8;
      expect(Math.abs(x - 65)).toBeLessThan(5 + reach);
      expect(Math.abs(y - 45)).toBeLessThan(5 + reach);
      expect(pasteDefect(image, seed, { area: null })).toEqual(pasteDefect(image, seed));
    }
    const empty = { ...area, data: new Uint8Array(80 * 60) };
    expect(pasteDefect(image, 1, { area: empty })).toEqual(pasteDefect(image, 1));
  });

  it("is of the size of a defect", () => {
    const image = noise(200, 200);
    for (const kind of kinds)
      for (let seed = 0; seed < 20; seed++) {
        const { mask } = pasteDefect(image, seed, { kind });
        const share = mask.data.reduce((sum, value) => sum + value, 0) / mask.data.length;
        expect(share).toBeGreaterThan(0.0002);
        expect(share).toBeLessThan(0.04);
      }
  });
});
