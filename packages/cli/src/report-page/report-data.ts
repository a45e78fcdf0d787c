/**
 * What a report is made from: plain data, so that a training, an evaluation or a stored JSON file can give it.
 * Only facts stand here. What follows from them (promises, learning curve, intervals, sentences) the page derives.
 */
import type {
  Curve,
  Evaluation,
  HealthReport,
  ModelManifest,
  RelativeBox,
  ScoredPicture,
  ThresholdChange,
} from "@blemish/core";
import type { Sensitivity } from "@blemish/node";
import type { Section } from "../report/section.js";

/** Everything in a report. */
export interface ReportData {
  /** What was inspected, in a word or two: the heading. */
  readonly title: string;
  /** When the report was made, in the reader's words, such as "2025-03-14 09:30"; "" leaves it out. */
  readonly date: string;
  readonly model: ReportModel;
  readonly calibration: ReportCalibration;
  /** The good training pictures with the highest leave-one-out scores, highest first. */
  readonly suspects: readonly ReportPicture[];
  /** Null when the model has not been tested. */
  readonly test: ReportTest | null;
  /** Pictures to leaf through, in any order; they need not be all that were scored. */
  readonly gallery: readonly ReportPicture[];
  /** Good training pictures that the gallery's reasons name, by number, as `data:` URIs; those missing are not shown. */
  readonly goods?: Readonly<Record<number, string>>;
  /** Raw map values that are stored as 0 and 255 in every {@link ReportPicture.map}; null without maps. */
  readonly mapRange: { readonly min: number; readonly max: number } | null;
  /** What it sees of drawn defects; absent when that was not measured. */
  readonly sensitivity?: Sensitivity;
  /** Null when the data set was not checked. */
  readonly health: Pick<HealthReport, "pictures" | "findings"> | null;
  /** Whatever the reader must know, one sentence each. */
  readonly warnings: readonly string[];
  readonly durations: readonly { readonly stage: string; readonly seconds: number }[];
}

/** The model, as far as the page speaks of it. */
export interface ReportModel {
  /** Its file as a user would type it in a command, such as `part.blemish`. */
  readonly file: string;
  readonly profile: ModelManifest["profile"] | `anomalib-${string}`;
  /** Id of the backbone, or what is known of it. */
  readonly backbone: string;
  /** Sizes of the network's inputs, in pixels; none when unknown. */
  readonly inputs: readonly { readonly width: number; readonly height: number }[];
  /** Number of good pictures that it was trained on; null when unknown. */
  readonly trainedOn: number | null;
  /** Facts for the last part of the page; see `manifestSections`. */
  readonly sections: readonly Section[];
}

/** Where the threshold comes from. */
export interface ReportCalibration {
  /** `imported`: the threshold came with a model of another program. */
  readonly method: "leave-one-out" | "five-fold" | "adaptive-f1" | "good-pictures" | "imported";
  /** Raw units; a picture whose score is ≥ this is called anomalous. NaN for models without one. */
  readonly imageThreshold: number;
  /** Raw units; null for models without maps. */
  readonly pixelThreshold: number | null;
  /** The false-alarm rate that was asked for, 0–1; null when none was. */
  readonly askedRate: number | null;
  /** The lower threshold of a grey zone, raw units, and the rate that was asked for it; absent without one. */
  readonly uncertain?: { readonly threshold: number; readonly askedRate: number };
  /** Leave-one-out scores of the good training pictures, raw units; empty when they are not known. */
  readonly scores: readonly { readonly path: string; readonly score: number }[];
  /** Thresholds set by hand after training, newest last. */
  readonly changes: readonly ThresholdChange[];
}

/** What a test with labelled pictures found. NaN and null both mean "cannot be computed". */
export interface ReportTest {
  /** Name of the data set. */
  readonly name: string;
  readonly figures: Evaluation;
  readonly curves: { readonly roc: Curve; readonly pro: Curve | null };
  /** Every tested picture. */
  readonly pictures: readonly ScoredPicture[];
  /** Those that could not be judged, with the reason; absent = none. */
  readonly failed?: readonly {
    readonly path: string;
    readonly label: "good" | "anomalous";
    readonly reason: string;
  }[];
}

/**
 * One picture to look at. Images are `data:` URIs; around 320 pixels on the longer side for the picture (WebP or JPEG)
 * and 96 for the map keep a report of 150 pictures below 5 MB.
 */
export interface ReportPicture {
  readonly path: string;
  readonly set: "training" | "test";
  readonly label: "good" | "anomalous";
  /** Kind of defect; "" for good pictures. */
  readonly defect: string;
  /** Raw image score; of training pictures the leave-one-out score. */
  readonly score: number;
  readonly image: string;
  /** Anomaly map as a grey 8-bit PNG of any size, see {@link ReportData.mapRange}; null without. */
  readonly map: string | null;
  /** Ground truth as a grey PNG of any size, 0 or 255; null without. */
  readonly mask: string | null;
  /** Why its hottest places are hot, the hottest first; absent where nobody asked or the model cannot say it. */
  readonly why?: readonly ReportReason[];
}

/** Why a place of a picture is hot. Places are shares of the picture's sides, 0–1. */
export interface ReportReason {
  readonly x: number;
  readonly y: number;
  /** One line for each detector. */
  readonly words: readonly string[];
  /** The place in the picture itself. */
  readonly hot: ReportPatch;
  /** Good patches beside it; pictures are keys of {@link ReportData.goods}. */
  readonly goods: readonly (ReportPatch & {
    readonly picture: number;
    readonly name: string;
    readonly words: string;
  })[];
}

/** A part of a picture: what is shown, and the box in it; null = no box. */
export interface ReportPatch {
  readonly window: RelativeBox;
  readonly box: RelativeBox | null;
}
