import { describe, expect, it } from "vitest";
import { tensorValues } from "../onnx/tensor-values.js";
import { constantTensor, onnxTypeOf } from "./ir-constants.js";
import type { IrLayer } from "./ir-graph.js";

const layer = (attributes: Record<string, string>): IrLayer => ({
  ...{ id: "1", name: "weights", type: "Const", opset: "opset1", inputs: [], outputs: [] },
  attributes,
});
const weights = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
const read = (attributes: Record<string, string>, bytes = weights) =>
  constantTensor(layer(attributes), bytes, "w", "model.xml");

describe("constantTensor", () => {
  it("is a view into the file", () => {
    const tensor = read({ element_type: "f32", shape: "1, 2", offset: "4", size: "8" });
    expect(tensor).toMatchObject({ name: "w", dims: [1, 2] });
    expect(Array.from(tensorValues(tensor) as Float32Array)).toEqual([2, 3]);
    expect(tensor.payload.kind === "raw" && tensor.payload.bytes.buffer).toBe(weights.buffer);
  });

  it("makes float32 of halves: whole, small, endless", () => {
    const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00).buffer);
    const tensor = read({ element_type: "f16", shape: "4", offset: "0", size: "8" }, halves);
    expect(Array.from(tensorValues(tensor) as Float32Array)).toEqual([1, -2, 2 ** -24, Infinity]);
  });

  it("takes unsigned indices as whole numbers, and a scalar", () => {
    const index = new Uint8Array(BigInt64Array.of(7n).buffer);
    const tensor = read({ element_type: "u64", shape: "", offset: "0", size: "8" }, index);
    expect(tensor.dims).toEqual([]);
    expect(tensorValues(tensor)).toEqual(BigInt64Array.of(7n));
  });

  it.each([
    ["beyond the end", { offset: "12", size: "8", shape: "2" }],
    ["another size than the shape", { offset: "0", size: "8", shape: "3" }],
    ["a negative place", { offset: "-4", size: "8", shape: "2" }],
    ["no place", { size: "8", shape: "2" }],
    ["sides that are no numbers", { offset: "0", size: "8", shape: "2, a" }],
    ["sides beyond everything", { offset: "0", size: "8", shape: "9007199254740991, 9007199254740991" }],
  ])("refuses %s", (_, attributes) => {
    expect(() => read({ element_type: "f32", ...attributes } as Record<string, string>)).toThrow(
      /weights in a model\.bin of 16 bytes.*MODEL_BROKEN/s,
    );
  });

  it("names an element type that is not known", () => {
    for (const type of ["u4", "nf4", "toString"])
      expect(() => read({ element_type: type, shape: "1", offset: "0", size: "1" })).toThrow(
        /MODEL_UNSUPPORTED/,
      );
    expect(onnxTypeOf("toString")).toBeNull();
    expect(onnxTypeOf("f16")).toBe(onnxTypeOf("f32"));
  });
});
