/**
 * Would another quality, head or size have found it? Each is trained on the model's own pictures, with a threshold for the
 * same false-alarm rate from good pictures alone, and judges the missed picture. The picture chooses nothing here.
 */
import {
  BlemishError,
  type Mask,
  promiseFor,
  type RgbImage,
  recipeFor,
  type TrainedModelFile,
} from "@blemish/core";
import { timeModel } from "../quality/time-model.js";
import { trainModel } from "../training/train-model.js";
import type { TrainOptions } from "../training/train-options.js";
import { storedBackbone } from "../training/training-plan.js";
import { type CandidateRecipe, candidateRecipes } from "./candidates.js";
import { judgeOf, judgePlace } from "./judge-place.js";

/** What one way of training says of the picture. */
export interface TriedCandidate {
  readonly name: string;
  /** The model itself is such a one: it was not trained again. */
  readonly own: boolean;
  /** Of the picture, and the threshold for the asked rate, in this candidate's raw units. */
  readonly score: number;
  readonly threshold: number;
  /** Score over threshold: from 1 on the picture is called anomalous. */
  readonly relative: number;
  readonly caught: boolean;
  /** Where it is hottest: at the marked place, or elsewhere. */
  readonly hottest: "place" | "elsewhere";
  /** What the threshold promises of good parts. */
  readonly expectedRate: number;
  readonly guaranteedRate: number;
  /** Median milliseconds a picture on this machine, from file to decision, and bytes of the model. */
  readonly ms: number;
  readonly bytes: number;
}

/** What is looked at. */
export interface TryRequest {
  readonly model: TrainedModelFile;
  /** Where its training pictures are now, in their order. */
  readonly pictures: readonly string[];
  /** The missed picture, decoded, and its marked place. */
  readonly image: RgbImage;
  readonly mask: Mask;
  /** See `candidateRecipes`. */
  readonly names: readonly string[];
}

/** How it is gone about. */
export interface TryOptions extends Pick<TrainOptions, "workers" | "limits" | "signal"> {
  /** Told while each candidate is trained. */
  readonly onProgress?: (name: string, done: number, total: number) => void;
}

/** @throws BlemishError OPTION_VALUE for an unknown candidate; CANCELLED; what training throws. */
export async function tryCandidates(
  request: TryRequest,
  { onProgress, ...options }: TryOptions = {},
): Promise<TriedCandidate[]> {
  const recipes = candidateRecipes(request.names, request.model.manifest);
  const tried: TriedCandidate[] = [];
  for (const [i, candidate] of recipes.entries()) {
    stopIfCancelled(options.signal);
    onProgress?.(candidate.name, i, recipes.length);
    tried.push(await tryOne(candidate, request, options));
  }
  onProgress?.("", recipes.length, recipes.length);
  return tried;
}

async function tryOne(
  { name, options: recipe }: CandidateRecipe,
  { model: own, pictures, image, mask }: TryRequest,
  options: Omit<TryOptions, "onProgress">,
): Promise<TriedCandidate> {
  const same = isSame(own, recipe);
  const backbone = storedBackbone(own);
  const model = same ? own : (await trainModel(pictures, { ...options, ...recipe, backbone })).model;
  const judge = await judgeOf(model);
  try {
    const { facts } = await judgePlace(judge, image, mask);
    // The model's own threshold may have been moved by hand: all are compared at the same rate.
    const { threshold, expectedRate, guaranteedRate } = promiseFor(
      model.scores,
      own.manifest.calibration.askedRate,
    );
    return {
      name,
      own: same,
      score: facts.score,
      threshold,
      relative: facts.score / threshold,
      caught: facts.score >= threshold,
      hottest: facts.hottest,
      expectedRate,
      guaranteedRate,
      ...(await timeModel(model, pictures, options)),
    };
  } finally {
    await judge.detector.close();
  }
}

/** Whether the model has that recipe already, the false-alarm rate apart. */
function isSame({ manifest }: TrainedModelFile, options: CandidateRecipe["options"]): boolean {
  const textOf = (some: CandidateRecipe["options"]) => {
    const { falseAlarmRate: _, uncertainRate: __, ...recipe } = recipeFor(manifest.backbone, some);
    return JSON.stringify(recipe);
  };
  return textOf(manifest.training.options) === textOf(options);
}

function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new BlemishError("CANCELLED", { subject: "Trying other trainings", cause: signal.reason });
}
