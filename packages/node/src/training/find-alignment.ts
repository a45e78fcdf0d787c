/** Before a training that aligns its pictures: the reference, learnt from some of them. */
import {
  type AlignmentModel,
  type AlignmentSample,
  alignmentLook,
  BlemishError,
  cellSize,
  describeModelFile,
  learnAlignment,
  MOST_SAMPLES,
} from "@blemish/core";
import { readImage } from "../images/read-image.js";
import { mapInOrder } from "../workers/map-in-order.js";
import type { TrainOptions } from "./train-options.js";
import type { TrainingPlan } from "./training-plan.js";

/** Pictures that are read at the same time. */
const AT_ONCE = 2;

/**
 * How the pictures of a training are aligned; null when they are not. A model that pictures are added to keeps its reference,
 * so that what it has learnt stays right.
 * @throws MODEL_STATISTICS when they have too little in common; CANCELLED, and what reading a picture throws.
 */
export async function findAlignment(
  { recipe, paths, addTo }: Pick<TrainingPlan, "recipe" | "paths" | "addTo">,
  { limits = {}, signal, onProgress }: TrainOptions,
): Promise<AlignmentModel | null> {
  const { align, capture } = recipe;
  if (align === undefined) return null;
  const known = addTo === null ? undefined : describeModelFile(addTo).alignment;
  if (known !== undefined) return known;
  const chosen = spread(paths);
  const sample = async (path: string): Promise<AlignmentSample> => {
    const image = await readImage(path, { limits, ...(capture && { capture }) });
    return { look: alignmentLook(image), cell: cellSize(image) };
  };
  const samples: AlignmentSample[] = [];
  for await (const one of mapInOrder(chosen, sample, { limit: AT_ONCE, ...(signal && { signal }) })) {
    samples.push(one);
    onProgress?.("align", samples.length, chosen.length);
  }
  if (signal?.aborted) throw new BlemishError("CANCELLED", { subject: "The training", cause: signal.reason });
  return learnAlignment(samples, align);
}

/** At most {@link MOST_SAMPLES}, evenly from all. */
function spread(paths: readonly string[]): string[] {
  const count = Math.min(paths.length, MOST_SAMPLES);
  return Array.from({ length: count }, (_, i) => paths[Math.floor((i * paths.length) / count)]!);
}
