import { describe, expect, it } from "vitest";
import { predictOptions } from "./predict-options.js";

describe("predictOptions", () => {
  it("takes model and inputs by position", () => {
    expect(predictOptions(["m.onnx", "a", "b"], {})).toMatchObject({ model: "m.onnx", inputs: ["a", "b"] });
  });
  it("takes Anomalib's spelling, and further words are inputs then", () => {
    const options = predictOptions(["c"], {
      weights: "m.onnx",
      metadata: "metadata.json",
      input: ["a", "b"],
      visualization_mode: "full",
      device: "CPU",
    });
    expect(options).toMatchObject({
      model: "m.onnx",
      metadata: "metadata.json",
      inputs: ["a", "b", "c"],
      mode: "full",
    });
  });
  it("has the documented defaults", () => {
    expect(predictOptions(["m", "a"], {})).toEqual({
      model: "m",
      metadata: null,
      inputs: ["a"],
      output: null,
      task: null,
      mode: "simple",
      explain: false,
      validity: true,
      show: false,
      json: false,
      csv: null,
      maps: null,
      threshold: null,
      speed: null,
      threads: null,
      workers: "auto",
      profile: null,
      scoreSource: null,
      engine: {},
      check: false,
      quiet: false,
    });
  });
  it.each([
    ["no model", [], {}],
    ["no input", ["m"], {}],
    ["no input beside --weights", [], { weights: "m" }],
    ["another device", ["m", "a"], { device: "GPU" }],
    ["another task", ["m", "a"], { task: "colour" }],
    ["another mode", ["m", "a"], { visualizationMode: "fancy" }],
    ["a profile that is none", ["m", "a"], { profile: "anomalib" }],
    ["a score that is none", ["m", "a"], { score: "mean" }],
    ["no number as threshold", ["m", "a"], { threshold: "high" }],
    ["an engine that is none", ["m", "a"], { engine: "openvino" }],
    ["factors that are none", ["m", "a"], { factors: "int4" }],
    ["zero workers", ["m", "a"], { workers: "0" }],
    ["half a thread", ["m", "a"], { threads: "0.5" }],
    ["two streams on standard output", ["m", "a"], { json: true, csv: "-" }],
  ])("refuses %s", (_name, positional, words) => {
    expect(() => predictOptions(positional, words)).toThrow(/\[OPTION_VALUE\]$/);
  });
});
