/**
 * A quality and a weight by evidence, within a time for each picture: every quality is trained without some good pictures
 * and timed on this machine; those that are quick enough are compared on the held-out pictures, on defects pasted into
 * these, and on real bad pictures where there are some. Test pictures are never looked at.
 */
import {
  auroc,
  BlemishError,
  bootstrapInterval,
  compareScores,
  detectorsOf,
  type LabelledScores,
  nestedAuroc,
  QUALITIES,
  type Quality,
  type TrainedModelFile,
} from "@blemish/core";
import { trainModel } from "../training/train-model.js";
import type { TrainOptions } from "../training/train-options.js";
import { type FusionChoice, fusionChoice, weighings } from "./choose-fusion.js";
import { holdOut } from "./hold-out.js";
import { syntheticScores } from "./synthetic-scores.js";
import { timeModel } from "./time-model.js";

/** One quality on this machine and these pictures. */
export interface Candidate {
  readonly quality: Quality;
  /** Median milliseconds from picture file to decision, one picture at a time. */
  readonly ms: number;
  /** Bytes of the model. */
  readonly bytes: number;
  /** Whether it is quick enough; if not it was not compared. */
  readonly affordable: boolean;
  /** On pasted defects, with its 95 % interval; null unless compared. */
  readonly pasted: { readonly auroc: number; readonly interval: readonly [number, number] } | null;
  /** On real bad pictures; null unless there are some. */
  readonly real: { readonly auroc: number; readonly interval: readonly [number, number] } | null;
  /** The weight that its heads speak for. */
  readonly fusion: FusionChoice | null;
}

/** What was chosen and why. */
export interface QualityChoice {
  readonly quality: Quality;
  readonly candidates: readonly Candidate[];
  /** False when no candidate is better than the others beyond doubt: then the one that is best elsewhere is taken. */
  readonly decided: boolean;
  /** AUROC to be expected of a choice made like this, measured on pictures that did not take part in it. */
  readonly nested: number;
  /** What was compared: pasted defects, or real ones where there are any. */
  readonly by: "pasted" | "real";
  readonly pictures: number;
}

/** What is asked for. */
export interface ChooseOptions extends Omit<TrainOptions, "quality" | "size" | "onProgress"> {
  /** Milliseconds that a picture may take at most. */
  readonly maxMs: number;
  /** Qualities to choose from, in ascending order of cost. Default: all. */
  readonly qualities?: readonly Quality[];
  /** Pictures of real defects that are not in the test. */
  readonly bad?: readonly string[];
  readonly onProgress?: (quality: Quality, done: number, total: number) => void;
}

/** A candidate with the scores that it is compared by. */
interface Measured {
  readonly candidate: Candidate;
  readonly scores: LabelledScores | null;
}

/**
 * Chooses.
 * @throws BlemishError OPTION_VALUE when no quality is quick enough (it names the fastest), or there are too few pictures;
 *   and as `trainModel`.
 */
export async function chooseQuality(
  pictures: readonly string[],
  { maxMs, qualities = QUALITIES, bad = [], onProgress, ...options }: ChooseOptions,
): Promise<QualityChoice> {
  const { rest, held } = holdOut(pictures);
  if (held.length === 0) throw tooFew(pictures.length);
  const measured: Measured[] = [];
  for (const [i, quality] of qualities.entries()) {
    onProgress?.(quality, i, qualities.length);
    const { model } = await trainModel(rest, { ...options, quality, threshold: "leave-one-out" });
    measured.push(await measure(model, quality, { held, bad }, maxMs, options));
  }
  const compared = measured.filter(({ scores }) => scores !== null) as (Measured & {
    scores: LabelledScores;
  })[];
  if (compared.length === 0) throw tooSlow(measured, maxMs);
  const { at, decided } = choose(compared.map(({ scores }) => scores));
  return {
    quality: compared[at]!.candidate.quality,
    candidates: measured.map(({ candidate }) => candidate),
    decided,
    nested: nestedAuroc(compared.map(({ scores }) => scores)),
    by: bad.length > 0 ? "real" : "pasted",
    pictures: held.length,
  };
}

/**
 * Of ways in ascending order of what they cost: the last, which is the best elsewhere, unless another is better here
 * beyond doubt.
 */
export function choose(ways: readonly LabelledScores[]): { at: number; decided: boolean } {
  const last = ways.length - 1;
  const better = ways.map((way, at) => ({ at, ...compareScores(ways[last]!, way) }));
  const best = better
    .filter(({ decided, difference }) => decided && difference > 0)
    .sort((a, b) => b.difference - a.difference)[0];
  if (best !== undefined) return { at: best.at, decided: true };
  const others = better.slice(0, last);
  return {
    at: last,
    decided: others.length > 0 && others.every(({ decided, difference }) => decided && difference < 0),
  };
}

async function measure(
  model: TrainedModelFile,
  quality: Quality,
  judged: { readonly held: readonly string[]; readonly bad: readonly string[] },
  maxMs: number,
  options: Pick<TrainOptions, "limits" | "signal">,
): Promise<Measured> {
  const { ms, bytes } = await timeModel(model, judged.held, options);
  const affordable = ms <= maxMs;
  const common = { quality, ms, bytes, affordable };
  if (!affordable) return { candidate: { ...common, pasted: null, real: null, fusion: null }, scores: null };
  const fused = detectorsOf(model.manifest).map(({ factor }) => factor);
  const alone = weighings(model) ?? [];
  const [all, padim, patchcore] = await syntheticScores(model, judged, [fused, ...alone], options);
  const { pasted, real } = all!;
  const hasBad = judged.bad.length > 0;
  return {
    candidate: {
      ...common,
      pasted: figureOf(pasted),
      real: hasBad ? figureOf(real) : null,
      fusion: padim === undefined ? null : fusionChoice(padim, patchcore!),
    },
    scores: hasBad ? real : pasted,
  };
}

function figureOf(scores: LabelledScores) {
  return { auroc: auroc(scores), interval: bootstrapInterval(scores, auroc) };
}

function tooSlow(measured: readonly Measured[], maxMs: number): BlemishError {
  const fastest = measured.map(({ candidate }) => candidate).sort((a, b) => a.ms - b.ms)[0]!;
  return new BlemishError("OPTION_VALUE", {
    subject: "The time for a picture (--max-ms)",
    expected: `at least ${Math.ceil(fastest.ms)} ms, which quality ${fastest.quality} takes on this machine`,
    found: `${maxMs} ms`,
  });
}

function tooFew(found: number): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The quality (--quality auto)",
    expected: "at least 6 pictures of good parts to choose by",
    found: `${found}`,
  });
}
