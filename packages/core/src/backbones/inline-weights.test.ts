import { expect, it } from "vitest";
import { floats, smallModel } from "../../../../tests/support/small-onnx.js";
import { inlineWeights } from "./inline-weights.js";

const inside = floats("inside", [2]);
const outside = (offset: number, length: number | null) => ({
  ...floats("outside", [2]),
  payload: { kind: "external", location: "weights.bin", offset, length } as const,
});
const model = (offset: number, length: number | null) =>
  smallModel({ initialisers: [inside, outside(offset, length)] });
const file = Uint8Array.from({ length: 16 }, (_, at) => at);
const files = new Map([["weights.bin", file]]);

it.each([8, null])("brings external weights in, length %s", (length) => {
  const { initialisers } = inlineWeights(model(4, length), files, "net").graph;
  expect(initialisers[0]).toBe(inside);
  expect(initialisers[1]?.payload).toEqual({ kind: "raw", bytes: file.subarray(4, 12) });
});

it("names a file that is missing or too short", () => {
  expect(() => inlineWeights(model(4, 8), new Map(), "net")).toThrow(
    "expected 12 bytes in weights.bin, found no such file",
  );
  expect(() => inlineWeights(model(12, 8), files, "net")).toThrow(
    "expected 20 bytes in weights.bin, found 16",
  );
});
