import { describe, expect, it } from "vitest";
import { sparseHead } from "../../../../tests/support/packed-heads.js";
import type { PackedGaussians } from "../stages/padim/packed-gaussians.js";
import { headArrays, readHead } from "./head-arrays.js";
import type { NamedArray } from "./safetensors.js";
import { takeArray } from "./take-array.js";

/** 7 channels on 19 cells: a whole block, one with a triangle of one group, one with no triangle. */
const head: PackedGaussians = {
  channels: 7,
  cells: 19,
  precision: "int16",
  mean: Float32Array.from({ length: 3 * 7 * 8 }, (_, at) => at),
  linkedGroups: Int16Array.of(2, 1, 0),
  order: Int16Array.from({ length: 2 * 7 * 8 }, (_, at) => Math.floor(at / 8) % 7),
  factor: Int16Array.from({ length: (48 + 16 + 3 + 7) * 8 }, (_, at) => at),
  scale: new Float32Array(3 * 8 * 8).fill(1),
};

const size = { channels: 7, cells: 19, precision: "int16" } as const;
const read = (change: Record<string, NamedArray> = {}) =>
  readHead(size, takeArray({ ...headArrays(head), ...change }, "part.blemish"), "part.blemish");

describe("the arrays of a head", () => {
  it("are named, with the shapes that the format says, and read back in place", () => {
    const shapes = Object.entries(headArrays(head)).map(([name, { type, shape }]) => [name, type, ...shape]);
    expect(shapes).toEqual([
      ["padim.mean", "F32", 3, 7, 8],
      ["padim.linked", "I16", 3],
      ["padim.order", "I16", 14, 8],
      ["padim.factor", "I16", 74, 8],
      ["padim.scale", "F32", 3, 8, 8],
    ]);
    expect(read()).toEqual(head);
    expect(read().factor).toBe(head.factor);
  });

  it("are those of one block where all cells share a Gaussian", () => {
    const shared: PackedGaussians = { ...sparseHead(7, 8, "int16"), cells: 19, shared: true };
    const arrays = headArrays(shared);
    expect(arrays["padim.mean"]?.shape).toEqual([1, 7, 8]);
    const take = takeArray(arrays, "part.blemish");
    expect(readHead({ ...size, shared: true }, take, "part.blemish")).toEqual(shared);
    expect(() => readHead(size, take, "part.blemish")).toThrow(/padim\.linked of I16 \[3\].*MODEL_BROKEN/);
  });

  it.each([-1, 3, 32767])("are refused with %i groups in a block", (groups) => {
    const data = Int16Array.of(2, groups, 0);
    expect(() => read({ "padim.linked": { type: "I16", shape: [3], data } })).toThrow(
      /0 to 2 groups in array padim\.linked.*MODEL_BROKEN/,
    );
  });

  it("are refused when factors or orders are not as many as the groups say", () => {
    const linked = { type: "I16", shape: [3], data: Int16Array.of(2, 2, 0) } as const;
    expect(() => read({ "padim.linked": linked })).toThrow(/padim\.(order|factor) of I16.*MODEL_BROKEN/);
    const fewer = { type: "I16", shape: [73, 8], data: head.factor.subarray(8) } as const;
    expect(() => read({ "padim.factor": fewer as NamedArray })).toThrow(
      /padim\.factor of I16 \[74, 8\], found I16 \[73, 8\].*MODEL_BROKEN/,
    );
    const short = { type: "I16", shape: [7, 8], data: head.order.subarray(56) } as const;
    expect(() => read({ "padim.order": short })).toThrow(/padim\.order of I16 \[14, 8\].*MODEL_BROKEN/);
    const two = { type: "I16", shape: [2], data: Int16Array.of(2, 1) } as const;
    expect(() => read({ "padim.linked": two })).toThrow(/padim\.linked of I16 \[3\].*MODEL_BROKEN/);
  });
});
