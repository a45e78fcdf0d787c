/** What a user may choose of a training; a model file keeps it. */
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import type { BankPrecision } from "../stages/patchcore/patch-bank.js";
import type { ScoreRule } from "../stages/score-map/image-score.js";

/** Conventions that a training can follow. */
export type TrainingProfile = "blemish" | "anomalib-0.7";

/** How much time and memory a model may take for what it finds: see `pipeline/recipe/blemish-recipe.ts`. */
export type Quality = "fast" | "balanced" | "accurate";

/** What judges patches: Gaussians of places, a memory bank of patches, or both fused on the map. */
export type HeadChoice = "padim" | "patchcore" | "fusion";

/** Where the scores that a threshold rests on come from. */
export type ThresholdRule = "leave-one-out" | "precise";

/** What a user may choose; the rest has measured defaults. */
export interface RecipeOptions {
  readonly profile?: TrainingProfile;
  /** Input sizes of the network. Default `balanced`. Not with `size`, not with `anomalib-0.7`. */
  readonly quality?: Quality;
  /** Default `fusion` (`blemish`); `padim`, or `patchcore` (`anomalib-0.7`). */
  readonly head?: HeadChoice;
  /** Side of the square network input in pixels: one input instead of those of the quality. */
  readonly size?: number;
  /** Channels that PaDiM keeps of the embedding. Default: all up to 200, else 200 (`blemish`); 100 or 550 (`anomalib-0.7`). */
  readonly channels?: number;
  /** Patches that a memory bank holds at most. Default 2048. Not with `anomalib-0.7`. */
  readonly bank?: number;
  /**
   * Share of all patches of the training pictures that the bank holds, above 0 and up to 1: Anomalib's
   * `coreset_sampling_ratio`. Default 0.1. Only with `anomalib-0.7` and `patchcore`.
   */
  readonly coreset?: number;
  /** How a memory bank is stored. Default `int8`. Not with `anomalib-0.7`. */
  readonly bankPrecision?: BankPrecision;
  /** PaDiM's weight beside PatchCore's 1. Default 0.5. Not with `anomalib-0.7`. */
  readonly padimWeight?: number;
  /** Default `top1%` (`blemish`), `max` (`anomalib-0.7`), Anomalib's own score of a memory bank (`anomalib-0.7`, `patchcore`). */
  readonly score?: ScoreRule;
  /** Share of good parts that may be called anomalous. Default 0.05. */
  readonly falseAlarmRate?: number;
  /** Default `leave-one-out`; nothing else with `anomalib-0.7`. */
  readonly threshold?: ThresholdRule;
  /** Add mirrored and slightly rotated pictures to the bank. Default: with fewer than 50 pictures (`blemish`); never (`anomalib-0.7`). */
  readonly turned?: boolean;
  /** Default 0 (`blemish`), 42 (`anomalib-0.7`). */
  readonly seed?: number;
  /** Pixels at each side of the map that take no part. Default 0. */
  readonly ignoreBorder?: number;
  /** How the model stores its whitening factors. Default `int16`. */
  readonly factors?: FactorPrecision;
}
