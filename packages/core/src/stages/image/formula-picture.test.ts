import { expect, it } from "vitest";
import { formulaPicture } from "./formula-picture.js";

it("is the same bytes everywhere, and another picture for another seed", () => {
  const picture = formulaPicture(1, 64);
  expect([...picture.data.subarray(0, 6)]).toEqual([31, 17, 0, 38, 17, 13]);
  expect(formulaPicture(2, 64).data).not.toEqual(picture.data);
});
