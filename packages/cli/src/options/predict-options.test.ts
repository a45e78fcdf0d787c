import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parallelism, predictOptions } from "./predict-options.js";

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
      show: false,
      json: false,
      csv: null,
      maps: null,
      threshold: null,
      threads: null,
      workers: "auto",
      profile: null,
      scoreSource: null,
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
    ["zero workers", ["m", "a"], { workers: "0" }],
    ["half a thread", ["m", "a"], { threads: "0.5" }],
    ["two streams on standard output", ["m", "a"], { json: true, csv: "-" }],
  ])("refuses %s", (_name, positional, words) => {
    expect(() => predictOptions(positional, words)).toThrow(/\[OPTION_VALUE\]$/);
  });
});

describe("parallelism", () => {
  it("never asks for more workers than pictures, nor for less than one of anything", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant("auto" as const), fc.integer({ min: 1, max: 256 })),
        fc.option(fc.integer({ min: 1, max: 256 })),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 128 }),
        (workers, threads, pictures, cores) => {
          const used = parallelism({ workers, threads }, pictures, cores);
          expect(used.workers).toBeGreaterThanOrEqual(1);
          expect(used.workers).toBeLessThanOrEqual(pictures);
          expect(used.threads).toBeGreaterThanOrEqual(1);
          if (workers === "auto") expect(used.workers).toBeLessThanOrEqual(cores);
          if (threads !== null) expect(used.threads).toBe(threads);
        },
      ),
    );
  });
  it.each([
    ["auto", null, 1, { workers: 1, threads: 8 }],
    ["auto", null, 100, { workers: 8, threads: 1 }],
    ["auto", 2, 100, { workers: 4, threads: 2 }],
    [2, null, 100, { workers: 2, threads: 4 }],
  ] as const)("workers %s, threads %s, %s pictures on 8 cores", (workers, threads, pictures, used) => {
    expect(parallelism({ workers, threads }, pictures, 8)).toEqual(used);
  });
});
