/** From the checked words of the command line to the library's options. */
import { availableParallelism } from "node:os";
import type { TrainedModelFile } from "@blemish/core";
import type { ForecastOptions } from "@blemish/node";
import type { TrainRequest } from "../options/train-options.js";
import type { Talk } from "../output/talk.js";

/** What the bar calls the stages of the library. */
const STAGES = {
  fit: "Learning",
  select: "Choosing patches",
  refine: "Learning again",
  calibrate: "Calibrating",
  refit: "Refitting",
} as const;

/** The options of a training; `addTo` is the model that is added to. */
export function libraryOptions(
  { backbone, precision, recipe, keepStatistics, workers, maxMemory }: TrainRequest,
  addTo: TrainedModelFile | null,
  pictures: number,
  talk: Talk,
  signal: AbortSignal,
): ForecastOptions {
  return {
    ...recipe,
    keepStatistics,
    signal,
    workers: workers === "auto" ? Math.max(1, Math.min(availableParallelism(), pictures)) : workers,
    onProgress: (stage, done, total) => talk.stages.at(STAGES[stage], done, total),
    ...(backbone !== null && { backbone }),
    ...(precision !== "float32" && { precision }),
    ...(maxMemory !== null && { maxMemory }),
    ...(addTo !== null && { addTo }),
  };
}
