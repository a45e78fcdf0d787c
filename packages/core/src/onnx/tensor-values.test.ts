import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainVarint } from "../../../../tests/support/arbitrary-onnx.js";
import { floats, ints } from "../../../../tests/support/small-onnx.js";
import { ONNX_TYPE } from "./data-types.js";
import type { OnnxTensor, PackedField } from "./onnx-model.js";
import { floatBytes, tensorValues } from "./tensor-values.js";

function raw(dataType: number, dims: number[], bytes: Uint8Array): OnnxTensor {
  return { name: "t", dataType, dims, payload: { kind: "raw", bytes } };
}

function packed(dataType: number, count: number, field: PackedField, bytes: readonly number[]): OnnxTensor {
  return {
    name: "t",
    dataType,
    dims: [count],
    payload: { kind: "packed", field, bytes: Uint8Array.from(bytes) },
  };
}

describe("tensorValues", () => {
  it("gives a view where the bytes are aligned and a copy where they are not", () => {
    const tensor = floats("a", [3], [1, 2.5, -3]);
    const values = tensorValues(tensor);
    expect(values).toEqual(Float32Array.of(1, 2.5, -3));
    expect(tensor.payload.kind === "raw" && values?.buffer === tensor.payload.bytes.buffer).toBe(true);
    const shifted = new Uint8Array(13);
    if (tensor.payload.kind === "raw") shifted.set(tensor.payload.bytes, 1);
    expect(tensorValues(raw(ONNX_TYPE.float32, [3], shifted.subarray(1)))).toEqual(
      Float32Array.of(1, 2.5, -3),
    );
    expect(tensorValues(ints("b", [2], [-1, 7]))).toEqual(BigInt64Array.of(-1n, 7n));
  });

  it("copies what is not aligned from Node's Buffer as well, whose slice is a view", () => {
    const shifted = Buffer.alloc(8 * 3 + 4);
    shifted.set(new Uint8Array(BigInt64Array.of(1n, -2n, 3n).buffer), 4);
    expect(tensorValues(raw(ONNX_TYPE.int64, [3], shifted.subarray(4)))).toEqual(
      BigInt64Array.of(1n, -2n, 3n),
    );
  });

  it("half precision: known bit patterns (IEEE 754)", () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0x3555, 0x8000);
    const values = tensorValues(raw(ONNX_TYPE.float16, [8], new Uint8Array(bits.buffer)));
    const expected = [1, -2, 65504, 2 ** -24, 2 ** -14, Number.POSITIVE_INFINITY, 0.333251953125, -0];
    expect(values).toEqual(Float32Array.from(expected));
    const brain = Uint16Array.of(0x3f80, 0xc040, 0x7f80);
    expect(tensorValues(raw(ONNX_TYPE.bfloat16, [3], new Uint8Array(brain.buffer)))).toEqual(
      Float32Array.of(1, -3, Number.POSITIVE_INFINITY),
    );
  });

  it("typed lists of whole numbers", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 8 }),
        (values) => {
          const tensor = packed(ONNX_TYPE.int64, values.length, "int64", values.flatMap(plainVarint));
          expect(tensorValues(tensor)).toEqual(BigInt64Array.from(values));
        },
      ),
    );
    expect(tensorValues(packed(ONNX_TYPE.int8, 2, "int32", [-5n, 4n].flatMap(plainVarint)))).toEqual(
      Int8Array.of(-5, 4),
    );
    expect(tensorValues(packed(ONNX_TYPE.bool, 2, "int32", [1, 0]))).toEqual(Uint8Array.of(1, 0));
    const two = [...new Uint8Array(Float64Array.of(0.1, 2).buffer)];
    expect(tensorValues(packed(ONNX_TYPE.float64, 2, "double", two))).toEqual(Float64Array.of(0.1, 2));
  });

  it("a list of another length than the shape is MODEL_BROKEN", () => {
    expect(() => tensorValues(packed(ONNX_TYPE.int64, 3, "int64", [1, 2]))).toThrow(/MODEL_BROKEN/);
    expect(() => tensorValues(packed(ONNX_TYPE.int64, 2, "int64", [1, 2, 3]))).toThrow(/MODEL_BROKEN/);
    expect(() => tensorValues(packed(ONNX_TYPE.int64, 2, "int64", [0x81, 1]))).toThrow(/MODEL_BROKEN/);
    expect(() => tensorValues(packed(ONNX_TYPE.int64, 2 ** 45, "int64", [1]))).toThrow(/MODEL_BROKEN/);
    expect(() => tensorValues(packed(ONNX_TYPE.float32, 2, "float", [1, 2, 3, 4]))).toThrow(/MODEL_BROKEN/);
    expect(() => tensorValues(packed(ONNX_TYPE.int64, 1, "float", [1, 2, 3, 4]))).toThrow(/MODEL_BROKEN/);
    expect(() => tensorValues(raw(ONNX_TYPE.float32, [2], new Uint8Array(4)))).toThrow(/MODEL_BROKEN/);
  });

  it("external values come from their file, and a short file is MODEL_DATA_MISSING", () => {
    const tensor: OnnxTensor = {
      name: "w",
      dataType: ONNX_TYPE.float32,
      dims: [2],
      payload: { kind: "external", location: "w.data", offset: 4, length: null },
    };
    const file = new Uint8Array(Float32Array.of(9, 1, 2).buffer);
    expect(tensorValues(tensor, new Map([["w.data", file]]))).toEqual(Float32Array.of(1, 2));
    expect(tensorValues(tensor)).toBeNull();
    expect(() => tensorValues(tensor, new Map([["w.data", file.subarray(0, 11)]]), "m.onnx")).toThrow(
      /^m\.onnx .*12 bytes in w\.data.*found 11.*MODEL_DATA_MISSING/,
    );
  });

  it("types without plain numbers give null", () => {
    expect(
      tensorValues({ name: "", dataType: 8, dims: [1], payload: { kind: "strings", values: ["a"] } }),
    ).toBeNull();
    expect(tensorValues(raw(17, [1], Uint8Array.of(1)))).toBeNull();
  });
});

describe("floatBytes", () => {
  it("gives the bytes in their place, aligned or not, from the tensor or a file", () => {
    const numbers = new Uint8Array(Float32Array.of(1, 2.5, -3).buffer);
    const file = new Uint8Array(15);
    file.set(numbers, 3);
    const own = floatBytes(raw(ONNX_TYPE.float32, [3], file.subarray(3)));
    expect([own, own?.buffer]).toEqual([numbers, file.buffer]);
    const payload = { kind: "external", location: "w", offset: 3, length: null } as const;
    const outside: OnnxTensor = { name: "t", dataType: ONNX_TYPE.float32, dims: [3], payload };
    const there = floatBytes(outside, new Map([["w", file]]));
    expect([there, there?.buffer]).toEqual([numbers, file.buffer]);
    expect(floatBytes(outside, new Map())).toBeNull();
    expect(() => floatBytes(outside, new Map([["w", file.subarray(1)]]))).toThrow(/MODEL_DATA_MISSING/);
    expect(floatBytes(packed(ONNX_TYPE.float32, 3, "float", [...numbers]))).toEqual(numbers);
  });

  it("gives nothing for other types, and refuses another number of values", () => {
    expect(floatBytes(ints("b", [2], [-1, 7]))).toBeNull();
    expect(() => floatBytes(raw(ONNX_TYPE.float32, [3], new Uint8Array(11)))).toThrow(/MODEL_BROKEN/);
    expect(() => floatBytes(packed(ONNX_TYPE.float32, 2, "int32", [1, 2, 3, 4, 5, 6, 7, 8]))).toThrow(
      /MODEL_BROKEN/,
    );
  });
});
