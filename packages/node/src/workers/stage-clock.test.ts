import { describe, expect, it } from "vitest";
import { stageClock } from "./stage-clock.js";

/** A wall clock that work moves on by hand. */
function made() {
  let wall = 0;
  const clock = stageClock(() => wall);
  const pass = (ms: number) => {
    wall += ms;
  };
  return { ...clock, pass };
}

describe("stageClock", () => {
  it("counts what work does at once and what it waits for", async () => {
    const { time, pass } = made();
    const timed = time(async () => {
      pass(3);
      await null;
      pass(4);
      return "a";
    });
    expect(await timed).toEqual(["a", 7]);
  });

  it("does not count a run of the network for those that wait", async () => {
    const { time, hold, pass } = made();
    let end = () => {};
    const reading = time(() => new Promise<void>((resolve) => (end = resolve)));
    pass(2);
    await hold(async () => {
      pass(10);
      await null;
      pass(10);
    });
    pass(1);
    end();
    expect((await reading)[1]).toBe(3);
  });

  it("counts what another picture does at once neither for those that wait nor for the network", async () => {
    const { time, hold, now, pass } = made();
    let end = () => {};
    const reading = time(() => new Promise<void>((resolve) => (end = resolve)));
    const network = await hold(async () => {
      const start = now();
      pass(5);
      const [, decoding] = await time(async () => pass(8));
      pass(6);
      return [now() - start, decoding];
    });
    expect(network).toEqual([11, 8]);
    pass(1);
    end();
    expect((await reading)[1]).toBe(1);
  });

  it("goes on after work that fails", async () => {
    const { time, hold, pass } = made();
    const fail = () => Promise.reject(new Error("no"));
    await expect(time(fail)).rejects.toThrow("no");
    await expect(hold(fail)).rejects.toThrow("no");
    expect((await time(async () => pass(2)))[1]).toBe(2);
  });

  it("never gives less than nothing", async () => {
    const { time, hold, pass } = made();
    let end = () => {};
    let held = () => {};
    const run = hold(() => new Promise<void>((resolve) => (held = resolve)));
    pass(5);
    const reading = time(() => new Promise<void>((resolve) => (end = resolve)));
    held();
    await run;
    end();
    expect((await reading)[1]).toBe(0);
  });
});
