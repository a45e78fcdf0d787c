import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type TrainWords, trainRequest } from "./train-options.js";

describe("trainRequest", () => {
  it("needs only pictures and a place for the model", () => {
    expect(trainRequest(["good", "more/*.png"], { output: join("out", "part.blemish") })).toEqual({
      inputs: ["good", "more/*.png"],
      addTo: null,
      output: join("out", "part.blemish"),
      test: null,
      report: join("out", "part.report.html"),
      backbone: null,
      precision: "float32",
      recipe: {},
      choice: { maxMs: null, fusion: false, bad: [] },
      keepStatistics: false,
      thumbnails: 200_000,
      learningCurve: false,
      sensitivity: false,
      workers: "auto",
      maxMemory: null,
      strict: false,
      json: false,
      quiet: false,
    });
  });

  it("reads every option", () => {
    const words: TrainWords = {
      output: "x",
      test: "set",
      report: "r.html",
      backbone: "dir",
      precision: "int8",
      size: "128",
      profile: "anomalib-0.7",
      channels: "50",
      score: "max",
      falseAlarmRate: "1%",
      seed: "7",
      ignoreBorder: "4",
      factors: "int8",
      keepStatistics: true,
      thumbnails: "2.5",
      workers: "2",
      maxMemory: "500",
      strict: true,
      json: true,
      quiet: true,
    };
    expect(trainRequest(["good"], words)).toEqual({
      inputs: ["good"],
      addTo: null,
      output: "x",
      test: "set",
      report: "r.html",
      backbone: "dir",
      precision: "int8",
      recipe: {
        size: 128,
        profile: "anomalib-0.7",
        channels: 50,
        score: "max",
        falseAlarmRate: 0.01,
        seed: 7,
        ignoreBorder: 4,
        factors: "int8",
      },
      choice: { maxMs: null, fusion: false, bad: [] },
      keepStatistics: true,
      thumbnails: 2_500_000,
      learningCurve: false,
      sensitivity: false,
      workers: 2,
      maxMemory: 500e6,
      strict: true,
      json: true,
      quiet: true,
    });
    expect(trainRequest(["a"], { output: "x", test: false, report: false })).toMatchObject({
      test: false,
      report: null,
    });
  });

  it("reads what judges, how much, and what its threshold rests on", () => {
    const words: TrainWords = {
      output: "x",
      quality: "accurate",
      head: "patchcore",
      bank: "512",
      bankPrecision: "float32",
      fusion: "0.25",
      threshold: "precise",
      turned: false,
    };
    const request = trainRequest(["good"], words);
    expect(request.recipe).toEqual({
      quality: "accurate",
      head: "patchcore",
      bank: 512,
      bankPrecision: "float32",
      padimWeight: 0.25,
      threshold: "precise",
      turned: false,
    });
    expect(request.choice).toEqual({ maxMs: null, fusion: false, bad: [] });
    expect(trainRequest(["a"], { output: "x", turned: true }).recipe).toEqual({ turned: true });
  });

  it("reads the share of Anomalib's memory bank", () => {
    const words: TrainWords = { output: "x", profile: "anomalib-0.7", head: "patchcore", coreset: "0.05" };
    const recipe = { profile: "anomalib-0.7", head: "patchcore", coreset: 0.05 };
    expect(trainRequest(["good"], words).recipe).toEqual(recipe);
    expect(() => trainRequest(["good"], { output: "x", coreset: "much" })).toThrow(/--coreset.*OPTION_VALUE/);
    expect(() => trainRequest(["m"], { add: ["a"], coreset: "0.1" })).toThrow(/--coreset.*OPTION_VALUE/);
  });

  it("leaves to measurements what is to be chosen by them", () => {
    const words = { output: "x", quality: "auto", maxMs: "30", bad: ["b1", "b2"], fusion: "auto" };
    const { recipe, choice } = trainRequest(["good"], words);
    expect(recipe).toEqual({});
    expect(choice).toEqual({ maxMs: 30, fusion: true, bad: ["b1", "b2"] });
  });

  it("keeps 0.2 MB of thumbnails, none, or what is asked for; a model that is added to decides for itself", () => {
    const bytes = (words: TrainWords) => trainRequest(["a"], { output: "x", ...words }).thumbnails;
    expect([bytes({}), bytes({ thumbnails: false }), bytes({ thumbnails: "0" })]).toEqual([200_000, 0, 0]);
    expect(bytes({ thumbnails: "1.5" })).toBe(1_500_000);
    expect([bytes({ add: ["b"] }), bytes({ add: ["b"], thumbnails: false })]).toEqual([null, 0]);
  });

  it("adds pictures to a model, in place unless told otherwise", () => {
    const added = trainRequest(["part.blemish"], { add: ["more"] });
    expect(added).toMatchObject({ inputs: ["more"], addTo: "part.blemish", output: "part.blemish" });
    const apart = trainRequest(["part.blemish"], { add: ["a", "b"], output: "new.blemish" });
    expect(apart).toMatchObject({ inputs: ["a", "b"], output: "new.blemish", report: "new.report.html" });
  });

  it.each<[string, string[], TrainWords, string]>([
    ["no pictures", [], { output: "x" }, "the input"],
    ["no place for the model", ["good"], {}, "--output"],
    ["no model to add to", [], { add: ["more"] }, "the model"],
    ["two models to add to", ["a", "b"], { add: ["more"] }, "the model"],
    ["another size for a model that is added to", ["a"], { add: ["b"], size: "64" }, "--size"],
    [
      "another rate for a model that is added to",
      ["a"],
      { add: ["b"], falseAlarmRate: "1%" },
      "--false-alarm-rate",
    ],
    ["another head for a model that is added to", ["a"], { add: ["b"], head: "padim" }, "--head"],
    ["no turning for a model that is added to", ["a"], { add: ["b"], turned: false }, "--turned"],
    ["thumbnails below 0", ["a"], { output: "x", thumbnails: "-1" }, "--thumbnails"],
    ["thumbnails without number", ["a"], { output: "x", thumbnails: "few" }, "--thumbnails"],
    ["too many thumbnails", ["a"], { output: "x", thumbnails: "2001" }, "--thumbnails"],
    ["an unknown quality", ["a"], { output: "x", quality: "best" }, "--quality"],
    ["an unknown head", ["a"], { output: "x", head: "stfpm" }, "--head"],
    ["an empty bank", ["a"], { output: "x", bank: "0" }, "--bank"],
    ["a bank in int16", ["a"], { output: "x", bankPrecision: "int16" }, "--bank-precision"],
    ["a weight that is no number", ["a"], { output: "x", fusion: "much" }, "--fusion"],
    ["an unknown rule for thresholds", ["a"], { output: "x", threshold: "5" }, "--threshold"],
    ["a quality to be chosen without a limit", ["a"], { output: "x", quality: "auto" }, "--max-ms"],
    ["a limit for nothing", ["a"], { output: "x", maxMs: "30" }, "--max-ms"],
    ["bad pictures for nothing", ["a"], { output: "x", bad: ["b"] }, "--bad"],
    ["a size that is no number", ["a"], { output: "x", size: "big" }, "--size"],
    ["an unknown profile", ["a"], { output: "x", profile: "best" }, "--profile"],
    ["an unknown precision", ["a"], { output: "x", precision: "int4" }, "--precision"],
    ["a precision for a model that is added to", ["a"], { add: ["b"], precision: "int8" }, "--precision"],
    ["an unknown score", ["a"], { output: "x", score: "mean" }, "--score"],
    ["a rate of five", ["a"], { output: "x", falseAlarmRate: "5" }, "--false-alarm-rate"],
    ["a seed below zero", ["a"], { output: "x", seed: "-1" }, "--seed"],
    ["no workers", ["a"], { output: "x", workers: "0" }, "--workers"],
    ["no memory", ["a"], { output: "x", maxMemory: "0" }, "--max-memory"],
  ])("refuses %s", (_name, positional, words, subject) =>
    expect(() => trainRequest(positional, words)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject }),
    ),
  );
});
