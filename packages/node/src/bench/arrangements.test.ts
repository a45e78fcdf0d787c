import { describe, expect, it } from "vitest";
import { schedulesFor } from "../model/schedule.js";
import { arrangementsOf } from "./arrangements.js";

describe("arrangementsOf", () => {
  it("gives one picture all cores and many pictures a worker on each", () => {
    const { alone, together } = arrangementsOf({ profile: "anomalib-1" }, 4);
    expect(alone).toEqual({ profile: "anomalib-1", mode: "latency" });
    expect(together).toEqual({ profile: "anomalib-1", mode: "throughput" });
    expect(schedulesFor(alone, 4)).toEqual([{ workers: 1, threads: 4 }]);
    expect(schedulesFor(together, 4)).toEqual([{ workers: 4, threads: 1 }]);
  });

  it("keeps the threads that are asked for", () => {
    const { alone, together } = arrangementsOf({ threads: 2 }, 8);
    expect(schedulesFor(alone, 8)).toEqual([{ workers: 1, threads: 2 }]);
    expect(schedulesFor(together, 8)).toEqual([{ workers: 4, threads: 2 }]);
  });

  it("needs one model only where the two are the same", () => {
    for (const [setting, cores] of [
      [{}, 1],
      [{ workers: 2 }, 8],
      [{ mode: "auto" }, 8],
    ] as const) {
      const { alone, together } = arrangementsOf(setting, cores);
      expect(together).toBe(alone);
    }
  });
});
