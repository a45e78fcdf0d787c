import { describe, expect, it } from "vitest";
import { type SensitivityWords, sensitivityRequest } from "./sensitivity-options.js";

describe("sensitivityRequest", () => {
  it("takes a model, good pictures, and what is to be tried", () => {
    expect(sensitivityRequest(["part.blemish", "a", "b"], {})).toEqual({
      model: "part.blemish",
      goods: ["a", "b"],
      wish: {},
    });
    const words = { kinds: "dent, stain", sizes: "4,8.5", contrasts: "0.1, 1", places: "90", seed: "7" };
    expect(sensitivityRequest(["m", "a"], words).wish).toEqual({
      types: ["dent", "stain"],
      sizes: [4, 8.5],
      contrasts: [0.1, 1],
      places: 90,
      seed: 7,
    });
  });

  it.each<[string, SensitivityWords, RegExp]>([
    ["a kind that there is not", { kinds: "scratch,hole" }, /--kinds.*one of scratch.*hole/],
    ["no kind", { kinds: "" }, /--kinds/],
    ["a size below a pixel", { sizes: "4,0.5" }, /--sizes.*at least 1/],
    ["a size without number", { sizes: "4,,8" }, /--sizes/],
    ["a contrast of nothing", { contrasts: "0" }, /--contrasts/],
    ["a contrast of more than everything", { contrasts: "25" }, /--contrasts.*up to 1/],
    ["no place", { places: "0" }, /--places/],
    ["a seed below 0", { seed: "-1" }, /--seed/],
  ])("refuses %s", (_, words, message) => {
    expect(() => sensitivityRequest(["m", "a"], words)).toThrow(message);
    expect(() => sensitivityRequest(["m", "a"], words)).toThrow(/OPTION_VALUE/);
  });

  it("needs a model and pictures", () => {
    expect(() => sensitivityRequest([], {})).toThrow(/the model.*OPTION_VALUE/);
    expect(() => sensitivityRequest(["m"], {})).toThrow(/the good pictures.*not trained on.*OPTION_VALUE/);
  });
});
