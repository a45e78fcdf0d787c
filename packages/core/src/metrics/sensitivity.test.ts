import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialInterval } from "./intervals.js";
import { FOUND_SHARE, type SensitivityTry, sensitivityGroups } from "./sensitivity.js";

const tries = fc.array(
  fc.record({
    type: fc.constantFrom("scratch", "dent"),
    size: fc.constantFrom(4, 8, 16),
    contrast: fc.constantFrom(0.1, 0.5),
    zone: fc.constantFrom(null, "rim", "face"),
    found: fc.boolean(),
  }),
  { maxLength: 300 },
);

/** So many tries of which so many found their defect. */
const cell = (size: number, contrast: number, tried: number, found: number): SensitivityTry[] =>
  Array.from({ length: tried }, (_, i) => ({
    type: "scratch",
    size,
    contrast,
    zone: null,
    found: i < found,
  }));

describe("sensitivityGroups", () => {
  it("counts every try once in all, once in its kind, and once in its zone where it has one", () => {
    fc.assert(
      fc.property(tries, (some) => {
        const groups = sensitivityGroups(some);
        const total = (by: string, of: "tried" | "found") =>
          groups
            .filter((group) => group.by === by)
            .flatMap(({ cells }) => cells)
            .reduce((sum, one) => sum + one[of], 0);
        const zoned = some.filter(({ zone }) => zone !== null);
        expect([total("all", "tried"), total("type", "tried")]).toEqual([some.length, some.length]);
        expect(total("zone", "tried")).toBe(zoned.length);
        const found = (list: readonly SensitivityTry[]) => list.filter((one) => one.found).length;
        expect([total("all", "found"), total("zone", "found")]).toEqual([found(some), found(zoned)]);
        for (const { cells } of groups)
          for (const one of cells) expect(one.interval).toEqual(binomialInterval(one.found, one.tried));
      }),
    );
  });

  it("promises a size only when all larger tried ones keep the promise, too", () => {
    fc.assert(
      fc.property(tries, (some) => {
        for (const { cells, limits } of sensitivityGroups(some))
          for (const { contrast, size } of limits) {
            const own = cells.filter((one) => one.contrast === contrast);
            const kept = own.filter((one) => size !== null && one.size >= size);
            expect(kept.every(({ interval }) => interval[0] >= FOUND_SHARE)).toBe(true);
            const next = own.filter((one) => size === null || one.size < size).at(-1);
            if (next !== undefined) expect(next.interval[0]).toBeLessThan(FOUND_SHARE);
          }
      }),
    );
  });

  it("says the numbers: 59 of 60 are enough for 90 % with 95 % confidence, 58 are not", () => {
    const limitOf = (...cells: SensitivityTry[][]) => sensitivityGroups(cells.flat())[0]!.limits[0]!.size;
    expect(limitOf(cell(8, 0.5, 60, 59))).toBe(8);
    expect(limitOf(cell(8, 0.5, 60, 58))).toBeNull();
    expect(limitOf(cell(8, 0.5, 36, 36))).toBe(8);
    expect(limitOf(cell(8, 0.5, 35, 35))).toBeNull();
    expect(limitOf(cell(4, 0.5, 60, 60), cell(8, 0.5, 60, 40), cell(16, 0.5, 60, 60))).toBe(16);
    expect(limitOf(cell(4, 0.5, 60, 60), cell(8, 0.5, 60, 60), cell(16, 0.5, 60, 40))).toBeNull();
  });

  it("has no sizes without tries", () => {
    expect(sensitivityGroups([])).toEqual([{ by: "all", name: "", cells: [], limits: [] }]);
  });
});
