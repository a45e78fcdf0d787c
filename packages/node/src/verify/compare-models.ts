/** Two models on the same pictures: how far apart their scores are, and on which pictures they disagree. */
import { BlemishError, type ScoreChange, scoreChange, type Verdict } from "@blemish/core";
import type { Model } from "../model/model.js";
import { open } from "../model/open.js";

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
  /** Pictures that both could judge. */
  readonly pictures: number;
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
  const models = [await open(first, { workers: 1, threads: 1 })];
  try {
    models.push(await open(second, { workers: 1, threads: 1 }));
    const [a, b] = models as [Model, Model];
    const answers: { path: string; first: ComparedVerdict; second: ComparedVerdict }[] = [];
    for (const path of pictures) {
      if (signal?.aborted)
        throw new BlemishError("CANCELLED", { subject: "The comparison", cause: signal.reason });
      answers.push({ path, first: await verdictOf(a, path), second: await verdictOf(b, path) });
      onProgress?.(answers.length, pictures.length);
    }
    return summaryOf(first, second, answers);
  } finally {
    for (const model of models) await model.close();
  }
}

async function verdictOf(model: Model, path: string): Promise<ComparedVerdict> {
  try {
    const { verdict, rawScore, predScore, imageThreshold } = await model.predict(path, { maps: false });
    return { verdict, score: rawScore ?? predScore, threshold: imageThreshold };
  } catch (error) {
    if (error instanceof BlemishError) return { verdict: "invalid", score: null, threshold: null };
    throw error;
  }
}

function summaryOf(first: string, second: string, answers: readonly Disagreement[]): ModelComparison {
  const both = answers.filter((one) => one.first.score !== null && one.second.score !== null);
  const side = (which: "first" | "second") => ({
    scores: both.map((one) => one[which].score as number),
    threshold: both[0]?.[which].threshold ?? 1,
  });
  return {
    first,
    second,
    pictures: both.length,
    change: both.length === 0 ? null : scoreChange(side("first"), side("second")),
    disagreements: answers.filter((one) => one.first.verdict !== one.second.verdict),
  };
}
