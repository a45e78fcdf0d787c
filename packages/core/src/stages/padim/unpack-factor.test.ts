import { expect, it } from "vitest";
import { emptyHead, sparseHead } from "../../../../../tests/support/packed-heads.js";
import { entryIndex } from "./packed-gaussians.js";
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

it("puts entries of cells in another order back to their channels", () => {
  const head = {
    ...emptyHead(5, 1, "int16"),
    linkedGroups: Int16Array.of(1),
    // Of the second place in the block; the first is another.
    order: Int16Array.from({ length: 40 }, (_, at) => (at % 8 === 0 ? [3, 4, 0, 1, 2][at / 8] : 0)),
    factor: new Int16Array(17 * 8),
  };
  const put = (row: number, column: number, value: number) => {
    head.factor[entryIndex("int16", row, column)] = value;
  };
  put(0, 0, 5);
  put(1, 0, 6);
  put(1, 1, 7);
  put(2, 2, 2);
  put(3, 3, 3);
  // Behind the triangle.
  put(4, 0, 4);
  for (let channel = 0; channel < 5; channel++) head.scale?.set([10 ** channel], channel * 8);
  expect([...unpackFactor(head, 0)]).toEqual([2, 0, 30, 0, 0, 400, 0, 0, 0, 5000, 0, 0, 0, 6000, 70_000]);
});

it("gives every cell what all share", () => {
  const one = sparseHead(5, 8, "int8");
  const shared = { ...one, cells: 20, shared: true };
  expect(unpackFactor(shared, 19)).toEqual(unpackFactor(one, 3));
});
