import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { BANK_PRECISION_OPTION, ENGINE_OPTION, engineOptions, FACTORS_OPTION } from "./engine-words.js";

describe("engine words", () => {
  it("leave the choice to the library when not given", () => expect(engineOptions({})).toEqual({}));

  it("are read from the command line", () => {
    const command = new Command("predict").option(...ENGINE_OPTION).option(...FACTORS_OPTION);
    command.option(...BANK_PRECISION_OPTION);
    command.parse(["--engine", "fast", "--factors", "float32", "--bank-precision", "int8"], { from: "user" });
    expect(engineOptions(command.opts())).toEqual({
      engine: "fast",
      factors: "float32",
      bankPrecision: "int8",
    });
  });

  it.each([
    [{ engine: "openvino" }, /--engine/],
    [{ factors: "int4" }, /--factors/],
    [{ bankPrecision: "int16" }, /--bank-precision/],
  ])("refuse %j", (words, message) => {
    expect(() => engineOptions(words)).toThrow(message);
  });
});
