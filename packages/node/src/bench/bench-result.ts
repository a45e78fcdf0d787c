/** What a measurement of a model gives: types only. Times in milliseconds, sizes in bytes. */
import type { Profile } from "@blemish/core";
import type { OpenOptions } from "../model/open.js";
import type { StageTimings } from "../model/results.js";
import type { Schedule } from "../model/schedule.js";
import type { MachineFacts } from "./machine-facts.js";
import type { OverRounds, Spread } from "./spread.js";

/** What is being measured, in order. */
export type BenchStage = "start" | "memory" | "rounds";

/** One picture on the way at a time. */
export interface AloneFigures extends Schedule {
  /** From the file to the decision, as the caller sees it: handing over to the worker and back is in it. */
  readonly ms: Spread;
  /** The stages; `pictures` and `encode` are those of a heat map as a PNG file and not part of `ms`. */
  readonly timings: Readonly<Record<keyof StageTimings, Spread>>;
  /** Median of `ms` in each round. */
  readonly rounds: readonly number[];
}

/** Many pictures on the way. */
export interface TogetherFigures extends Schedule {
  /** Pictures a second. */
  readonly perSecond: OverRounds;
  /** Processor time of a picture, all threads together: the median round. */
  readonly cpuMs: number;
  /** Pictures a second in each round. */
  readonly rounds: readonly number[];
}

/** A process of its own, from nothing to the first result. Medians. */
export interface StartFigures {
  /** From the start of the process to its first result. */
  readonly startMs: number;
  /** Opening the model: its files, its workers. Part of `startMs`. */
  readonly openMs: number;
  /** The first picture, which also compiles what every later one uses. Part of `startMs`. */
  readonly firstMs: number;
}

/** Against the first setting: above 1 = quicker. */
export interface BenchRatios {
  readonly alone: OverRounds;
  readonly together: OverRounds;
  readonly start: number;
}

/** A setting's figures. */
export interface SettingBench {
  /** As it was asked for. */
  readonly setting: OpenOptions;
  readonly alone: AloneFigures;
  /** From files. */
  readonly together: TogetherFigures;
  /** From pixels in memory; null unless asked for. */
  readonly decoded: TogetherFigures | null;
  readonly start: StartFigures;
  /** Highest resident memory of a process that opened the model as for `together` and judged that many pictures. */
  readonly peakRss: number;
  /** Null for the first setting. */
  readonly ratios: BenchRatios | null;
}

/** What was measured. */
export interface ModelBench {
  /** Day, as YYYY-MM-DD. */
  readonly date: string;
  readonly machine: MachineFacts;
  /** True when Blemish runs from its TypeScript sources: loading them is part of every start. */
  readonly fromSources: boolean;
  /** `bytes` with external weights. */
  readonly model: { readonly path: string; readonly bytes: number; readonly profile: Profile };
  /** Size of the first. */
  readonly pictures: { readonly count: number; readonly width: number; readonly height: number };
  /** Rounds that were measured, after one to warm up. */
  readonly rounds: number;
  /** Pictures of each setting in a round: one by one, and at once. */
  readonly perRound: { readonly alone: number; readonly together: number };
  readonly settings: readonly SettingBench[];
}
