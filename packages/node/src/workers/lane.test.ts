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

it("runs as many tasks at a time as it is wide, and no more", async () => {
  const lane = createLane(2);
  let underWay = 0;
  let most = 0;
  const begun: number[] = [];
  const tasks = Array.from({ length: 9 }, (_, i) =>
    lane(async () => {
      begun.push(i);
      most = Math.max(most, ++underWay);
      await pause();
      underWay--;
      if (i % 3 === 0) throw new Error("no");
    }),
  );
  await Promise.allSettled(tasks);
  expect([most, underWay]).toEqual([2, 0]);
  expect(begun).toEqual([...begun.keys()]);
  await lane(pause);
});
