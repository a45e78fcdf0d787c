/** Two models on the same pictures: how far apart their scores are, and on which pictures they disagree. */
import { BlemishError, type ScoreChange, scoreChange, type Verdict } from "@blemish/core";
import type { Model } from "../model/model.js";
import { open } from "../model/open.js";
import { type ComparedPart, comparedParts, identityOf } from "./identity-of.js";

/** How models are compared. */
export interface CompareOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a model says of a picture, score and threshold in its own units. */
export interface ComparedVerdict {
  readonly verdict: Verdict;
  readonly score: number | null;
  readonly threshold: number | null;
}

/** A picture that the models call differently. */
export interface Disagreement {
  readonly path: string;
  readonly first: ComparedVerdict;
  readonly second: ComparedVerdict;
}

/** Two models side by side. */
export interface ModelComparison {
  readonly first: string;
  readonly second: string;
  /** Which parts are the same, by their hashes. */
  readonly identity: readonly ComparedPart[];
  /** Pictures that both could judge. */
  readonly pictures: number;
  /** Units of the compared scores: `normalised` where a model has no others. */
  readonly units: "raw" | "normalised";
  /** Differences of scores as shares of the thresholds; null when no picture could be judged by both. */
  readonly change: ScoreChange | null;
  /** Pictures that one calls anomalous and the other not, or that only one of them could judge. */
  readonly disagreements: readonly Disagreement[];
}

/**
 * Compares any two models that can be opened, on at least one picture.
 * @throws BlemishError OPTION_VALUE without pictures, CANCELLED, and what opening a model throws.
 */
export async function compareModels(
  first: string,
  second: string,
  pictures: readonly string[],
  { signal, onProgress }: CompareOptions = {},
): Promise<ModelComparison> {
  if (pictures.length === 0)
    throw new BlemishError("OPTION_VALUE", {
      subject: "The pictures",
      expected: "at least one",
      found: "none",
    });
  const identity = comparedParts(await identityOf(first), await identityOf(second));
  const models = [await open(first, { workers: 1, threads: 1 })];
  try {
    models.push(await open(second, { workers: 1, threads: 1 }));
    const [a, b] = models as [Model, Model];
    const answers: PairedVerdicts[] = [];
    for (const path of pictures) {
      if (signal?.aborted)
        throw new BlemishError("CANCELLED", { subject: "The comparison", cause: signal.reason });
      answers.push({ path, first: await verdictOf(a, path), second: await verdictOf(b, path) });
      onProgress?.(answers.length, pictures.length);
    }
    return { first, second, identity, ...summaryOf(answers) };
  } finally {
    for (const model of models) await model.close();
  }
}

/** What a model says of a picture in both units. */
interface OpenVerdict {
  readonly verdict: Verdict;
  readonly raw: { readonly score: number | null; readonly threshold: number } | null;
  readonly normalised: { readonly score: number; readonly threshold: number } | null;
}

interface PairedVerdicts {
  readonly path: string;
  readonly first: OpenVerdict;
  readonly second: OpenVerdict;
}

async function verdictOf(model: Model, path: string): Promise<OpenVerdict> {
  try {
    const { verdict, rawScore, predScore, imageThreshold, normalised } = await model.predict(path, {
      maps: false,
    });
    // Of values that leave the graph normalised, or are never normalised, it is the threshold itself.
    const threshold = rawScore === null || !normalised ? imageThreshold : 0.5;
    return {
      verdict,
      raw: rawScore === null ? null : { score: rawScore, threshold: imageThreshold },
      normalised: { score: predScore, threshold },
    };
  } catch (error) {
    if (error instanceof BlemishError) return { verdict: "invalid", raw: null, normalised: null };
    throw error;
  }
}

function summaryOf(
  answers: readonly PairedVerdicts[],
): Omit<ModelComparison, "first" | "second" | "identity"> {
  const judged = answers.filter((one) => one.first.normalised !== null && one.second.normalised !== null);
  const raw = judged.every((one) => one.first.raw !== null && one.second.raw !== null);
  const units = raw ? "raw" : "normalised";
  const told = (one: OpenVerdict): ComparedVerdict => ({
    verdict: one.verdict,
    score: one[units]?.score ?? null,
    threshold: one[units]?.threshold ?? null,
  });
  const side = (which: "first" | "second") => ({
    scores: judged.map((one) => one[which][units]?.score as number),
    threshold: judged[0]?.[which][units]?.threshold ?? 1,
  });
  return {
    pictures: judged.length,
    units,
    change: judged.length === 0 ? null : scoreChange(side("first"), side("second")),
    disagreements: answers
      .filter((one) => one.first.verdict !== one.second.verdict)
      .map(({ path, first, second }) => ({ path, first: told(first), second: told(second) })),
  };
}
