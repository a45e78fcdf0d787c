/** Judging labelled pictures: each result together with its true label and mask, in the model's own frame. */
import {
  BlemishError,
  type DatasetItem,
  type LabelledPicture,
  type Mask,
  maskAsSeen,
  type PreprocessStep,
} from "@blemish/core";
import { readMask } from "../datasets/read-mask.js";
import type { Model } from "../model/model.js";
import type { SlimResult } from "../model/results.js";

/** A picture that was judged, with the truth about it. */
export interface JudgedItem {
  readonly item: DatasetItem;
  readonly picture: LabelledPicture;
  readonly result: SlimResult;
  /** Why its mask is not used; null when it is, or when there is none. */
  readonly maskError: BlemishError | null;
  readonly error?: undefined;
}

/** A picture that could not be judged. */
export interface FailedItem {
  readonly item: DatasetItem;
  readonly error: BlemishError;
}

/**
 * Judges the items in their order. A picture that cannot be judged gives its error, a mask that cannot be used leaves
 * its picture without one; neither ends the rest.
 * @param options `explain`: pictures that are anomalous or called so are explained; of those that were missed this is
 *   found out afterwards.
 * @throws BlemishError CANCELLED after `signal`, MODEL_CLOSED.
 */
export async function* labelledPictures(
  model: Model,
  items: readonly DatasetItem[],
  { signal, explain = false }: { readonly signal?: AbortSignal; readonly explain?: boolean } = {},
): AsyncGenerator<JudgedItem | FailedItem, void, void> {
  const paths = items.map(({ path }) => path);
  const { preprocessing } = model.description;
  const explained = explain && model.explains ? "anomalous" : false;
  const options = { maps: false, explain: explained, ...(signal && { signal }) } as const;
  for await (const prediction of model.predictMany(paths, options)) {
    const item = items[prediction.index]!;
    if (prediction.error !== undefined) yield { item, error: prediction.error };
    else {
      const missed = explained && item.label === "anomalous" && prediction.result.explanations === null;
      const result = missed
        ? await model.predict(item.path, { ...options, explain: true })
        : prediction.result;
      yield judged(item, result, await truthOf(item, result, preprocessing));
    }
  }
}

interface Truth {
  readonly mask: Mask | null;
  readonly maskError: BlemishError | null;
}

function judged(item: DatasetItem, result: SlimResult, { mask, maskError }: Truth): JudgedItem {
  const { path, label, defect } = item;
  // Anomalib 2.x graphs give normalised scores only; ranks and areas are the same.
  const score = result.rawScore ?? result.predScore;
  const { predLabel, rawMap: map } = result;
  return { item, picture: { path, label, defect, score, predLabel, map, mask }, result, maskError };
}

async function truthOf(
  { mask }: DatasetItem,
  { width, height }: SlimResult,
  steps: readonly PreprocessStep[],
): Promise<Truth> {
  if (mask === null) return { mask: null, maskError: null };
  try {
    return { mask: maskAsSeen(await readMask(mask, width, height), steps), maskError: null };
  } catch (error) {
    if (!(error instanceof BlemishError)) throw error;
    return { mask: null, maskError: error };
  }
}
