import { describe, expect, it } from "vitest";
import { BlemishError } from "../errors.js";
import { ONNX_TYPE } from "../onnx/data-types.js";
import {
  constantInts,
  dimsOf,
  isTrue,
  listAttribute,
  nodeOf,
  numberAttribute,
  type Translation,
  wordAttribute,
} from "./translation.js";

function translation(attributes: Record<string, string>): Translation {
  const bytes = new Uint8Array(BigInt64Array.of(3n, -1n).buffer);
  return {
    layer: { id: "1", name: "l", type: "T", opset: "opset1", attributes, inputs: [], outputs: [] },
    inputs: ["x"],
    outputs: ["y"],
    add: () => "y",
    fresh: () => "z",
    ints: () => "i",
    floats: () => "f",
    put: () => "p",
    constant: (input) =>
      input === 0
        ? { name: "x", dataType: ONNX_TYPE.int64, dims: [2], payload: { kind: "raw", bytes } }
        : null,
    unsupported: (found) => new BlemishError("MODEL_UNSUPPORTED", { subject: "x", found }),
  };
}

describe("attributes of a layer", () => {
  const one = translation({ list: "1, 2", flag: "true", one: "1", word: "Floor", bad: "x", number: "-0.5" });

  it("are numbers, lists, flags and words", () => {
    expect(listAttribute(one, "list")).toEqual([1, 2]);
    expect(listAttribute(one, "absent")).toEqual([]);
    expect([isTrue(one, "flag"), isTrue(one, "one"), isTrue(one, "absent"), isTrue(one, "bad")]).toEqual([
      ...[true, true, false, false],
    ]);
    expect(wordAttribute(one, "word", ["floor", "ceil"], "ceil")).toBe("floor");
    expect(wordAttribute(one, "absent", ["floor", "ceil"], "ceil")).toBe("ceil");
    expect([numberAttribute(one, "number"), numberAttribute(one, "absent", 4)]).toEqual([-0.5, 4]);
    expect(constantInts(one, 0)).toEqual([3, -1]);
  });

  it("are refused where they are something else", () => {
    for (const read of [
      () => listAttribute(one, "bad"),
      () => numberAttribute(one, "bad"),
      () => numberAttribute(one, "absent"),
      () => wordAttribute(one, "bad", ["floor"], "floor"),
      () => constantInts(one, 1),
      () => dimsOf(one, 0),
    ])
      expect(read).toThrow(/MODEL_UNSUPPORTED/);
  });

  it("become attributes of a node by their kind", () => {
    const { attributes } = nodeOf("T", [], { a: 1, b: 0.5, c: "w", d: [1, 2] }, [], "n");
    expect(attributes.map(({ type, value }) => [type, value])).toEqual([
      ["int", 1n],
      ["float", 0.5],
      ["string", "w"],
      ["ints", [1n, 2n]],
    ]);
  });
});
