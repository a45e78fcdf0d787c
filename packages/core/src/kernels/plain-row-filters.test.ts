import { describe, expect, it } from "vitest";
import { plainRowFilters } from "./plain-row-filters.js";

function undo(rows: number[][], pixelBytes = 1): number[] | null {
  const rowBytes = rows[0]!.length - 1;
  const out = new Uint8Array(rows.length * rowBytes);
  const data = Uint8Array.from(rows.flat());
  return plainRowFilters.undo({ data, height: rows.length, rowBytes, pixelBytes }, out) ? [...out] : null;
}

describe("row filters", () => {
  it("add the prediction of each filter, modulo 256", () => {
    expect(undo([[0, 7, 255, 3]])).toEqual([7, 255, 3]);
    expect(undo([[1, 7, 255, 3]])).toEqual([7, 6, 9]);
    const above = [0, 10, 20, 30];
    expect(undo([above, [2, 1, 250, 3]])).toEqual([10, 20, 30, 11, 14, 33]);
    // Means of (0, 10), (6, 20) and (18, 30).
    expect(undo([above, [3, 1, 5, 0]])).toEqual([10, 20, 30, 6, 18, 24]);
  });

  it("take missing neighbours for 0", () => {
    expect(undo([[2, 5, 6]])).toEqual([5, 6]);
    expect(undo([[3, 8, 6]])).toEqual([8, 10]);
    expect(undo([[4, 8, 6]])).toEqual([8, 14]);
  });

  it("look one pixel to the left, not one byte", () => {
    expect(undo([[1, 1, 2, 3, 1, 1, 1]], 3)).toEqual([1, 2, 3, 2, 3, 4]);
  });

  // RFC 2083 section 6.6: left, above and corner, and which of them is nearest to left + above - corner.
  it.each([
    [10, 20, 10, 20],
    [20, 10, 10, 20],
    [20, 20, 10, 20],
    [10, 20, 15, 15],
    [10, 10, 20, 10],
    [0, 255, 128, 128],
    [255, 0, 0, 255],
    [1, 3, 2, 2],
    [2, 0, 1, 1],
    [5, 3, 4, 4],
    [4, 6, 4, 6],
  ])("predict from left %i, above %i, corner %i: %i", (left, up, corner, expected) => {
    const first = (left - corner) & 255;
    // The first pixel of the second row has no left neighbour: its nearest is what stands above it.
    expect(
      undo([
        [0, corner, up],
        [4, first, 0],
      ]),
    ).toEqual([corner, up, left, expected]);
  });

  it("refuse filters that there are not", () => {
    expect(
      undo([
        [0, 1],
        [5, 1],
      ]),
    ).toBeNull();
  });
});
