import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choiceWords, modeOf, parallelism } from "./mode-words.js";

it("knows the modes", () => {
  expect([modeOf(undefined), modeOf("throughput"), modeOf("auto")]).toEqual([null, "throughput", "auto"]);
  expect(() => modeOf("fast")).toThrow(/--mode.*OPTION_VALUE/);
});

it("says what was chosen", () => {
  expect(choiceWords({ workers: 4, threads: 1 })).toBe("Mode auto: 4 workers, 1 thread each.");
  expect(choiceWords({ workers: 1, threads: 8 })).toBe("Mode auto: 1 worker, 8 threads.");
});

describe("parallelism", () => {
  it("never asks for more workers than pictures, nor for less than one of anything", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant("auto" as const), fc.integer({ min: 1, max: 256 })),
        fc.option(fc.integer({ min: 1, max: 256 })),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 128 }),
        (workers, threads, pictures, cores) => {
          const used = parallelism({ workers, threads }, pictures, cores);
          expect(used.workers).toBeGreaterThanOrEqual(1);
          expect(used.workers).toBeLessThanOrEqual(pictures);
          expect(used.threads).toBeGreaterThanOrEqual(1);
          if (workers === "auto") expect(used.workers).toBeLessThanOrEqual(cores);
          if (threads !== null) expect(used.threads).toBe(threads);
        },
      ),
    );
  });
  it.each([
    ["auto", null, 1, { workers: 1, threads: 8 }],
    ["auto", null, 100, { workers: 8, threads: 1 }],
    ["auto", 2, 100, { workers: 4, threads: 2 }],
    [2, null, 100, { workers: 2, threads: 4 }],
  ] as const)("workers %s, threads %s, %s pictures on 8 cores", (workers, threads, pictures, used) => {
    expect(parallelism({ workers, threads }, pictures, 8)).toEqual(used);
  });
  it.each([
    ["latency", "auto", null, 100, { workers: 1, threads: 8 }],
    ["throughput", "auto", null, 100, { workers: 8, threads: 1 }],
    ["throughput", "auto", null, 3, { workers: 3, threads: 2 }],
    ["auto", "auto", null, 100, { mode: "auto" }],
    ["auto", "auto", null, 1, { workers: 1, threads: 8 }],
    ["latency", "auto", 2, 100, { workers: 1, threads: 2 }],
  ] as const)(
    "mode %s, workers %s, threads %s, %s pictures on 8 cores",
    (mode, workers, threads, pictures, used) => {
      expect(parallelism({ mode, workers, threads }, pictures, 8)).toEqual(used);
    },
  );
  it.each([
    ["latency", 2, null],
    ["auto", 2, null],
    ["auto", "auto", 2],
  ] as const)("refuses mode %s with workers %s, threads %s", (mode, workers, threads) => {
    expect(() => parallelism({ mode, workers, threads }, 100, 8)).toThrow(/OPTION_VALUE/);
  });
});
