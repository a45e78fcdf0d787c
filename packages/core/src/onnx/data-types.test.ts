import { describe, expect, it } from "vitest";
import { dataTypeName, elementsOf, ONNX_TYPE, tensorBytes } from "./data-types.js";

describe("data types", () => {
  it("codes have the names and sizes of onnx.proto", () => {
    expect([1, 7, 9, 10, 16, 22].map(dataTypeName)).toEqual([
      "float32",
      "int64",
      "bool",
      "float16",
      "bfloat16",
      "int4",
    ]);
    expect([0, 99, -1].map(dataTypeName)).toEqual(["type 0", "type 99", "type -1"]);
    expect(dataTypeName(null)).toBe("not a tensor");
    expect(tensorBytes(ONNX_TYPE.float32, [2, 3])).toBe(24);
    expect(tensorBytes(ONNX_TYPE.bool, [])).toBe(1);
    expect(tensorBytes(22, [3])).toBe(2);
    expect(tensorBytes(ONNX_TYPE.string, [3])).toBeNull();
    expect(tensorBytes(77, [3])).toBeNull();
  });

  it("shapes beyond 2⁵³ count as infinite, unless a side is 0", () => {
    expect(elementsOf([])).toBe(1);
    expect(elementsOf([2 ** 40, 2 ** 40])).toBe(Number.POSITIVE_INFINITY);
    expect(elementsOf([2 ** 40, 2 ** 40, 0])).toBe(0);
    expect(tensorBytes(1, [2 ** 40, 2 ** 40])).toBe(Number.POSITIVE_INFINITY);
  });
});
