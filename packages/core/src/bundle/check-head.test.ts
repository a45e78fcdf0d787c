import { describe, expect, it } from "vitest";
import { emptyHead } from "../../../../tests/support/packed-heads.js";
import { smallBank } from "../../../../tests/support/small-fusion.js";
import type { PackedGaussians } from "../stages/padim/packed-gaussians.js";
import type { PatchBank } from "../stages/patchcore/patch-bank.js";
import { checkHead } from "./check-head.js";

const GRID = { grid: { width: 11, height: 1 } };

/** 5 channels on 11 cells: padding on both axes, which holds zeros. */
function goodHead(precision: "float32" | "int16" | "int8") {
  const head = emptyHead(5, 11, precision);
  for (let cell = 0; cell < 11; cell++)
    for (let row = 0; row < 5; row++) {
      const at = (Math.floor(cell / 8) * 8 + row) * 8 + (cell % 8);
      if (head.scale !== null) head.scale[at] = 0.5;
    }
  return head;
}

const check = (gaussians: PackedGaussians, subject = "x") =>
  checkHead({ kind: "padim", gaussians, fit: null, statistics: null }, GRID, subject);
const checkBank = (bank: PatchBank, subject = "x") => checkHead({ kind: "patchcore", bank }, GRID, subject);

describe("checkHead on Gaussians", () => {
  it.each(["float32", "int16", "int8"] as const)("accepts %s with empty padding", (precision) => {
    expect(() => check(goodHead(precision))).not.toThrow();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "refuses a mean of %d",
    (value) => {
      const head = goodHead("int16");
      head.mean[head.mean.length - 1] = value;
      expect(() => check(head, "part.blemish")).toThrow(/part\.blemish.*padim\.mean.*MODEL_BROKEN/);
    },
  );

  it("refuses typical pictures below 0", () => {
    const head = { kind: "padim", gaussians: goodHead("int8"), fit: null, statistics: null } as const;
    const typical = new Int32Array(11);
    expect(() => checkHead({ ...head, typical }, GRID, "x")).not.toThrow();
    typical[3] = -1;
    expect(() => checkHead({ ...head, typical }, GRID, "x")).toThrow(/padim\.typical.*MODEL_BROKEN/);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses a float32 factor of %d", (value) => {
    const head = goodHead("float32");
    head.factor[3] = value;
    expect(() => check(head)).toThrow(/padim\.factor.*MODEL_BROKEN/);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a scale of %d", (value) => {
    const head = goodHead("int8");
    // The last channel of the last cell.
    (head.scale as Float32Array)[(1 * 8 + 4) * 8 + 2] = value;
    expect(() => check(head)).toThrow(/padim\.scale.*MODEL_BROKEN/);
  });

  it("accepts any order of the channels, and refuses one that does not name each once", () => {
    // Two blocks in which the lists of the eight cells differ.
    const order = Int16Array.from({ length: 2 * 5 * 8 }, (_, at) => (Math.floor(at / 8) + at) % 5);
    const head = { ...goodHead("int16"), order };
    expect(() => check(head)).not.toThrow();
    for (const wrong of [-1, 5, 32767, order[8]]) {
      const changed = order.slice();
      changed[0] = wrong;
      expect(() => check({ ...head, order: changed }), String(wrong)).toThrow(/padim\.order.*MODEL_BROKEN/);
    }
  });
});

describe("checkHead on memory banks", () => {
  it.each(["float32", "int8"] as const)("accepts %s", (precision) => {
    expect(() => checkBank(smallBank(precision, 11, 1))).not.toThrow();
  });

  it("accepts a row of zeros, whose scale is 0", () => {
    const bank = smallBank("int8", 11, 1);
    (bank.scale as Float32Array)[0] = 0;
    expect(() => checkBank(bank)).not.toThrow();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "refuses a patch, a scale or a length of %d",
    (value) => {
      const patch = smallBank("float32", 11, 1);
      patch.data[patch.data.length - 1] = value;
      expect(() => checkBank(patch, "part.blemish")).toThrow(/part\.blemish.*bank\.rows.*MODEL_BROKEN/);
      const scaled = smallBank("int8", 11, 1);
      (scaled.scale as Float32Array)[8] = value;
      expect(() => checkBank(scaled)).toThrow(/bank\.scale.*MODEL_BROKEN/);
      const long = smallBank("int8", 11, 1);
      long.norms[8] = value;
      expect(() => checkBank(long)).toThrow(/bank\.norms.*MODEL_BROKEN/);
    },
  );

  it("refuses a scale below 0", () => {
    const bank = smallBank("int8", 11, 1);
    (bank.scale as Float32Array)[3] = -0.5;
    expect(() => checkBank(bank)).toThrow(/bank\.scale.*MODEL_BROKEN/);
  });

  it("refuses rows that do not stand in the order of their pictures", () => {
    const bank = smallBank("int8", 11, 1);
    bank.picture[4] = 1;
    expect(() => checkBank(bank)).toThrow(/ascending order.*bank\.picture.*MODEL_BROKEN/);
    const below = smallBank("int8", 11, 1);
    below.picture[0] = -1;
    expect(() => checkBank(below)).toThrow(/bank\.picture.*MODEL_BROKEN/);
  });

  it("accepts a bank of which nobody knows where it is from, and none that is half known", () => {
    const bank = smallBank("float32", 11, 1);
    const unknown = new Int32Array(bank.rows).fill(-1);
    expect(() => checkBank({ ...bank, picture: unknown, cell: unknown })).not.toThrow();
    expect(() => checkBank({ ...bank, picture: unknown })).toThrow(/bank\.picture.*MODEL_BROKEN/);
    expect(() => checkBank({ ...bank, cell: unknown })).toThrow(/bank\.cell.*MODEL_BROKEN/);
  });

  it.each([-1, 11])("refuses the place %d of an 11 × 1 grid", (cell) => {
    const bank = smallBank("float32", 11, 1);
    bank.cell[5] = cell;
    expect(() => checkBank(bank)).toThrow(/from 0 to 10 in array bank\.cell.*MODEL_BROKEN/);
  });
});
