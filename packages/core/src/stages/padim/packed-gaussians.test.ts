import fc from "fast-check";
import { expect, it } from "vitest";
import { sparseHead } from "../../../../../tests/support/packed-heads.js";
import {
  BLOCK_CELLS,
  blockCount,
  entryIndex,
  entryStep,
  meanOf,
  packedRows,
  scaleRows,
  storedCells,
} from "./packed-gaussians.js";

it("blocks hold eight cells", () => {
  expect([1, 7, 8, 9, 4096].map(blockCount)).toEqual([1, 1, 1, 2, 512]);
});

it("cells have their own means, or all those of one block", () => {
  const head = sparseHead(3, 20, "float32");
  expect([...meanOf(head, 17)]).toEqual([0, 1, 2].map((d) => head.mean[(2 * 3 + d) * 8 + 1]));
  expect(storedCells(head)).toBe(20);
  const shared = { ...sparseHead(3, 8, "float32"), cells: 20, shared: true };
  expect(meanOf(shared, 17)).toEqual(meanOf(shared, 1));
  expect(storedCells(shared)).toBe(8);
});

it("a factor has the columns up to the end of each group", () => {
  for (let channels = 1; channels <= 30; channels++) {
    let rows = 0;
    for (let row = 0; row < scaleRows(channels); row++) rows += 4 * Math.floor(row / 4) + 4;
    expect(packedRows(channels)).toBe(rows);
  }
});

it("every entry of every cell has a place of its own in the block", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom("float32", "int16", "int8"),
      (channels, precision) => {
        const taken = new Set<number>();
        for (let row = 0; row < scaleRows(channels); row++)
          for (let column = 0; column < 4 * Math.floor(row / 4) + 4; column++)
            for (let lane = 0; lane < BLOCK_CELLS; lane++)
              taken.add(entryIndex(precision, row, column) + lane * entryStep(precision));
        expect(taken.size).toBe(packedRows(channels) * BLOCK_CELLS);
        expect(Math.min(...taken)).toBe(0);
        expect(Math.max(...taken)).toBe(taken.size - 1);
      },
    ),
  );
});
