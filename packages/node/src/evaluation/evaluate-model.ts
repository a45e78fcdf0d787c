/** Evaluation in Node: a model judges a labelled data set, and core's evaluator counts. Nothing changes the model. */
import {
  type Curve,
  type DatasetItem,
  type Evaluation,
  type Evaluator,
  evaluator,
  type ScoredPicture,
} from "@blemish/core";
import type { Model } from "../model/model.js";
import { type FailedItem, type JudgedItem, labelledPictures } from "./labelled-pictures.js";

/** How an evaluation runs. */
export interface EvaluateOptions {
  readonly signal?: AbortSignal;
  /**
   * Have the hot places explained of pictures that are anomalous or called so, where the model can (`Model.explains`).
   * Default: false.
   */
  readonly explain?: boolean;
  /** Told after each picture, in order: what was judged, or why it could not be. */
  readonly onPicture?: (
    picture: JudgedItem | FailedItem,
    done: number,
    total: number,
  ) => void | Promise<void>;
}

/** What an evaluation found. */
export interface ModelEvaluation {
  readonly figures: Evaluation;
  readonly curves: { readonly roc: Curve; readonly pro: Curve | null };
  /** Every judged picture, in order. */
  readonly pictures: readonly ScoredPicture[];
  /** Pictures that could not be judged; they count nowhere. */
  readonly failed: readonly FailedItem[];
  /** Judged pictures whose mask could not be used; they do not count for pixels. */
  readonly withoutMask: readonly JudgedItem["item"][];
}

/**
 * Judges the items with an open model and computes every figure of {@link Evaluation}, at the model's own threshold.
 * Memory does not grow with the size of the pictures.
 *
 * @param dataset what is to be judged: all its items, whatever side of a split they are on.
 * @throws BlemishError CANCELLED after `signal`, MODEL_CLOSED.
 */
export async function evaluateModel(
  model: Model,
  dataset: { readonly items: readonly DatasetItem[] },
  { onPicture, ...options }: EvaluateOptions = {},
): Promise<ModelEvaluation> {
  const { items } = dataset;
  const { imageThreshold, judged, uncertainThreshold } = model.description;
  let counting: Evaluator | null = null;
  const failed: FailedItem[] = [];
  const withoutMask: DatasetItem[] = [];
  let done = 0;
  for await (const one of labelledPictures(model, items, options)) {
    if (one.error !== undefined) failed.push(one);
    else {
      counting ??= evaluator(one.result.imageThreshold, judged, one.result.uncertainThreshold);
      counting.add(one.picture);
      if (one.maskError !== null) withoutMask.push(one.item);
    }
    await onPicture?.(one, ++done, items.length);
  }
  counting ??= evaluator(imageThreshold ?? Number.NaN, judged, uncertainThreshold ?? null);
  const { pictures } = counting;
  return { figures: counting.figures(), curves: counting.curves(), pictures, failed, withoutMask };
}
