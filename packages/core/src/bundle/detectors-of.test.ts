import { expect, it } from "vitest";
import { detectorsOf } from "./detectors-of.js";

it("lists the detectors of all passes in their order", () => {
  const passes = [{ detectors: ["a", "b"] }, { detectors: [] }, { detectors: ["c"] }];
  expect(detectorsOf({ passes })).toEqual(["a", "b", "c"]);
  expect(detectorsOf({ passes: [] })).toEqual([]);
});
