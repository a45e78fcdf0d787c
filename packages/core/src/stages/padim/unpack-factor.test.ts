import { expect, it } from "vitest";
import { emptyHead } from "./pack-block.js";
import { unpackFactor } from "./unpack-factor.js";

it("gives value · scale of the column, for the cell that was asked for", () => {
  const head = emptyHead(2, 9, "int8");
  // The second block's first cell: rows (0, 0), (1, 0), (1, 1).
  const block = 16 * 8;
  head.factor[block] = 3;
  head.factor[block + 16] = -4;
  head.factor[block + 17] = 5;
  head.scale?.set([2], 4 * 8);
  head.scale?.set([10], 4 * 8 + 8);
  expect([...unpackFactor(head, 8)]).toEqual([6, -8, 50]);
  expect([...unpackFactor(head, 0)]).toEqual([0, 0, 0]);
});

it("gives floats as they are", () => {
  const head = emptyHead(2, 2, "float32");
  head.factor[1] = 3;
  head.factor[8 + 1] = -4;
  head.factor[32 + 8 + 1] = 5;
  expect([...unpackFactor(head, 1)]).toEqual([3, -4, 5]);
});
