import { expect, it } from "vitest";
import { oneAfterTheOther } from "./share-part.js";

it("does all parts, in their order, and none of nothing", () => {
  const done: number[] = [];
  oneAfterTheOther(3, (part) => done.push(part));
  oneAfterTheOther(0, (part) => done.push(part));
  expect(done).toEqual([0, 1, 2]);
});
