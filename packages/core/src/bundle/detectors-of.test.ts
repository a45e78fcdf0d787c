import { expect, it } from "vitest";
import { byPass, detectorsOf } from "./detectors-of.js";

it("lists the detectors of all passes in their order", () => {
  const passes = [{ detectors: ["a", "b"] }, { detectors: [] }, { detectors: ["c"] }];
  expect(detectorsOf({ passes })).toEqual(["a", "b", "c"]);
  expect(detectorsOf({ passes: [] })).toEqual([]);
});

it("divides a list by the passes again", () => {
  const passes = [{ detectors: ["a", "b"] }, { detectors: [] }, { detectors: ["c"] }];
  expect(byPass({ passes }, [1, 2, 3])).toEqual([[1, 2], [], [3]]);
  expect(byPass({ passes }, detectorsOf({ passes }))).toEqual(passes.map(({ detectors }) => detectors));
});
