import { expect, it } from "vitest";
import { fastRowFilters } from "./fast-row-filters.js";
import { plainRowFilters } from "./plain-row-filters.js";
import type { RowFilters } from "./row-filters.js";

it("is one seam for both implementations", () => {
  const filters: RowFilters[] = [plainRowFilters, fastRowFilters()];
  for (const { undo } of filters) {
    const out = new Uint8Array(4);
    const data = Uint8Array.of(0, 1, 2, 2, 3, 4);
    expect(undo({ data, height: 2, rowBytes: 2, pixelBytes: 1 }, out)).toBe(true);
    expect([...out]).toEqual([1, 2, 4, 6]);
  }
});
