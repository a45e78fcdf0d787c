import fc from "fast-check";
import { expect, it } from "vitest";
import { distinct, short } from "./format-number.js";

it("writes four significant digits", () => {
  expect([12.96703, 0.5, 0.77123456, 100, 123456, 0].map((value) => short(value))).toEqual([
    "12.97",
    "0.5",
    "0.7712",
    "100",
    "123500",
    "0",
  ]);
});

it("keeps two different numbers apart", () => {
  expect(distinct(5.83271, 5.83272)).toEqual(["5.83271", "5.83272"]);
  expect(distinct(5, 5)).toEqual(["5", "5"]);
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [x, y] = distinct(a, b);
      expect(x === y).toBe(a === b);
    }),
  );
});
