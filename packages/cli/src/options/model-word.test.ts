import { describe, expect, it } from "vitest";
import { modelAndDatasets, modelWord, onlyModel } from "./model-word.js";

const refused = expect.objectContaining({ code: "OPTION_VALUE" });

describe("the words after a command", () => {
  it("begin with the model", () => {
    expect(modelWord(["m", "a", "b"])).toEqual({ model: "m", rest: ["a", "b"] });
    expect(() => modelWord([])).toThrow(refused);
  });
  it("may have to name data sets", () => {
    expect(modelAndDatasets(["m", "a", "b"])).toEqual({ model: "m", datasets: ["a", "b"] });
    expect(() => modelAndDatasets(["m"])).toThrow(refused);
  });
  it("may have to name nothing else", () => {
    expect(onlyModel(["m"])).toBe("m");
    expect(() => onlyModel(["m", "n"])).toThrow(refused);
    expect(() => onlyModel([])).toThrow(refused);
  });
});
