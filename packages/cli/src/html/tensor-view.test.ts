import type { OnnxTensor } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensorView } from "./tensor-view.js";

const float32 = (values: readonly number[], kind: "raw" | "external" = "raw"): OnnxTensor => {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  const payload =
    kind === "raw" ? { kind, bytes } : { kind, location: "weights.bin", offset: 4, length: bytes.length };
  return { name: "w", dataType: 1, dims: [values.length], payload };
};

describe("tensorView", () => {
  it("gives range and mean of the finite values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noDefaultInfinity: true, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (values) => {
          const view = tensorView(float32(values), new Map());
          expect(view.min).toBe(Math.min(...values));
          expect(view.max).toBe(Math.max(...values));
          expect(view.mean).toBeCloseTo(
            values.reduce((a, b) => a + b / values.length, 0),
            -30,
          );
          expect(view.first).toHaveLength(Math.min(12, values.length));
        },
      ),
    );
    expect(tensorView(float32([1, Number.NaN, 3]), new Map())).toMatchObject({
      min: 1,
      max: 3,
      mean: 2,
      dtype: "float32",
    });
  });
  it("shows no range for no values", () => {
    expect(tensorView(float32([]), new Map())).toMatchObject({ min: null, max: null, mean: null, first: [] });
  });
  it("reads whole numbers of 64 bits", () => {
    const bytes = new Uint8Array(BigInt64Array.of(-1n, 9n).buffer);
    const view = tensorView(
      { name: "i", dataType: 7, dims: [2], payload: { kind: "raw", bytes } },
      new Map(),
    );
    expect(view).toMatchObject({ dtype: "int64", first: ["-1", "9"], min: -1, max: 9 });
  });
  it("reads external values where they are at hand and says where they are otherwise", () => {
    const file = new Uint8Array(Float32Array.of(7, 1, 2).buffer);
    expect(tensorView(float32([1, 2], "external"), new Map([["weights.bin", file]])).first).toEqual([
      "1",
      "2",
    ]);
    expect(tensorView(float32([1, 2], "external"), new Map())).toMatchObject({
      first: [],
      note: "values in weights.bin",
    });
  });
  it("shows text tensors as text", () => {
    const tensor: OnnxTensor = {
      name: "s",
      dataType: 8,
      dims: [1],
      payload: { kind: "strings", values: ["x"] },
    };
    expect(tensorView(tensor, new Map())).toMatchObject({ dtype: "string", first: ["x"], min: null });
  });
});
