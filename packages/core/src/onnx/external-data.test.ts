import { describe, expect, it } from "vitest";
import { FLOAT32, floats, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { checkLocation, externalDataFiles, forEachTensor } from "./external-data.js";
import type { OnnxTensor } from "./onnx-model.js";

function outside(name: string, location: string, offset: number, length: number | null): OnnxTensor {
  return { name, dataType: FLOAT32, dims: [2, 3], payload: { kind: "external", location, offset, length } };
}

describe("externalDataFiles", () => {
  it("names each file once, with the end of its last tensor, in initialisers, constants and nested graphs", () => {
    const body = smallModel({ initialisers: [outside("d", "b.data", 1000, null)] }).graph;
    const model = smallModel({
      initialisers: [outside("a", "a.data", 0, 24), floats("inside", [1]), outside("b", "a.data", 64, 24)],
      nodes: [
        node("Constant", [], "c", { value: outside("", "b.data", 8, 24) }),
        { ...node("If", ["x"], "y"), attributes: [{ name: "then_branch", type: "graph", value: body }] },
      ],
    });
    expect(externalDataFiles(model)).toEqual([
      { location: "a.data", bytes: 88 },
      { location: "b.data", bytes: 1024 },
    ]);
    const names: string[] = [];
    forEachTensor(model.graph, ({ name }) => names.push(name));
    expect(names).toEqual(["a", "inside", "b", "", "d"]);
    expect(externalDataFiles(smallModel())).toEqual([]);
  });

  it("refuses every way out of the model's folder", () => {
    const ways = [
      "../x",
      "a/../../x",
      "..",
      "/etc/passwd",
      "\\\\server\\x",
      "C:\\x",
      "c:x",
      "a//b",
      "",
      "a\0b",
      "..\\x",
    ];
    for (const way of ways) {
      expect(() => checkLocation(way, "model.onnx"), way).toThrow(/^model\.onnx .*MODEL_BROKEN/);
      expect(() => externalDataFiles(smallModel({ initialisers: [outside("a", way, 0, 24)] })), way).toThrow(
        /MODEL_BROKEN/,
      );
    }
    for (const fine of ["model.onnx.data", "weights/part 1.bin", "a..b", ".hidden"]) checkLocation(fine, "m");
  });
});
