import { describe, expect, it } from "vitest";
import { rateValue } from "./rate.js";

describe("rateValue", () => {
  it.each([
    ["0.05", 0.05],
    ["5%", 0.05],
    ["5 %", 0.05],
    [" .1", 0.1],
    ["0.5%", 0.005],
    ["1e-3", 0.001],
  ])("reads %s", (text, value) => expect(rateValue("--x", text)).toBeCloseTo(value, 15));

  it.each(["0", "1", "5", "100%", "0%", "-0.1", "", "%", "five", "0,05", "5%%", "NaN", "1e400"])(
    "refuses %j",
    (text) =>
      expect(() => rateValue("--false-alarm-rate", text)).toThrow(
        expect.objectContaining({ code: "OPTION_VALUE", subject: "--false-alarm-rate" }),
      ),
  );
});
