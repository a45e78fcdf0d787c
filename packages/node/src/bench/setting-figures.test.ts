import { describe, expect, it } from "vitest";
import type { Lap } from "./measure-turn.js";
import { type Measured, settingFigures } from "./setting-figures.js";

const lap = (ms: number): Lap => ({
  ms,
  timings: { read: ms / 2, preProcess: 1, network: ms / 4, postProcess: 2, pictures: 3, encode: 4 },
});

/** A setting whose rounds have these medians of one picture, and these pictures a second. */
function measured(times: readonly number[], rates: readonly number[], startMs = 100): Measured {
  const schedule = { workers: 2, threads: 1 };
  return {
    setting: { workers: 2 },
    alone: { schedule },
    together: { schedule },
    laps: times.map((ms) => [lap(ms - 1), lap(ms), lap(ms + 1)]),
    files: rates.map((perSecond) => ({ perSecond, cpuMs: 1000 / perSecond })),
    pixels: [],
    start: { startMs, openMs: 20, firstMs: 10 },
    peakRss: 1e8,
  };
}

describe("settingFigures", () => {
  it("tells stages, rates and how the cores were shared out", () => {
    const figures = settingFigures(measured([10, 20, 30], [50, 40, 60]), null);
    expect(figures.alone).toMatchObject({ workers: 2, threads: 1, rounds: [10, 20, 30] });
    expect(figures.alone.ms).toEqual({ min: 9, p50: 20, p95: 31 });
    expect(figures.alone.timings.read).toEqual({ min: 4.5, p50: 10, p95: 15.5 });
    expect(figures.alone.timings.encode).toEqual({ min: 4, p50: 4, p95: 4 });
    expect(figures.together).toEqual({
      workers: 2,
      threads: 1,
      perSecond: { min: 40, p50: 50, max: 60 },
      cpuMs: 20,
      rounds: [50, 40, 60],
    });
    expect(figures).toMatchObject({ decoded: null, ratios: null, peakRss: 1e8 });
  });

  it("compares round by round: load that comes for all of a round does not count", () => {
    const first = measured([10, 100, 10], [50, 5, 50], 300);
    const second = measured([5, 50, 5], [100, 10, 100], 100);
    const { ratios } = settingFigures(second, first);
    expect(ratios).toEqual({
      alone: { min: 2, p50: 2, max: 2 },
      together: { min: 2, p50: 2, max: 2 },
      start: 3,
    });
  });

  it("tells pictures in memory where they were measured", () => {
    const { decoded } = settingFigures(
      { ...measured([10], [50]), pixels: [{ perSecond: 80, cpuMs: 12 }] },
      null,
    );
    expect(decoded).toMatchObject({ workers: 2, perSecond: { p50: 80 }, cpuMs: 12 });
  });
});
