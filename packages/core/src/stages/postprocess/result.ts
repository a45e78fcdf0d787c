/** What is known about a picture after it was judged: fields only. Coordinates are original-image pixels. */
import type { RuleEvidence } from "../../errors.js";
import type { PictureAlignment } from "../alignment/alignment-model.js";
import type { PlaceExplanation } from "../detector/explanation.js";
import type { FloatMap, Mask, RgbImage } from "../image/image.js";

/**
 * `uncertain` = between the thresholds of two false-alarm rates: for a person to look at. `invalid` = could not be judged;
 * it is never turned into `good`.
 */
export type Verdict = "good" | "uncertain" | "anomalous" | "invalid";

/** `[xmin, ymin, xmax, ymax]`, inclusive, original-image pixels. */
export type Box = readonly [number, number, number, number];

/** One connected component of the mask (8-connectivity), in original-image pixels. */
export interface Region {
  readonly box: Box;
  /** Number of mask pixels. */
  readonly area: number;
  /** Highest value of the (normalised, where the model normalises) map inside, and where it stands. */
  readonly peak: { readonly value: number; readonly x: number; readonly y: number };
  /** Mean position of the component's pixels. */
  readonly centroid: { readonly x: number; readonly y: number };
  /** Mean of the map inside, in the peak's units. */
  readonly mean: number;
  readonly extent: RegionExtent;
  /** Whether it reaches the border of the picture, or of what of it is judged. */
  readonly touchesBorder: boolean;
  /** Where the model knows millimetres per pixel. */
  readonly areaMm2?: number;
  /** The zone that holds most of it, where the model has zones. */
  readonly zone?: string;
}

/**
 * The smallest rectangle around a component at any angle: of the convex hull of its pixels' centres, and one pixel more in
 * both directions, so that a single pixel is 1 × 1 and an upright rectangle has its exact sides. Of a rectangle that is
 * turned the sides are right to about a pixel.
 */
export interface RegionExtent {
  /** The longer side, pixels. */
  readonly length: number;
  readonly width: number;
  /** Of the longer side against the x axis, degrees in (−90, 90]; y points down, so 45 falls from left to right. */
  readonly angle: number;
  /** Where the model knows millimetres per pixel. */
  readonly lengthMm?: number;
  readonly widthMm?: number;
}

/** Why a region does not count: smaller than the least area, peak too low, at the border. */
export type FilterReason = "area" | "peak" | "border";

/** A region that a filter left out: it is in no mask and decides nothing. */
export interface FilteredRegion extends Region {
  readonly reason: FilterReason;
}

/** What a zone says of the picture. */
export interface ZoneJudgement {
  readonly name: string;
  /** Raw distances of the zone itself, before zones are weighed against each other. */
  readonly score: number;
  /** In the same units. */
  readonly threshold: number;
  /** score ≥ threshold */
  readonly anomalous: boolean;
}

/** Everything decided from one {@link Detection}: Anomalib's `ImageResult` without its pictures, plus regions. */
export interface Judgement {
  readonly verdict: Exclude<Verdict, "invalid">;
  /** Normalised image score, 0–1, 0.5 = threshold; the raw score where the model does not normalise. */
  readonly predScore: number;
  /** Image score in the model's raw units; null where the graph gives only normalised values (Anomalib 2.x). */
  readonly rawScore: number | null;
  /** True when predScore and anomalyMap are on the 0–1 scale with 0.5 = threshold; false = both are raw. */
  readonly normalised: boolean;
  /** The threshold that decided: raw units, or normalised units where `rawScore` is null. */
  readonly imageThreshold: number;
  readonly pixelThreshold: number | null;
  /** True = anomalous. */
  readonly predLabel: boolean;
  /** Map at original size, normalised like predScore; null for models without a map. */
  readonly anomalyMap: FloatMap | null;
  /** Map at model size exactly as the network gave it. */
  readonly rawMap: FloatMap | null;
  /** 0/1 at original size; null without map or pixel threshold. */
  readonly predMask: Mask | null;
  /** Boxes of the mask's components: task `detection` only, null otherwise (as Anomalib). */
  readonly predBoxes: readonly Box[] | null;
  /** 1 = anomalous, one for each box. */
  readonly boxLabels: readonly number[] | null;
  /** Highest map value inside each box's component. */
  readonly boxScores: readonly number[] | null;
  /** Components of the mask, for every task; in the same order as the boxes. */
  readonly regions: readonly Region[];
  /** From it to `imageThreshold` a picture is `uncertain`; the units of `imageThreshold`. null without a grey zone. */
  readonly uncertainThreshold: number | null;
  /** What the filters left out, by reason; empty without filters. */
  readonly filtered: readonly FilteredRegion[];
  /** Each zone by itself; null without zones. */
  readonly zones: readonly ZoneJudgement[] | null;
}

/** A judgement with its pictures. `heatMap` and `segmentations` are null unless they were asked for. */
export interface ImageResult extends Judgement {
  /**
   * Why the hottest regions are hot, the hottest first; of a picture without regions its hottest place. Null unless it was
   * asked for, and where the detector cannot say it.
   */
  readonly explanations: readonly PlaceExplanation[] | null;
  /** The model's rules and what each found in the picture; null for models without rules. */
  readonly validity: readonly RuleEvidence[] | null;
  /** How the part lay; null for models that do not align. Everything else is in the picture's own coordinates. */
  readonly alignment: PictureAlignment | null;
  /** The picture that was judged. */
  readonly image: RgbImage;
  /** Colour map over the picture. */
  readonly heatMap: RgbImage | null;
  /** The mask's outline on the picture. */
  readonly segmentations: RgbImage | null;
}
