import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobsPerSecond, MODES, openFastest, type Schedule, schedulesFor } from "./schedule.js";

const sizes = fc.integer({ min: 1, max: 200 });
const given = fc.option(sizes, { nil: undefined });

describe("schedulesFor", () => {
  it("keeps the numbers that are given and shares out the rest", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(undefined, "throughput" as const),
        given,
        given,
        sizes,
        (mode, workers, threads, cores) => {
          const [one, ...others] = schedulesFor({ mode, workers, threads }, cores);
          expect(others).toEqual([]);
          if (workers !== undefined) expect(one!.workers).toBe(workers);
          if (threads !== undefined) expect(one!.threads).toBe(threads);
          expect(Math.min(one!.workers, one!.threads)).toBeGreaterThanOrEqual(1);
          // No more threads than cores, unless that was asked for.
          if (workers === undefined || threads === undefined)
            expect(one!.workers * one!.threads).toBeLessThanOrEqual(
              Math.max(cores, workers ?? 1, threads ?? 1),
            );
        },
      ),
    );
  });

  it.each([
    [{}, [1, 8]],
    [{ threads: 2 }, [1, 2]],
    [{ workers: 3 }, [3, 2]],
    [{ mode: "latency" }, [1, 8]],
    [{ mode: "latency", workers: 1, threads: 4 }, [1, 4]],
    [{ mode: "throughput" }, [8, 1]],
    [{ mode: "throughput", threads: 2 }, [4, 2]],
    [{ mode: "throughput", threads: 20 }, [1, 20]],
    [{ mode: "throughput", workers: 3 }, [3, 2]],
  ] as const)("%j on 8 cores", (request, [workers, threads]) => {
    expect(schedulesFor(request, 8)).toEqual([{ workers, threads }]);
  });

  it.each([
    [1, [[1, 1]]],
    [
      2,
      [
        [1, 2],
        [2, 1],
      ],
    ],
    [
      3,
      [
        [1, 3],
        [3, 1],
      ],
    ],
    [
      4,
      [
        [1, 4],
        [2, 2],
        [4, 1],
      ],
    ],
    [
      9,
      [
        [1, 9],
        [4, 2],
        [9, 1],
      ],
    ],
  ])("measures with %i cores: %j", (cores, expected) => {
    expect(schedulesFor({ mode: "auto" }, cores).map(({ workers, threads }) => [workers, threads])).toEqual(
      expected,
    );
  });

  it.each([
    [{ mode: "auto", workers: 2 }, "workers"],
    [{ mode: "auto", threads: 2 }, "threads"],
    [{ mode: "latency", workers: 2 }, "workers"],
  ] as const)("refuses %j", (request, subject) => {
    expect(() => schedulesFor(request, 8)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject }),
    );
  });

  it("knows all modes", () => {
    for (const mode of MODES) expect(schedulesFor({ mode }, 4).length).toBeGreaterThan(0);
  });
});

/** Opens schedules whose rate is looked up by their number of workers; says what is open. */
function fakes(rates: Record<number, number>) {
  const log: string[] = [];
  const open = async ({ workers }: Schedule) => {
    log.push(`open ${workers}`);
    return { workers, close: async () => void log.push(`close ${workers}`) };
  };
  const measure = async ({ workers }: { workers: number }) => {
    const rate = rates[workers];
    if (rate === undefined) throw new Error("cannot judge");
    return rate;
  };
  return { log, open, measure };
}

describe("openFastest", () => {
  const schedules = [1, 2, 4].map((workers) => ({ workers, threads: 4 / workers }));

  it.each([
    [{ 1: 10, 2: 20, 4: 30 }, 4],
    [{ 1: 10, 2: 30, 4: 20 }, 2],
    [{ 1: 30, 2: 20, 4: 10 }, 1],
    // Four percent are not worth three more workers.
    [{ 1: 100, 2: 90, 4: 104 }, 1],
  ])("chooses by the rates %j: %i workers, and nothing else stays open", async (rates, workers) => {
    const { log, open, measure } = fakes(rates);
    const { schedule, opened } = await openFastest(schedules, open, measure);
    expect([schedule.workers, opened.workers]).toEqual([workers, workers]);
    const left =
      log.filter((line) => line.startsWith("open")).length -
      log.filter((line) => line.startsWith("close")).length;
    expect([left, log.at(-1)]).toEqual([1, `open ${workers}`]);
  });

  it("never has two open at a time", async () => {
    const { log, open, measure } = fakes({ 1: 30, 2: 20, 4: 10 });
    await openFastest(schedules, open, measure);
    expect(log).toEqual(["open 1", "close 1", "open 2", "close 2", "open 4", "close 4", "open 1"]);
  });

  it("does not measure a single one", async () => {
    const { log, open, measure } = fakes({});
    expect((await openFastest([{ workers: 2, threads: 2 }], open, measure)).schedule).toEqual({
      workers: 2,
      threads: 2,
    });
    expect(log).toEqual(["open 2"]);
  });

  it("leaves nothing open when one cannot judge", async () => {
    const { log, open, measure } = fakes({ 1: 10 });
    await expect(openFastest(schedules, open, measure)).rejects.toThrow("cannot judge");
    expect(log).toEqual(["open 1", "close 1", "open 2", "close 2"]);
  });
});

describe("jobsPerSecond", () => {
  it("keeps as many jobs under way as there is room for, and counts those of the measured time", async () => {
    let underWay = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((done) => setTimeout(done, 5));
      underWay--;
    };
    const rate = await jobsPerSecond(run, 4, 60);
    expect([most, underWay]).toEqual([4, 0]);
    // Four at a time, 5 ms each at the least.
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThan(840);
  });

  it("passes on what fails", async () => {
    await expect(jobsPerSecond(() => Promise.reject(new Error("no")), 2, 5)).rejects.toThrow("no");
  });
});
