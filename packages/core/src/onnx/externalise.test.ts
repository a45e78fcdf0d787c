import { expect, it } from "vitest";
import { floats, ints, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import { externalise, weightBytes } from "./externalise.js";
import { readOnnx } from "./read-onnx.js";
import { tensorValues } from "./tensor-values.js";
import { writeOnnx } from "./write-onnx.js";

const large = (name: string, count: number) =>
  floats(
    name,
    [count],
    Array.from({ length: count }, (_, i) => i / 7),
  );

it("moves large weights out, aligned, and leaves small ones", () => {
  const initialisers = [large("a", 1000), ints("small", [2], [1, 2]), large("b", 300)];
  const model = smallModel({
    nodes: [node("Add", ["a", "b"], "y")],
    initialisers,
    inputs: [port("x", [1])],
    outputs: [port("y", [1])],
  });
  const { model: moved, data } = externalise(model, "model.onnx.data");
  expect(weightBytes(model)).toBe(4000 + 16 + 1200);
  expect(weightBytes(moved)).toBe(16);
  const file = Buffer.concat(data);
  const read = readOnnx(writeOnnx(moved), "model.onnx").graph.initialisers;
  const offsets = read.flatMap(({ payload }) => (payload.kind === "external" ? [payload.offset] : []));
  expect(offsets).toEqual([0, 4096]);
  const files = new Map([["model.onnx.data", new Uint8Array(file)]]);
  for (const [i, tensor] of initialisers.entries())
    expect(tensorValues(read[i]!, files)).toEqual(tensorValues(tensor, files));
});
