import { expect, it } from "vitest";
import { boundsOf } from "./robust-bounds.js";

it("limits a rule on the sides that are asked for, in six digits", () => {
  const spread = { middle: 100 / 3, half: 10, outside: 0, low: 30, high: 40 };
  const good = { low: 30, high: 40 };
  expect(boundsOf("contrast", spread, "both")).toEqual({
    rule: "contrast",
    low: 23.3333,
    high: 43.3333,
    good,
  });
  expect(boundsOf("place", spread, "high")).toEqual({ rule: "place", low: null, high: 43.3333, good });
  expect(boundsOf("sharpness", { ...spread, outside: 2 }, "low")).toEqual({
    rule: "sharpness",
    low: 23.3333,
    high: null,
    good,
    outside: 2,
  });
});
