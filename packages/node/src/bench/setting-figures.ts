/** From what was measured of a setting to its figures, alone and against the first one. */
import type { Model } from "../model/model.js";
import type { StageTimings } from "../model/results.js";
import type { Schedule } from "../model/schedule.js";
import type {
  AloneFigures,
  BenchRatios,
  SettingBench,
  StartFigures,
  TogetherFigures,
} from "./bench-result.js";
import type { Contestant } from "./contestant.js";
import type { Lap, Run } from "./measure-turn.js";
import { medianOf, overRounds, spreadOf } from "./spread.js";

/** What a contestant measured, and its processes. */
export type Measured = Pick<Contestant, "setting" | "laps" | "files" | "pixels"> & {
  readonly alone: Pick<Model, "schedule">;
  readonly together: Pick<Model, "schedule">;
  readonly start: StartFigures;
  readonly peakRss: number;
};

const STAGES = [
  "read",
  "preProcess",
  "network",
  "postProcess",
  "pictures",
  "encode",
] as const satisfies readonly (keyof StageTimings)[];

/** The figures of one setting. @param first null when this is the first. */
export function settingFigures(measured: Measured, first: Measured | null): SettingBench {
  const { setting, alone, together, laps, files, pixels, start, peakRss } = measured;
  return {
    setting,
    alone: { ...alone.schedule, ...aloneFigures(laps) },
    together: { ...together.schedule, ...togetherFigures(files) },
    decoded: pixels.length === 0 ? null : { ...together.schedule, ...togetherFigures(pixels) },
    start,
    peakRss,
    ratios: first === null ? null : ratiosOf(measured, first),
  };
}

function aloneFigures(rounds: readonly (readonly Lap[])[]): Omit<AloneFigures, keyof Schedule> {
  const laps = rounds.flat();
  const stages = STAGES.map((stage) => [stage, spreadOf(laps.map(({ timings }) => timings[stage]))]);
  return {
    ms: spreadOf(laps.map(({ ms }) => ms)),
    timings: Object.fromEntries(stages) as AloneFigures["timings"],
    rounds: mediansOf(rounds),
  };
}

function togetherFigures(runs: readonly Run[]): Omit<TogetherFigures, keyof Schedule> {
  const rounds = runs.map(({ perSecond }) => perSecond);
  return {
    perSecond: overRounds(rounds),
    cpuMs: medianOf(runs.map(({ cpuMs }) => cpuMs)),
    rounds: rounds.map((value) => medianOf([value])),
  };
}

function mediansOf(rounds: readonly (readonly Lap[])[]): number[] {
  return rounds.map((laps) => medianOf(laps.map(({ ms }) => ms)));
}

/** Round by round, because load comes and goes: the two of a round had about the same. */
function ratiosOf(measured: Measured, first: Measured): BenchRatios {
  const [times, base] = [mediansOf(measured.laps), mediansOf(first.laps)];
  return {
    alone: overRounds(times.map((ms, round) => (base[round] ?? Number.NaN) / ms)),
    together: overRounds(
      measured.files.map(({ perSecond }, round) => perSecond / (first.files[round]?.perSecond ?? Number.NaN)),
    ),
    start: medianOf([first.start.startMs / measured.start.startMs]),
  };
}
