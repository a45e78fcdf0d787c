import { describe, expect, it } from "vitest";
import { COUNT, checkOptions, FINITE, OBJECT, oneOf, SWITCH, TEXT } from "./check-options.js";

const RULES = { count: COUNT, size: FINITE, mode: oneOf("a", "b"), on: SWITCH, name: TEXT, inner: OBJECT };

describe("checkOptions", () => {
  it("accepts what obeys the rules, and what is not given", () => {
    checkOptions(
      { count: 2, size: -0.5, mode: "a", on: false, name: "", inner: {} } as object,
      RULES as never,
    );
    checkOptions({ count: undefined } as object, RULES as never);
  });

  it.each([
    [{ count: 0 }],
    [{ count: 1.5 }],
    [{ count: "2" }],
    [{ size: Number.NaN }],
    [{ mode: "c" }],
    [{ on: 1 }],
    [{ name: 3 }],
    [{ inner: null }],
  ])("refuses %j", (options) => {
    const [[name]] = Object.entries(options) as [[string, unknown]];
    expect(() => checkOptions(options as object, RULES as never)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: name }),
    );
  });

  it("refuses a name that has no rule, and says which there are", () => {
    expect(() => checkOptions({ cuont: 1 } as object, RULES as never)).toThrow(
      expect.objectContaining({
        code: "OPTION",
        subject: "cuont",
        expected: "one of count, size, mode, on, name, inner",
      }),
    );
  });
});
