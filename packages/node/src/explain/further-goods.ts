/** Good pictures that a model has not learnt from: how many false alarms it gives there, measured. */
import { binomialInterval, type Interval, type TrainingFile } from "@blemish/core";
import type { Model } from "../model/model.js";
import { hashesOf } from "../training/training-files.js";

/** False alarms at a threshold. */
export interface FalseAlarms {
  readonly alarms: number;
  readonly rate: number;
  /** 95 % (Clopper–Pearson). */
  readonly interval: Interval;
}

/** What was measured on further good pictures. */
export interface FurtherGoods {
  /** Pictures that were judged. */
  readonly pictures: number;
  /** Pictures that were left out: the model has learnt from them. */
  readonly known: number;
  /** Pictures that could not be judged. */
  readonly failed: readonly string[];
  /** At the model's threshold, and at the one that would have caught the missed picture; null without such a one. */
  readonly now: FalseAlarms;
  readonly lowered: FalseAlarms | null;
}

/**
 * Judges the pictures that the model does not know.
 * @param threshold the lower one, in the units of the scores; null = none.
 * @throws BlemishError CANCELLED, MODEL_CLOSED.
 */
export async function judgeFurther(
  model: Model,
  paths: readonly string[],
  learnt: readonly TrainingFile[],
  threshold: number | null,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<FurtherGoods> {
  const known = new Set(learnt.map(({ sha256 }) => sha256));
  const hashes = await hashesOf(paths, signal);
  const fresh = paths.filter((_, i) => hashes[i] === null || !known.has(hashes[i] as string));
  const failed: string[] = [];
  let [judged, alarms, lowered, done] = [0, 0, 0, 0];
  for await (const one of model.predictMany(fresh, { maps: false, ...(signal && { signal }) })) {
    onProgress?.(++done, fresh.length);
    if (one.error !== undefined) {
      failed.push(fresh[one.index]!);
      continue;
    }
    const { rawScore, predScore, predLabel } = one.result;
    judged++;
    if (predLabel) alarms++;
    if (threshold !== null && (rawScore ?? predScore) >= threshold) lowered++;
  }
  return {
    pictures: judged,
    known: paths.length - fresh.length,
    failed,
    now: alarmsOf(alarms, judged),
    lowered: threshold === null ? null : alarmsOf(lowered, judged),
  };
}

function alarmsOf(alarms: number, judged: number): FalseAlarms {
  return { alarms, rate: judged === 0 ? 0 : alarms / judged, interval: binomialInterval(alarms, judged) };
}
