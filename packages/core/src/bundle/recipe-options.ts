/** What a user may choose of a training; a model file keeps it. */
import type { AlignMode } from "../stages/alignment/alignment-model.js";
import type { Capture } from "../stages/image/capture.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import type { BankPrecision } from "../stages/patchcore/patch-bank.js";
import type { RegionOfInterest, RegionShape } from "../stages/region/shapes.js";
import type { FitPolicy } from "../stages/region/trained-picture.js";
import type { ScoreRule } from "../stages/score-map/image-score.js";

/** Conventions that a training can follow. */
export type TrainingProfile = "blemish" | "anomalib-0.7";

/** How much time and memory a model may take for what it finds: see `pipeline/recipe/blemish-recipe.ts`. */
export type Quality = "fast" | "balanced" | "accurate";

/** What judges patches: Gaussians of places, a memory bank of patches, or both fused on the map. */
export type HeadChoice = "padim" | "patchcore" | "fusion";

/** What PaDiM's Gaussians belong to. */
export type StatisticsRule = "per-position" | "shared";

/** Where the scores that a threshold rests on come from. */
export type ThresholdRule = "leave-one-out" | "precise";

/** Which regions count. All that is given must hold. */
export interface FilterOptions {
  /** Least area in pixels of the original picture; need not be whole. Not beside `minAreaMm2`. */
  readonly minArea?: number;
  /** Least area in mm²; needs `capture.millimetresPerPixel`. */
  readonly minAreaMm2?: number;
  /** Lowest peak on the 0–1 scale of results, where 0.5 is the threshold: above 0.5 and up to 1. */
  readonly minPeak?: number;
  /** Leave out regions that touch the border of the picture, or of what of it is judged. */
  readonly ignoreTouchingBorder?: boolean;
}

/** A part of the picture that is judged by itself. What of {@link FilterOptions} is not given is as for the whole picture. */
export interface ZoneOptions extends FilterOptions {
  readonly name: string;
  /** Coordinates of the original picture. Of zones that share pixels the first has them. */
  readonly shapes: readonly RegionShape[];
  /** How much more than outside of zones a deviation counts. Above 0; default 1. */
  readonly weight?: number;
}

/** What a user may choose; the rest has measured defaults. */
export interface RecipeOptions {
  readonly profile?: TrainingProfile;
  /** Input sizes of the network. Default `balanced`. Not with `size`, not with `anomalib-0.7`. */
  readonly quality?: Quality;
  /** Default `fusion` (`blemish`); `padim`, or `patchcore` (`anomalib-0.7`). */
  readonly head?: HeadChoice;
  /**
   * One network input instead of those of the quality: the side of a square in pixels, or a rectangle. With `pad` and `crop`
   * a side stands for the square's area, whose shape follows the picture. Not with `native`.
   */
  readonly size?: number | { readonly width: number; readonly height: number };
  /** How pictures become network inputs. Default `stretch`; the others take pictures of one size. Not with `anomalib-0.7`. */
  readonly fit?: FitPolicy;
  /** What of the pictures is judged, in pixels of the original; they must have one size. Not with `anomalib-0.7`. */
  readonly region?: RegionOfInterest;
  /** Channels that PaDiM keeps of the embedding. Default: all up to 200, else 200 (`blemish`); 100 or 550 (`anomalib-0.7`). */
  readonly channels?: number;
  /**
   * PaDiM's Gaussians: one for each place, for parts that lie alike in every picture, or one that all places share, for
   * textures and parts that do not. Default `per-position`. Not with `anomalib-0.7`.
   */
  readonly statistics?: StatisticsRule;
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
  /** Default `top1%` (`blemish`; `region` with filters or zones), `max` (`anomalib-0.7`), Anomalib's own score of a memory bank (`anomalib-0.7`, `patchcore`). */
  readonly score?: ScoreRule;
  /** Share of good parts that may be called anomalous. Default 0.05. */
  readonly falseAlarmRate?: number;
  /**
   * Above the false-alarm rate: a second, lower threshold follows from it, and pictures between both are `uncertain`.
   * Not with `anomalib-0.7`.
   */
  readonly uncertainRate?: number;
  /** Which regions count; the score is `region` then. Not with `anomalib-0.7`. */
  readonly filters?: FilterOptions;
  /** Parts of the picture with a threshold of their own; all together keep the false-alarm rate. Not with `anomalib-0.7`. */
  readonly zones?: readonly ZoneOptions[];
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
  /**
   * Learn when a picture cannot be judged: too dark, blurred, out of place, another part (`stages/validity`). Default: true
   * (`blemish`), false and nothing else (`anomalib-0.7`).
   */
  readonly validity?: boolean;
  /** Bring every picture to where the good parts lie. Default: as it lies. Not with `anomalib-0.7`. */
  readonly align?: AlignMode;
  /** How the pictures are taken: range of the samples, raw frames, size of a pixel. Default: as the profile reads files. */
  readonly capture?: Capture;
  /**
   * Side of the tiles, in pixels of the network's input and margins included, in which the largest input is run; the score
   * is the map's maximum unless it is chosen. Not with `anomalib-0.7`.
   */
  readonly tile?: number;
  /** Pixels of a tile at its inner sides that are not used. Default: nine tenths of what the network sees; `full`: all of it. */
  readonly tileMargin?: number | "full";
  /** Size of the training pictures, pixels; filled in where another option needs it. */
  readonly picture?: { readonly width: number; readonly height: number };
}
