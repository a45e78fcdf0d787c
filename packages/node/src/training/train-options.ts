/** How a training runs: plain options, and the steps that progress reports name. */
import type { BackbonePrecision, RecipeOptions, TrainedModelFile } from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";

/** A step of the training, as progress reports name it; see `trainModel`. */
export type TrainingStage = "fit" | "select" | "refine" | "calibrate" | "refit";

/** How a training runs, besides what core's {@link RecipeOptions} choose. */
export interface TrainOptions extends RecipeOptions {
  /** Id or folder of the backbone. Default: the embedded one. */
  readonly backbone?: string;
  /** Numbers that the backbone computes with; the model carries that one. Default `float32`. */
  readonly precision?: BackbonePrecision;
  /** Worker threads. Default: one for each core. */
  readonly workers?: number;
  /** Keep PaDiM's sufficient statistics in the model, so that pictures can be added later. Default false. */
  readonly keepStatistics?: boolean;
  /** A model with kept statistics that the pictures are added to; its recipe is used. */
  readonly addTo?: TrainedModelFile;
  readonly limits?: Partial<DecodeLimits>;
  readonly signal?: AbortSignal;
  /** Called after every picture, or part of the work, of each stage. */
  readonly onProgress?: (stage: TrainingStage, done: number, total: number) => void;
}
