import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryModel } from "../../../../tests/support/arbitrary-onnx.js";
import { smallModel, smallPadim } from "../../../../tests/support/small-onnx.js";
import { readOnnx } from "./read-onnx.js";
import { writeOnnx } from "./write-onnx.js";

describe("writeOnnx", () => {
  it("what is written is read again, for any model", () => {
    fc.assert(
      fc.property(arbitraryModel, (model) => {
        expect(readOnnx(writeOnnx(model), "m")).toEqual(model);
      }),
      { numRuns: 300 },
    );
    expect(readOnnx(writeOnnx(smallPadim()), "m")).toEqual(smallPadim());
  });

  it("the bytes of a small model, worked out by hand", () => {
    // Written out by hand from onnx.proto: fields 1, 2, 3, 7 (graph), 8 (operator set).
    const model = smallModel({ inputs: [{ name: "x", elementType: 1, dims: [1, "n", null] }], outputs: [] });
    const value = [
      0x0a, 1, 0x78, 0x12, 17, 0x0a, 15, 8, 1, 0x12, 11, 0x0a, 2, 8, 1, 0x0a, 3, 0x12, 1, 0x6e, 0x0a, 0,
    ];
    expect(value[4]).toBe(value.length - 5);
    const graph = [0x12, 5, ...Buffer.from("small"), 0x5a, value.length, ...value];
    const expected = [
      8,
      6,
      0x12,
      5,
      ...Buffer.from("tests"),
      0x1a,
      1,
      0x31,
      0x3a,
      graph.length,
      ...graph,
      0x42,
      4,
      0x0a,
      0,
      0x10,
      11,
    ];
    expect([...writeOnnx(model)]).toEqual(expected);
  });

  it("does not change its argument", () => {
    const model = smallPadim();
    writeOnnx(model);
    expect(model).toEqual(smallPadim());
  });
});
