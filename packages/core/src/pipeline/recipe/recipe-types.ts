/** What a recipe is: the choices of a training as plain data. `recipe.ts` makes one. */

import type { ThresholdRule, TrainingProfile } from "../../bundle/recipe-options.js";
import type { AlignMode } from "../../stages/alignment/alignment-model.js";
import type { TileSpec } from "../../stages/backbone/tile-plan.js";
import type { Decision } from "../../stages/decision/decision.js";
import type { EmbeddingSpec } from "../../stages/embedding/embed.js";
import type { Capture } from "../../stages/image/capture.js";
import type { Ridge } from "../../stages/padim/gaussian.js";
import type { FactorPrecision } from "../../stages/padim/packed-gaussians.js";
import type { BankPrecision } from "../../stages/patchcore/patch-bank.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import type { View } from "../../stages/region/mask-on-map.js";
import type { Runs } from "../../stages/region/shapes.js";
import type { TrainedPicture } from "../../stages/region/trained-picture.js";
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
  /** One Gaussian for all places. Absent = one for each. */
  readonly shared?: boolean;
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
  /** Cells of the grid that take part. Absent = all. */
  readonly cells?: Runs;
  /** In the sum of all detectors, once all speak in the same unit. */
  readonly weight: number;
  readonly head: Head;
}

/** One run of the backbone on a picture, and the detectors that look at it. */
export interface PassRecipe {
  readonly size: Extent;
  readonly preprocessing: readonly PreprocessStep[];
  /** How the input is cut for the network; absent = it is run as a whole. */
  readonly tiles?: TileSpec;
  /** Where in the input the picture lies, pixels; the rest is padding. Absent = all of it. */
  readonly content?: View;
  readonly detectors: readonly DetectorRecipe[];
}

/** Everything a training needs to know; plain data. */
export interface Recipe {
  readonly profile: TrainingProfile;
  /** How the pictures are taken; absent = nothing is known. */
  readonly capture?: Capture;
  /** Whether it is learnt when a picture cannot be judged. */
  readonly validity: boolean;
  /** How pictures are aligned; absent = they are not. */
  readonly align?: AlignMode;
  /** Of the map, in pixels. */
  readonly size: Extent;
  readonly passes: readonly PassRecipe[];
  readonly sigma: number;
  /** How grids are enlarged to the map. Absent = `bilinear`. */
  readonly upsampling?: Upsampling;
  readonly score: ScoreRule;
  readonly falseAlarmRate: number;
  /** Above `falseAlarmRate`; absent = there is no grey zone. */
  readonly uncertainRate?: number;
  /** Filters and zones; there exactly with the score `region`. Their units are found by the calibration. */
  readonly decision?: Decision;
  readonly threshold: ThresholdRule;
  /** Below this number of pictures memory banks also get turned ones; 0 = never. */
  readonly turnedBelow: number;
  readonly seed: number;
  readonly ignoreBorder: number;
  /** The pictures, where only such can be judged. */
  readonly picture?: TrainedPicture;
  /** Pixels of the map that are judged. Absent = all. */
  readonly judged?: Runs;
}
