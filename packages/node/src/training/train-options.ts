/** How a training runs: plain options, and the steps that progress reports name. */
import type { BackbonePrecision, RecipeOptions, TrainedModelFile } from "@blemish/core";
import type { Backbone } from "../backbones/load-backbone.js";
import type { DecodeLimits } from "../images/decode-limits.js";

/** A step of the training, as progress reports name it; see `trainModel`. */
export type TrainingStage = "align" | "fit" | "select" | "refine" | "calibrate" | "refit" | "thumbnails";

/** How a training runs, besides what core's {@link RecipeOptions} choose. */
export interface TrainOptions extends RecipeOptions {
  /** Id or folder of the backbone, or one that is loaded already. Default: the embedded one. */
  readonly backbone?: string | Backbone;
  /** Numbers that the backbone computes with; the model carries that one. Default `float32`. */
  readonly precision?: BackbonePrecision;
  /** Worker threads. Default: one for each core. */
  readonly workers?: number;
  /** Keep PaDiM's sufficient statistics in the model, so that pictures can be added later. Default false. */
  readonly keepStatistics?: boolean;
  /** A model that the pictures are added to; its recipe is used. With kept statistics PaDiM need not learn its pictures again. */
  readonly addTo?: TrainedModelFile;
  /** With `addTo`: models that were trained alike, whose pictures are added, too. Those that are known already count once. */
  readonly merge?: readonly TrainedModelFile[];
  /**
   * Bytes that small copies of the pictures named most often in explanations may take in the model; 0 = none. They show
   * the parts to whoever has the model. Default 0; with `addTo` a model with thumbnails gets new ones within 1 MB, or as
   * many bytes as it had.
   */
  readonly thumbnails?: number;
  readonly limits?: Partial<DecodeLimits>;
  readonly signal?: AbortSignal;
  /** Called after every picture, or part of the work, of each stage. */
  readonly onProgress?: (stage: TrainingStage, done: number, total: number) => void;
}
