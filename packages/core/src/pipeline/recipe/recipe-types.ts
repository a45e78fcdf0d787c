/** What a recipe is: the choices of a training as plain data. `recipe.ts` makes one. */

import type { ThresholdRule, TrainingProfile } from "../../bundle/recipe-options.js";
import type { EmbeddingSpec } from "../../stages/embedding/embed.js";
import type { Ridge } from "../../stages/padim/gaussian.js";
import type { FactorPrecision } from "../../stages/padim/packed-gaussians.js";
import type { BankPrecision } from "../../stages/patchcore/patch-bank.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import type { ScoreRule } from "../../stages/score-map/image-score.js";
import type { Upsampling } from "../../stages/score-map/smoothing.js";

/** Sides in pixels or cells. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** How PaDiM is fitted and stored. */
export interface PadimRecipe {
  readonly kind: "padim";
  readonly ridge: Ridge;
  /** Below this number of pictures moments are pooled over 3 × 3 cells; 0 = never. */
  readonly poolBelow: number;
  readonly factors: FactorPrecision;
}

/** How a memory bank is chosen and stored. */
export interface PatchcoreRecipe {
  readonly kind: "patchcore";
  /** Most patches of the bank; or their share of all patches of the pictures, 0–1. */
  readonly rows: number | { readonly share: number };
  /** Patches that are drawn from all pictures for the first half of the bank, at least as many as it has. */
  readonly pool: number;
  /** Patches, the farthest from that half, from which the other half is chosen, at least as many as the bank has. */
  readonly far: number;
  readonly precision: BankPrecision;
  /** Neighbours that weigh Anomalib's image score of a bank (`reweighted-score.ts`). Absent = the score is the map's. */
  readonly neighbours?: number;
}

/** One detector: a head on the embeddings of one network input. */
export interface DetectorRecipe<Head = PadimRecipe | PatchcoreRecipe> {
  readonly embedding: EmbeddingSpec;
  /** Channels of the finished embedding. */
  readonly channels: number;
  readonly grid: Extent;
  /** In the sum of all detectors, once all speak in the same unit. */
  readonly weight: number;
  readonly head: Head;
}

/** One run of the backbone on a picture, and the detectors that look at it. */
export interface PassRecipe {
  readonly size: Extent;
  readonly preprocessing: readonly PreprocessStep[];
  readonly detectors: readonly DetectorRecipe[];
}

/** Everything a training needs to know; plain data. */
export interface Recipe {
  readonly profile: TrainingProfile;
  /** Of the map, in pixels. */
  readonly size: Extent;
  readonly passes: readonly PassRecipe[];
  readonly sigma: number;
  /** How grids are enlarged to the map. Absent = `bilinear`. */
  readonly upsampling?: Upsampling;
  readonly score: ScoreRule;
  readonly falseAlarmRate: number;
  readonly threshold: ThresholdRule;
  /** Below this number of pictures memory banks also get turned ones; 0 = never. */
  readonly turnedBelow: number;
  readonly seed: number;
  readonly ignoreBorder: number;
}
