import type { ModelBench, SettingBench, Spread } from "@blemish/node";
import { describe, expect, it } from "vitest";
import { benchText } from "./bench-text.js";

const spread = (p50: number): Spread => ({ min: p50 / 2, p50, p95: p50 * 2 });

function setting(ratio: number | null): SettingBench {
  const timings = {
    read: spread(14.2),
    preProcess: spread(0.71),
    network: spread(9.5),
    postProcess: spread(1),
    pictures: spread(3),
    encode: spread(120.4),
  };
  const over = { min: 40, p50: 50.06, max: 101.7 };
  const ratios = ratio === null ? null : { min: ratio - 0.1, p50: ratio, max: ratio + 0.1 };
  return {
    setting: {},
    alone: { workers: 1, threads: 2, ms: spread(26), timings, rounds: [26] },
    together: { workers: 2, threads: 1, perSecond: over, cpuMs: 31.25, rounds: [50] },
    decoded: null,
    start: { startMs: 480.4, openMs: 120, firstMs: 40 },
    peakRss: 423.4e6,
    ratios: ratios && { alone: ratios, together: ratios, start: 1.5 },
  };
}

function bench(settings: readonly SettingBench[]): ModelBench {
  return {
    date: "2026-01-01",
    machine: { cpu: "A CPU", cores: 2, memory: 2 ** 34, os: "Linux", node: "20.1.0", load: 0.1 },
    fromSources: false,
    model: { path: "part.blemish", bytes: 43.21e6, profile: "blemish" },
    pictures: { count: 1200, width: 900, height: 600 },
    rounds: 7,
    perRound: { alone: 12, together: 48 },
    settings,
  };
}

describe("benchText", () => {
  it("tells one setting in two columns", () => {
    expect(benchText(bench([setting(null)]), [""]).split("\n")).toEqual([
      "part.blemish: 43.2 MB, blemish; 1,200 pictures of 900 × 600",
      "A CPU, 2 cores, 16 GB, Linux, Node 20.1.0; load 0.1 before",
      "One round to warm up, then 7 rounds of 12 pictures one by one and 48 at once.",
      "Times: median (95th percentile). Pictures/s: median of the rounds (slowest – quickest).",
      "",
      "One picture at a time    1 worker × 2 threads",
      "  file to decision       26.0 ms (52.0)",
      "    read                 14.2 ms (28.4)",
      "    preProcess           0.71 ms (1.42)",
      "    network              9.50 ms (19.0)",
      "    postProcess          1.00 ms (2.00)",
      "  pictures (heat map)    3.00 ms (6.00)",
      "  encode (PNG)           120 ms (241)",
      "Many at once             2 workers × 1 thread",
      "  pictures/s from files  50.1 (40.0 – 102)",
      "  CPU time of a picture  31.3 ms",
      "A new process",
      "  start to first result  480 ms",
      "    opening the model    120 ms",
      "    first picture        40 ms",
      "  peak memory            423 MB",
    ]);
  });

  it("compares settings with the first, and says what pictures in memory give", () => {
    const decoded = { ...setting(null).together, perSecond: { min: 60, p50: 70, max: 80 } };
    const text = benchText(
      {
        ...bench([
          { ...setting(null), decoded },
          { ...setting(1.28), decoded },
        ]),
        fromSources: true,
      },
      ["workers 1", "workers 2"],
    );
    expect(text).toContain("at once, the settings in turns.");
    expect(text).toContain("from its sources");
    expect(text).toMatch(/^ {27,}workers 1 +workers 2$/m);
    expect(text).toMatch(/^ {2}pictures\/s from pixels +70.0 \(60.0 – 80.0\) +70.0 \(60.0 – 80.0\)$/m);
    expect(text).toMatch(/^ {2}many at once +1 +1.28 \(1.18 – 1.38\)$/m);
    expect(text).toMatch(/^ {2}start to first result +1 +1.50$/m);
  });
});
