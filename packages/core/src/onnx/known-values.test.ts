import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floats, ints, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "./graph-index.js";
import { computedValues, type KnownValue, knownConstant } from "./known-values.js";
import type { OnnxNode } from "./onnx-model.js";

const list = (...values: number[]): KnownValue => ({ dims: [values.length], values });

/** What a node computes from named values. */
function compute(one: OnnxNode, known: Readonly<Record<string, KnownValue>>) {
  return computedValues(one, (name) => known[name]);
}

describe("computedValues", () => {
  const picture = { x: { dims: [1, 3, 20, 30], values: null } };

  it("reads shapes, whole or in part", () => {
    expect(compute(node("Shape", ["x"], "y"), picture)).toEqual(list(1, 3, 20, 30));
    expect(compute(node("Shape", ["x"], "y", { start: 2, end: 3 }), picture)).toEqual(list(20));
  });

  it("picks, joins, casts and multiplies sizes", () => {
    const known = {
      shape: list(1, 3, 20, 30),
      at: { dims: [], values: [2] },
      last: { dims: [], values: [-1] },
    };
    const height = compute(node("Gather", ["shape", "at"], "h"), known) as KnownValue;
    expect(height).toEqual({ dims: [], values: [20] });
    expect(compute(node("Gather", ["shape", "last"], "w"), known)?.values).toEqual([30]);
    expect(compute(node("Unsqueeze", ["h", "axes"], "u"), { h: height })).toEqual(list(20));
    expect(compute(node("Squeeze", ["u"], "s"), { u: list(20) })).toEqual({ dims: [], values: [20] });
    expect(compute(node("Mul", ["h", "h"], "m"), { h: height })?.values).toEqual([400]);
    expect(compute(node("Concat", ["a", "b"], "c", { axis: 0 }), { a: list(1), b: list(2, 3) })).toEqual(
      list(1, 2, 3),
    );
    expect(compute(node("Cast", ["a"], "c", { to: 7 }), { a: list(4) })).toEqual(list(4));
    expect(compute(node("Cast", ["a"], "c", { to: 1 }), { a: list(4) })).toBeUndefined();
  });

  it("counts from a start up to a limit", () => {
    const range = node("Range", ["from", "to", "step"], "r");
    const known = (from: number, to: number, step = 1) => ({
      from: { dims: [], values: [from] },
      to: { dims: [], values: [to] },
      step: { dims: [], values: [step] },
    });
    expect(compute(range, known(0, 2))).toEqual(list(0, 1));
    expect(compute(range, known(3, 3))).toEqual(list());
    expect(compute(range, known(0, 2, 2))).toBeUndefined();
    expect(compute(range, known(0, 1e9))).toBeUndefined();
    expect(compute(range, {})).toBeUndefined();
  });

  it("turns pads round as PyTorch's exporter writes them", () => {
    const zeros = node("ConstantOfShape", ["n"], "z", { value: ints("", [1], [0]) });
    expect(compute(zeros, { n: list(4) })).toEqual(list(0, 0, 0, 0));
    const pairs = compute(node("Reshape", ["all", "to"], "r"), {
      all: list(16, 17, 18, 19, 0, 0, 0, 0),
      to: list(-1, 2),
    }) as KnownValue;
    expect(pairs.dims).toEqual([4, 2]);
    const turned = compute(node("Slice", ["r", "start", "end", "axis", "step"], "s"), {
      r: pairs,
      start: list(-1),
      end: list(-(2 ** 63)),
      axis: list(0),
      step: list(-1),
    }) as KnownValue;
    expect(turned.values).toEqual([0, 0, 0, 0, 18, 19, 16, 17]);
    const columns = compute(node("Transpose", ["s"], "t", { perm: [1, 0] }), { s: turned });
    expect(columns).toEqual({ dims: [2, 4], values: [0, 0, 18, 16, 0, 0, 19, 17] });
  });

  it("slices like an array does, for any bounds", () => {
    const anyPlace = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(fc.array(fc.nat(99), { maxLength: 8 }), anyPlace, anyPlace, (values, start, end) => {
        const known = { x: list(...values), from: list(start), to: list(end) };
        expect(compute(node("Slice", ["x", "from", "to"], "y"), known)?.values).toEqual(
          values.slice(start, end),
        );
      }),
    );
  });

  it("knows nothing of other operators, of unknown inputs and of long lists", () => {
    expect(compute(node("Relu", ["x"], "y"), { x: list(1) })).toBeUndefined();
    expect(compute(node("Shape", ["missing"], "y"), picture)).toBeUndefined();
    const many = list(...Array.from({ length: 40 }, (_, i) => i));
    expect(compute(node("Concat", ["a", "a"], "c", { axis: 0 }), { a: many })).toBeUndefined();
    const huge = node("ConstantOfShape", ["n"], "z", { value: ints("", [1], [0]) });
    expect(compute(huge, { n: list(1e12) })).toBeUndefined();
    expect(compute(node("Gather", ["x", "at"], "y"), { x: list(1), at: list(5) })).toBeUndefined();
  });
});

it("knownConstant gives numbers of short whole lists only", () => {
  const index = indexGraph(
    smallModel({ initialisers: [ints("sizes", [2], [64, 32]), floats("weights", [2, 2])] }).graph,
  );
  expect(knownConstant(index, "sizes")).toEqual(list(64, 32));
  expect(knownConstant(index, "weights")).toEqual({ dims: [2, 2], values: null });
  expect(knownConstant(index, "missing")).toBeUndefined();
});
