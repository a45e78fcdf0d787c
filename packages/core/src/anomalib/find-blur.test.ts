import { describe, expect, it } from "vitest";
import { floats, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import type { OnnxTensor } from "../onnx/onnx-model.js";
import { findBlur } from "./find-blur.js";

function gaussian(sigma: number, side: number): OnnxTensor {
  const half = (side - 1) / 2;
  const line = Array.from({ length: side }, (_, i) => Math.exp(-((i - half) ** 2) / (2 * sigma ** 2)));
  return floats(
    "kernel",
    [1, 1, side, side],
    line.flatMap((row) => line.map((column) => row * column)),
  );
}

const find = (kernel: OnnxTensor, inputs = ["x", "kernel"]) =>
  findBlur(indexGraph(smallModel({ initialisers: [kernel], nodes: [node("Conv", inputs, "y")] }).graph));

describe("findBlur", () => {
  it("side and standard deviation of a Gaussian kernel", () => {
    for (const [sigma, side] of [
      [4, 33],
      [1.5, 9],
      [0.8, 5],
    ] as const) {
      expect(find(gaussian(sigma, side))).toEqual({ kernelSize: side, sigma });
    }
  });

  it("other convolutions are no blur; a flat kernel has no deviation", () => {
    expect(find(floats("kernel", [4, 1, 3, 3]))).toBeNull();
    expect(find(floats("kernel", [1, 1, 4, 4]))).toBeNull();
    expect(find(floats("kernel", [1, 1, 1, 1]))).toBeNull();
    expect(find(gaussian(4, 33), ["x", "kernel", "bias"])).toBeNull();
    expect(find(floats("kernel", [1, 1, 3, 3], Array(9).fill(1)))).toEqual({ kernelSize: 3, sigma: null });
  });

  it("without the external weights only the side is known", () => {
    const payload = { kind: "external", location: "w.data", offset: 0, length: null } as const;
    expect(find({ ...gaussian(4, 33), payload })).toEqual({ kernelSize: 33, sigma: null });
  });
});
