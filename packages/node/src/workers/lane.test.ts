import { expect, it } from "vitest";
import { createLane } from "./lane.js";

const pause = () => new Promise((done) => setTimeout(done, 1));

it("runs tasks one at a time, in order, past one that fails", async () => {
  const lane = createLane();
  const log: string[] = [];
  const task = (name: string, fails = false) =>
    lane(async () => {
      log.push(`${name} begins`);
      await pause();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const outcomes = await Promise.allSettled([task("a"), task("b", true), task("c")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
