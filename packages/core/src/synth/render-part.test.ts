import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFECT_TYPES, type DefectType, PART_KINDS, type PartKind } from "./part-kinds.js";
import { type PartOptions, renderPart, VISIBLE_LEVELS } from "./render-part.js";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
const SMALL = { width: 96, height: 96 };
const kinds = fc.constantFrom(...PART_KINDS);
const types = fc.constantFrom(...DEFECT_TYPES);
const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe("renderPart", () => {
  it("is pinned: a seed gives these bytes on every machine", () => {
    const pins = PART_KINDS.map((kind, i) => {
      const { image, mask } = renderPart(kind, {
        seed: 42 + i,
        width: 128,
        height: 96,
        defect: { type: DEFECT_TYPES[i]! },
      });
      return `${kind} ${sha256(image.data)} ${sha256(mask.data)}`;
    });
    expect(pins).toMatchInlineSnapshot(`
      [
        "washer bd1a2f63f739aa08 0573c2102a39e7ca",
        "cloth 8294421508d59052 d1a39e2a9099fce7",
        "label a924e54bc0741db7 bce139214fb6df85",
        "cap 41af2243195a63b8 748a29fad5321c04",
        "pads 2083311432719e37 9f7b282b3f12a0d5",
      ]
    `);
  });

  it("gives the same bytes again, and others for another seed", () => {
    fc.assert(
      fc.property(kinds, seeds, (kind, seed) => {
        const one = renderPart(kind, { seed, ...SMALL });
        expect(renderPart(kind, { seed, ...SMALL })).toEqual(one);
        expect(renderPart(kind, { seed: seed === 0 ? 1 : seed - 1, ...SMALL }).image.data).not.toEqual(
          one.image.data,
        );
      }),
      { numRuns: 25 },
    );
  });

  it("gives good parts an empty mask, and the size asked for", () => {
    fc.assert(
      fc.property(
        kinds,
        seeds,
        fc.integer({ min: 16, max: 120 }),
        fc.integer({ min: 16, max: 120 }),
        (kind, seed, width, height) => {
          const { image, mask, defect } = renderPart(kind, { seed, width, height });
          expect([image.width, image.height, image.channels, image.data.length]).toEqual([
            width,
            height,
            3,
            width * height * 3,
          ]);
          expect([mask.width, mask.height, mask.channels, mask.data.length]).toEqual([
            width,
            height,
            1,
            width * height,
          ]);
          expect(mask.data.every((value) => value === 0)).toBe(true);
          expect(defect).toBeNull();
        },
      ),
      { numRuns: 40 },
    );
  });

  it("changes exactly the masked pixels, visibly, and reports their box and area", () => {
    fc.assert(
      fc.property(kinds, types, seeds, (kind, type, seed) =>
        checkMask(kind, type, { seed, width: 112, height: 96 }),
      ),
      { numRuns: 60 },
    );
  });

  it("draws larger and fainter defects as asked", () => {
    for (const kind of PART_KINDS) {
      const area = (size: number, contrast: number): number =>
        renderPart(kind, { seed: 11, width: 192, height: 192, defect: { type: "stain", size, contrast } })
          .defect!.area;
      expect(area(0.24, 1)).toBeGreaterThan(2.5 * area(0.12, 1));
      expect(area(0.12, 1)).toBeGreaterThanOrEqual(area(0.12, 0.3));
    }
  });

  it.each([
    ["washer", 0.84],
    ["cap", 0.84],
  ] as const)("keeps defects on the %s", (kind, radius) => {
    for (const type of DEFECT_TYPES)
      for (let seed = 0; seed < 10; seed++) {
        const { mask } = renderPart(kind, { seed, width: 128, height: 128, defect: { type } });
        const away = [...mask.data.keys()]
          .filter((i) => mask.data[i] === 1)
          .map((i) => Math.hypot((i % 128) - 63.5, Math.floor(i / 128) - 63.5));
        expect(Math.max(...away)).toBeLessThan(radius * 64 + 2);
        if (kind === "washer") expect(Math.min(...away)).toBeGreaterThan(0.34 * 64 - 2);
      }
  });

  it("varies from good to good, but plausibly: aligned parts with drifts of light and texture", () => {
    for (const kind of PART_KINDS) {
      const goods = Array.from({ length: 16 }, (_, seed) => renderPart(kind, { seed, ...SMALL }).image.data);
      const deviations = Array.from({ length: goods[0]!.length }, (_, i) =>
        deviation(goods.map((data) => data[i]!)),
      );
      const mean = deviations.reduce((sum, value) => sum + value, 0) / deviations.length;
      // Sensor noise alone gives 1.4. The cloth has no fixed place, so each pixel sees all of its threads.
      expect(mean).toBeGreaterThan(2.5);
      expect(mean).toBeLessThan(kind === "cloth" ? 45 : 14);
      expect(Math.min(...deviations)).toBeGreaterThan(0.3);
      const level = goods.map((data) => data.reduce((sum, value) => sum + value, 0) / data.length);
      expect(deviation(level)).toBeGreaterThan(0.3);
      expect(deviation(level)).toBeLessThan(5);
    }
  });

  it.each([
    [{ seed: -1 }, "seed"],
    [{ width: 8 }, "width"],
    [{ height: 5000 }, "height"],
    [{ defect: { type: "rust" as DefectType } }, "defect type"],
    [{ defect: { type: "dent", size: 0 } }, "defect size"],
    [{ defect: { type: "dent", size: Number.NaN } }, "defect size"],
    [{ defect: { type: "dent", contrast: 1.5 } }, "defect contrast"],
    [{ defect: { type: "dent", size: 0.001, contrast: 0.001 } }, "defect dent"],
  ] as const)("refuses %j", (wrong, subject) => {
    const options = { seed: 1, ...SMALL, ...wrong } as PartOptions;
    expect(() => renderPart("cap", options)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject }),
    );
  });

  it("refuses an unknown kind by name", () => {
    expect(() => renderPart("gear" as PartKind, { seed: 1, ...SMALL })).toThrow(
      /washer, cloth, label, cap, pads.*gear/,
    );
  });
});

function checkMask(
  kind: PartKind,
  type: DefectType,
  options: { seed: number; width: number; height: number },
): void {
  const good = renderPart(kind, options).image.data;
  const { image, mask, defect } = renderPart(kind, { ...options, defect: { type } });
  const box: [number, number, number, number] = [options.width, options.height, -1, -1];
  let area = 0;
  let changedOutside = 0;
  let unchangedInside = 0;
  for (let i = 0; i < mask.data.length; i++) {
    const change = Math.max(...[0, 1, 2].map((c) => Math.abs(image.data[3 * i + c]! - good[3 * i + c]!)));
    if (mask.data[i] === 0) {
      if (change !== 0) changedOutside++;
      continue;
    }
    if (change < VISIBLE_LEVELS) unchangedInside++;
    const [x, y] = [i % options.width, Math.floor(i / options.width)];
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
    area++;
  }
  expect([changedOutside, unchangedInside]).toEqual([0, 0]);
  expect(area).toBeGreaterThan(0);
  expect(area).toBeLessThan(0.1 * mask.data.length);
  expect(defect).toEqual({ type, box, area });
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
