import { describe, expect, it } from "vitest";
import { type BenchWords, benchRequest } from "./bench-options.js";

const settings = (words: BenchWords) => benchRequest(["m.onnx", "p"], words).settings;

describe("benchRequest", () => {
  it("takes a model and pictures, and has one setting when nothing is compared", () => {
    expect(benchRequest(["m.onnx", "a", "b"], {})).toEqual({
      model: "m.onnx",
      inputs: ["a", "b"],
      settings: [{ name: "", options: {} }],
      rounds: null,
      seconds: null,
      decoded: false,
      json: false,
      quiet: false,
    });
    expect(settings({ workers: "auto", threads: "2", metadata: "m.json", profile: "anomalib-1" })).toEqual([
      { name: "", options: { threads: 2, metadata: "m.json", profile: "anomalib-1" } },
    ]);
  });

  it("combines what is compared, in order, with what is the same for all", () => {
    expect(settings({ compare: ["workers=1,2"], threads: "1" })).toEqual([
      { name: "workers 1", options: { workers: 1, threads: 1 } },
      { name: "workers 2", options: { workers: 2, threads: 1 } },
    ]);
    expect(settings({ compare: ["engine=onnx,fast"], factors: "int8" })).toEqual([
      { name: "engine onnx", options: { engine: "onnx", factors: "int8" } },
      { name: "engine fast", options: { engine: "fast", factors: "int8" } },
    ]);
    expect(settings({ compare: ["mode=throughput,auto"] }).map(({ options }) => options)).toEqual([
      { mode: "throughput" },
      { mode: "auto" },
    ]);
    const both = settings({ compare: ["workers=1, auto", "threads=1,2"] });
    expect(both.map(({ name }) => name)).toEqual([
      "workers 1, threads 1",
      "workers 1, threads 2",
      "workers auto, threads 1",
      "workers auto, threads 2",
    ]);
    expect(both[3]?.options).toEqual({ threads: 2 });
  });

  it.each<[string, string[], BenchWords, string]>([
    ["an engine that there is not", ["m", "p"], { compare: ["engine=fast,slow"] }, "--engine"],
    ["a mode that there is not", ["m", "p"], { mode: "quick" }, "--mode"],
    ["no model", [], {}, "the model"],
    ["no pictures", ["m.onnx"], {}, "the input"],
    ["no rounds", ["m", "p"], { rounds: "0" }, "--rounds"],
    ["no seconds", ["m", "p"], { seconds: "0" }, "--seconds"],
    ["endless seconds", ["m", "p"], { seconds: "1e9" }, "--seconds"],
    ["rounds and seconds", ["m", "p"], { rounds: "3", seconds: "5" }, "--seconds"],
    ["a profile that there is not", ["m", "p"], { profile: "x" }, "--profile"],
    ["workers as a word", ["m", "p"], { workers: "many" }, "--workers"],
    ["one value", ["m", "p"], { compare: ["workers=1"] }, "--compare"],
    ["the same value twice", ["m", "p"], { compare: ["workers=1,1"] }, "--compare"],
    ["an empty value", ["m", "p"], { compare: ["workers=1,"] }, "--compare"],
    ["no values", ["m", "p"], { compare: ["workers"] }, "--compare"],
    ["an unknown word", ["m", "p"], { compare: ["colour=1,2"] }, "--compare"],
    ["a bad value", ["m", "p"], { compare: ["threads=1,x"] }, "--compare threads"],
    ["the same word twice", ["m", "p"], { compare: ["threads=1,2", "threads=3,4"] }, "--compare"],
    ["a word that is set", ["m", "p"], { threads: "1", compare: ["threads=1,2"] }, "--compare"],
    ["too many combinations", ["m", "p"], { compare: ["threads=1,2,3,4", "workers=1,2,3,4"] }, "--compare"],
  ])("refuses %s", (_name, positional, words, subject) => {
    expect(() => benchRequest(positional, words)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject }),
    );
  });
});
