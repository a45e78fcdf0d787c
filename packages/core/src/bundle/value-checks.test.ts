import { expect, it } from "vitest";
import {
  anyOf,
  isBoolean,
  isCount,
  isNumber,
  isPositive,
  isRate,
  isText,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  record,
} from "./value-checks.js";

it("takes what it should and nothing else", () => {
  const cases: [(value: unknown) => boolean, unknown[], unknown[]][] = [
    [isNumber, [0, -1.5], [Number.NaN, Number.POSITIVE_INFINITY, "1"]],
    [isCount, [0, 7], [-1, 0.5, 1e9]],
    [isPositive, [1], [0]],
    [isRate, [0, 1], [1.1, -0.1]],
    [isText, [""], [null, 1]],
    [isBoolean, [false], [0]],
    [oneOf("a", 1), ["a", 1], ["b"]],
    [anyOf(isText, isCount), ["a", 1], [-1]],
    [listOf(isCount), [[], [1]], [[-1], {}]],
    [orNull(isCount), [null, 1], [undefined]],
    [orAbsent(isCount), [undefined, 1], [null]],
    [record({ a: isCount }), [{ a: 1, b: 2 }], [{}, null, "a"]],
  ];
  for (const [check, right, wrong] of cases) {
    for (const value of right) expect(check(value)).toBe(true);
    for (const value of wrong) expect(check(value)).toBe(false);
  }
});
