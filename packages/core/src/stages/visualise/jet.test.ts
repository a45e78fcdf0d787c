import { expect, it } from "vitest";
import { reference, sha256 } from "../../../../../fixtures/visualise/formulas.js";
import { JET } from "./jet.js";

it("is OpenCV's table", () => {
  const channel = (c: number) => Array.from({ length: 256 }, (_, level) => JET[level * 3 + c]);
  expect(channel(0)).toEqual(reference.jet.red);
  expect(channel(1)).toEqual(reference.jet.green);
  expect(channel(2)).toEqual(reference.jet.blue);
  expect(sha256(JET)).toBe(reference.jet.sha256);
});
