import { describe, expect, it } from "vitest";
import { node, smallModel } from "../../../../../tests/support/small-onnx.js";
import { integerOperators } from "./integer-operators.js";

describe("operator sets of an integer network", () => {
  it("stay as they are from 13 on", () => {
    const model = {
      ...smallModel({ opset: 17, nodes: [node("Softmax", ["input"], "output")] }),
      irVersion: 8,
    };
    expect(integerOperators(model, "net")).toEqual({ irVersion: 8, opsets: model.opsets });
  });

  it("are raised where nothing changes its meaning; other domains stay", () => {
    const nodes = [node("Conv", ["input", "w"], "c"), node("Relu", ["c"], "output")];
    const opsets = [
      { domain: "", version: 11 },
      { domain: "com.microsoft", version: 1 },
    ];
    expect(integerOperators({ ...smallModel({ nodes }), opsets }, "net")).toEqual({
      irVersion: 7,
      opsets: [{ domain: "", version: 13 }, opsets[1]],
    });
  });

  it.each([
    [10, "Conv", "10"],
    [12, "Softmax", "12 with operator Softmax"],
  ])("are refused: %i with %s", (opset, opType, found) => {
    const model = smallModel({ opset, nodes: [node(opType, ["input"], "output")] });
    expect(() => integerOperators(model, "net")).toThrow(
      expect.objectContaining({
        code: "BACKBONE",
        subject: "net",
        expected: "ONNX operator set 13 or later",
        found,
      }),
    );
  });
});
