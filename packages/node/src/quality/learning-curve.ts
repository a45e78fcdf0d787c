/**
 * What more pictures would bring: the same training with a quarter, half and all of the pictures that are not held out,
 * each compared on the held-out ones and on defects pasted into these. It says nothing about the test, which it never sees.
 */
import {
  auroc,
  BlemishError,
  bootstrapInterval,
  compareScores,
  detectorsOf,
  LEAST_PICTURES,
} from "@blemish/core";
import { trainModel } from "../training/train-model.js";
import type { TrainOptions } from "../training/train-options.js";
import { holdOut } from "./hold-out.js";
import { type SyntheticScores, syntheticScores } from "./synthetic-scores.js";

/** Shares of the pictures that are not held out. */
const SHARES = [0.25, 0.5, 1];

/** A training with some of the pictures. */
export interface LearningPoint {
  /** Pictures that it learnt from. */
  readonly pictures: number;
  /** On pasted defects, with its 95 % interval. */
  readonly auroc: number;
  readonly interval: readonly [low: number, high: number];
}

/** Detection against the number of pictures. */
export interface LearningCurve {
  /** In ascending order of pictures, two at least. */
  readonly points: readonly LearningPoint[];
  /** AUROC of the last point less that of the one before, 95 % interval, paired. */
  readonly gain: number;
  readonly gainInterval: readonly [low: number, high: number];
  /**
   * `helps`: the last doubling was a gain beyond doubt; `enough`: it was none of 0.01 or more beyond doubt; `open`: the
   * pictures do not tell.
   */
  readonly verdict: "helps" | "enough" | "open";
  /** Held-out pictures and pasted defects. */
  readonly held: number;
  readonly defects: number;
}

/** What is asked for. */
export interface LearningCurveOptions extends Omit<TrainOptions, "onProgress" | "addTo"> {
  readonly onProgress?: (done: number, total: number) => void;
}

/** A gain that is worth a day of taking pictures. */
const WORTH = 0.01;

/**
 * Trains two or three times with fewer pictures.
 * @param pictures paths of good parts, at least nine.
 * @throws BlemishError OPTION_VALUE with fewer; and as `trainModel`.
 */
export async function learningCurve(
  pictures: readonly string[],
  { onProgress, ...options }: LearningCurveOptions = {},
): Promise<LearningCurve> {
  const { rest, held } = holdOut(pictures);
  const counts = SHARES.map((share) => Math.round(rest.length * share)).filter((n) => n >= LEAST_PICTURES);
  if (held.length < LEAST_PICTURES || counts.length < 2) throw tooFew(pictures.length);
  const found: SyntheticScores[] = [];
  for (const [i, count] of counts.entries()) {
    onProgress?.(i, counts.length);
    const { model } = await trainModel(spread(rest, count), { ...options, threshold: "leave-one-out" });
    const factors = detectorsOf(model.manifest).map(({ factor }) => factor);
    const [scores] = await syntheticScores(model, { held, bad: [] }, [factors], options);
    found.push(scores!);
  }
  onProgress?.(counts.length, counts.length);
  return curveOf(counts, found);
}

/** What follows from the scores with so many pictures each. @param counts ascending. */
export function curveOf(counts: readonly number[], found: readonly SyntheticScores[]): LearningCurve {
  const [before, last] = found.slice(-2).map(({ pasted }) => pasted);
  const { difference: gain, interval } = compareScores(before!, last!);
  const verdict = interval[0] > 0 ? "helps" : interval[1] < WORTH ? "enough" : "open";
  return {
    points: counts.map((count, i) => ({
      pictures: count,
      auroc: auroc(found[i]!.pasted),
      interval: bootstrapInterval(found[i]!.pasted, auroc),
    })),
    ...{ gain, gainInterval: interval, verdict },
    held: last!.good.length,
    defects: last!.anomalous.length,
  };
}

/** So many, evenly spaced: of fewer pictures the ones of more are not all the first. */
function spread(pictures: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => pictures[Math.floor((i * pictures.length) / count)]!);
}

function tooFew(found: number): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The learning curve (--learning-curve)",
    expected: "at least 9 pictures of good parts",
    found: `${found}`,
  });
}
