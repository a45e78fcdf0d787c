/** From the checked words of the command line to the library's options. */
import { availableParallelism } from "node:os";
import type { ForecastOptions } from "@blemish/node";
import type { TrainRequest } from "../options/train-options.js";
import type { Talk } from "../output/talk.js";
import type { Additions } from "./additions.js";

/** What the bar calls the stages of the library. */
const STAGES = {
  fit: "Learning",
  select: "Choosing patches",
  refine: "Learning again",
  calibrate: "Calibrating",
  align: "Aligning",
  refit: "Refitting",
  thumbnails: "Keeping thumbnails",
} as const;

/** The options of a training. @param pictures how many are given besides those of models. */
export function libraryOptions(
  { backbone, precision, recipe, keepStatistics, workers, maxMemory }: TrainRequest,
  { addTo, merge, merged }: Pick<Additions, "addTo" | "merge" | "merged">,
  pictures: number,
  talk: Talk,
  signal: AbortSignal,
): ForecastOptions {
  return {
    ...recipe,
    keepStatistics,
    signal,
    workers: workers === "auto" ? workersFor(pictures + merged.length) : workers,
    onProgress: (stage, done, total) => talk.stages.at(STAGES[stage], done, total),
    ...(backbone !== null && { backbone }),
    ...(precision !== "float32" && { precision }),
    ...(maxMemory !== null && { maxMemory }),
    ...(addTo !== null && { addTo }),
    ...(merge.length > 0 && { merge }),
  };
}

function workersFor(pictures: number): number {
  return Math.max(1, Math.min(availableParallelism(), pictures));
}
