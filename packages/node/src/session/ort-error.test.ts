import { BlemishError } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { loadError, runError } from "./ort-error.js";

describe("loadError", () => {
  // Sentences of ONNX Runtime 1.30; ort-session.test.ts makes it say them.
  it.each([
    [
      "MODEL_UNSUPPORTED",
      "Load model from a.onnx failed:Fatal error: custom.x:Foo(-1) is not a registered function/op",
      "custom.x:Foo(-1) is not a registered function/op",
    ],
    [
      "MODEL_UNSUPPORTED",
      "Load model from b.onnx failed:/src/core/graph/model.cc:202 onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::ModelOptions&) Unsupported model IR version: 99, max supported IR version: 13\n",
      "Unsupported model IR version: 99, max supported IR version: 13",
    ],
    ["MODEL_BROKEN", "Load model from c.onnx failed:Protobuf parsing failed.", "Protobuf parsing failed"],
    [
      "MODEL_BROKEN",
      "Load model from d.onnx failed:Invalid model. Node input 'zz' is not a graph input.",
      "Invalid model. Node input 'zz' is not a graph input",
    ],
    [
      "MODEL_DATA_MISSING",
      'External data path validation failed for initializer: w. Error: tensorprotoutils.cc:461 ValidateExternalDataPathFromDir External data path does not exist: "nope.data"',
      'External data path validation failed for initializer: w. Error: External data path does not exist: "nope.data"',
    ],
    [
      "MODEL_NOT_FOUND",
      "Load model from e.onnx failed:Load model e.onnx failed. File doesn't exist",
      undefined,
    ],
    ["MODEL_UNSUPPORTED", "something that nobody has seen before", "something that nobody has seen before"],
  ])("%s: %s", (code, message, found) => {
    const error = loadError(new Error(message), "model.onnx");
    expect(error).toMatchObject({ code, subject: "model.onnx" });
    if (found !== undefined) expect(error.found).toBe(found);
  });
});

describe("runError", () => {
  it.each([
    [
      "MODEL_INPUT",
      "Got invalid dimensions for input: input for the following indices\n index: 2 Got: 4 Expected: 8",
    ],
    ["MODEL_CLOSED", "Session already disposed."],
    ["MODEL_UNSUPPORTED", "Non-zero status code returned while running Reshape node."],
  ])("%s: %s", (code, message) => {
    expect(runError(new Error(message), "model.onnx")).toMatchObject({ code, subject: "model.onnx" });
  });

  it("leaves our own errors alone and quotes no novels", () => {
    const own = new BlemishError("MODEL_OUTPUT", { subject: "a" });
    expect(runError(own, "model.onnx")).toBe(own);
    expect(runError("x".repeat(10_000), "model.onnx").found.length).toBeLessThan(310);
  });
});
