import { expect, it } from "vitest";
import { takeArray } from "./take-array.js";

const data = Float32Array.of(1, 2, 3, 4, 5, 6);
const take = takeArray({ a: { type: "F32", shape: [2, 3], data } }, "part.blemish");

it("gives the array when type and shape are right", () => {
  expect(take("a", "F32", [2, 3])).toBe(data);
  expect(take("a", "F32", null)).toBe(data);
});

it("refuses another type, another shape and arrays that are missing", () => {
  expect(() => take("a", "I16", null)).toThrow(
    /part\.blemish.*array a of I16, found F32 \[2, 3\].*MODEL_BROKEN/,
  );
  expect(() => take("a", "F32", [3, 2])).toThrow(/array a of F32 \[3, 2\], found F32 \[2, 3\].*MODEL_BROKEN/);
  expect(() => take("b", "F32", null)).toThrow(/array b of F32, found none.*MODEL_BROKEN/);
});
