import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-onnx.js";
import { writeSafeTensors } from "../bundle/safetensors.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import { readBackboneSource } from "./backbone-source.js";

const TENSORS = writeSafeTensors({
  metadata: {},
  arrays: { "conv1.weight": { type: "F32", shape: [2], data: Float32Array.of(1, 2) } },
});
const ONNX = writeOnnx(smallModel());

describe("a file", () => {
  it("is recognised by its content", () => {
    const tensors = readBackboneSource(TENSORS, "net");
    expect(tensors.format === "safetensors" && Object.keys(tensors.tensors.arrays)).toEqual(["conv1.weight"]);
    const onnx = readBackboneSource(ONNX, "net");
    expect(onnx.format === "onnx" && onnx.model).toEqual(smallModel());
  });

  const text = (value: string) => Uint8Array.from(value, (letter) => letter.charCodeAt(0));
  it.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "found an empty file"],
    ["a PyTorch checkpoint", text("PK\x03\x04xxxx"), "found a ZIP archive (a PyTorch checkpoint is one)"],
    ["a pickle", text("\x80\x02}q\x00."), "found a Python pickle"],
    ["text", text("hello there"), "found text"],
    [
      "half a safetensors file",
      TENSORS.subarray(0, TENSORS.length - 4),
      "expected array conv1.weight within the file",
    ],
    ["a damaged header", TENSORS.map((byte, at) => (at === 9 ? 0x7b : byte)), "found damaged text"],
    ["half an ONNX file", ONNX.subarray(0, ONNX.length - 12), "found"],
  ])("%s is refused", (_, bytes, words) => {
    expect(() => readBackboneSource(bytes, "net.pth")).toThrow(words);
    expect(() => readBackboneSource(bytes, "net.pth")).toThrow(
      /^net\.pth is not a usable backbone: .*\[BACKBONE\]$/,
    );
  });
});
