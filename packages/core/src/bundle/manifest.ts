/**
 * The manifest of a model file: everything about a trained model that is not an array. Plain JSON, versioned; the
 * page `docs/model-format.md` describes it field by field.
 */
import type { ModelDescription, Task } from "../anomalib/model-description.js";
import type { CountedGroup } from "../metrics/sensitivity.js";
import type { AlignmentRules } from "../stages/alignment/alignment-model.js";
import type { BackboneManifest } from "../stages/backbone/manifest.js";
import type { TileSpec } from "../stages/backbone/tile-plan.js";
import type { Decision } from "../stages/decision/decision.js";
import type { GraphDecisions, GraphNormaliser } from "../stages/detector/normalise-as-graph.js";
import type { Capture } from "../stages/image/capture.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import type { BankPrecision } from "../stages/patchcore/patch-bank.js";
import type { PreprocessStep } from "../stages/preprocess/steps.js";
import type { View } from "../stages/region/mask-on-map.js";
import type { Runs } from "../stages/region/shapes.js";
import type { TrainedPicture } from "../stages/region/trained-picture.js";
import type { ScoreRule } from "../stages/score-map/image-score.js";
import type { Upsampling } from "../stages/score-map/smoothing.js";
import type { ValidityRules } from "../stages/validity/validity-rules.js";
import type { RecipeOptions } from "./recipe-options.js";

/** Version of the format that is written. Files of a later version are refused. */
export const FORMAT_VERSION = 3;

/** What a training picture was: its name and the hash of its file. */
export interface TrainingFile {
  readonly path: string;
  /** SHA-256 of the encoded file, lower-case hexadecimal. */
  readonly sha256: string;
}

/** A threshold that was set by hand after training, newest last. */
export interface ThresholdChange {
  readonly from: number;
  readonly to: number;
  /** Why, in the user's words; "" when none was given. */
  readonly reason: string;
}

/** How the thresholds were found and what they promise; see `metrics/promise.ts` for the two rates. */
export interface Calibration {
  /**
   * `leave-one-out`, `five-fold`: from good pictures alone, each judged without itself or by banks refitted without its
   * fifth of the pictures. `adaptive-f1`: Anomalib's, which has seen labelled test pictures.
   * `good-pictures`: from good pictures that it was not trained on, after it was told to judge less.
   */
  readonly method: "leave-one-out" | "five-fold" | "adaptive-f1" | "good-pictures";
  readonly imageThreshold: number;
  readonly pixelThreshold: number;
  /** The false-alarm rate that was asked for, 0–1. */
  readonly askedRate: number;
  readonly expectedRate: number;
  readonly guaranteedRate: number;
  /** False when there were too few pictures for the asked rate. */
  readonly reached: boolean;
  /** Raw values that are shown as 0 and 1, for the score and for the map. */
  /** A second, lower threshold: pictures from it to `imageThreshold` are `uncertain`. Absent = there is no grey zone. */
  readonly uncertain?: UncertainManifest;
  readonly imageRange: { readonly min: number; readonly max: number };
  readonly pixelRange: { readonly min: number; readonly max: number };
  readonly changes: readonly ThresholdChange[];
}

/** The lower threshold of a grey zone and what it promises, like those of the image threshold. */
export interface UncertainManifest {
  readonly imageThreshold: number;
  /** The share of good parts that may reach it, above `askedRate`. */
  readonly askedRate: number;
  readonly expectedRate: number;
  readonly guaranteedRate: number;
  readonly reached: boolean;
}

/** A formula picture and what this model says of it: proof that another machine computes the same. */
export interface ParitySample {
  /** Seed of the 128 × 128 picture (`stages/image/formula-picture.ts`). */
  readonly seed: number;
  /** SHA-256 of the tensor of each pass, float32 little-endian; absent in earlier files and where pictures are cut into tiles. */
  readonly inputs?: readonly string[];
  readonly rawScore: number;
  /** Raw map at the centres of a 4 × 4 grid, row-major. */
  readonly rawMap: readonly number[];
}

/** How the taps of one run of the backbone become a detector's embeddings. */
export interface EmbeddingManifest {
  readonly grid: "finest" | "coarsest";
  /** Each tap is averaged over so many places in both directions first. */
  readonly neighbourhood: 1 | 3;
  readonly scales: readonly number[];
  /** Kept channels in order; null = all. */
  readonly channels: readonly number[] | null;
  /** Rows of the detector's array `embedding.projection`; 0 = none. */
  readonly projectionRows: number;
  /** How coarser taps are brought to the finest grid. Absent = `nearest`. */
  readonly enlargement?: Upsampling;
}

/** One Gaussian for each cell. */
export interface PadimManifest {
  readonly kind: "padim";
  /** How the whitening factors are stored. */
  readonly precision: FactorPrecision;
  /** What was fitted; null = imported. */
  readonly fit: {
    /** Pictures that it was fitted on. */
    readonly count: number;
    /** Cells that statistics are pooled over: its own, its 3 × 3 neighbours, all. */
    readonly pool: 1 | 3 | "all";
    /** What was added to every covariance's diagonal. */
    readonly ridge: number;
  } | null;
}

/** Remembered patches of good parts. */
export interface PatchcoreManifest {
  readonly kind: "patchcore";
  /** Patches in the bank. */
  readonly rows: number;
  /** How they are stored. */
  readonly precision: BankPrecision;
  /**
   * Neighbours that weigh Anomalib's image score of a memory bank (`reweighted-score.ts`), 1–9; 1 = the largest distance of
   * a patch. The score of the map then takes no part. Absent = the image score is that of the map. Only in a detector alone.
   */
  readonly neighbours?: number;
}

/** One head on the embeddings of one network input. */
export interface DetectorManifest {
  readonly embedding: EmbeddingManifest;
  /** Channels of the finished embedding. */
  readonly channels: number;
  /** In cells. */
  readonly grid: { readonly width: number; readonly height: number };
  /** Cells of the grid that take part: every array of the detector has those only, in their order. Absent = all. */
  readonly cells?: Runs;
  /** Its distances are multiplied with it before those of all detectors are added; 1 where there is one alone. */
  readonly factor: number;
  /** Mean and deviation of its leave-one-out distances, which the factor rests on; null where there is one alone. */
  readonly unit: { readonly mean: number; readonly deviation: number } | null;
  readonly head: PadimManifest | PatchcoreManifest;
}

/** One run of the backbone on a picture, and the detectors that look at it. */
export interface PassManifest {
  /** Network input in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly preprocessing: readonly PreprocessStep[];
  /** How the input is cut for the network. Absent = it is run as a whole. */
  readonly tiles?: TileSpec;
  /** Where in the network input the picture lies, pixels; the rest is padding. Absent = all of it. */
  readonly content?: View;
  readonly detectors: readonly DetectorManifest[];
}

/** What every model's manifest says. */
export interface CommonManifest {
  readonly format: "blemish-model";
  readonly version: number;
  readonly task: Task;
  readonly backbone: BackboneManifest;
  /** How its pictures are taken. Absent = nothing is known. */
  readonly capture?: Capture;
  /** Rules that say which pictures can be judged; the mean good picture is the array `validity.look`. Absent = all can. */
  readonly validity?: ValidityRules;
  /** How pictures are aligned; the mean good picture is the array `alignment.reference`. Absent = they are not. */
  readonly alignment?: AlignmentRules;
  /** Of the anomaly map, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** At least one. */
  readonly passes: readonly PassManifest[];
  readonly map: {
    /** Gaussian blur in map pixels. */
    readonly sigma: number;
    /** How grids are enlarged to the map before the blur. Absent = `bilinear`. */
    readonly upsampling?: Upsampling;
    readonly score: ScoreRule;
    /** Pixels at each side of the map that take no part in score and mask. */
    readonly ignoreBorder: number;
    /** Pixels of the map that are judged; the others are 0 and take no part in score and mask. Absent = all. */
    readonly judged?: Runs;
  };
  /** Its pictures, where it can judge no others. Absent = any picture, stretched. */
  readonly picture?: TrainedPicture;
  /** Filters and zones; there exactly with the score `region`. */
  readonly decision?: Decision;
  readonly parity: readonly ParitySample[];
}

/** What the model sees of drawn defects, as it was measured last; whatever changes its decisions drops it. */
export interface SensitivityManifest {
  /** Good pictures that it had not learnt from; or those that a training like its own was kept from. */
  readonly measuredOn: "other-pictures" | "held-out";
  /** Good pictures that defects were drawn into. */
  readonly pictures: number;
  /** Places for each kind, size and contrast. */
  readonly places: number;
  readonly seed: number;
  /** Sizes in pixels of the picture, contrasts as shares of the full range of grey. */
  readonly groups: readonly CountedGroup[];
}

/** The manifest of a model that Blemish trained. */
export interface TrainedManifest extends CommonManifest {
  readonly origin: "blemish";
  readonly profile: "blemish" | "anomalib-0.7";
  readonly calibration: Calibration;
  readonly training: {
    readonly seed: number;
    /** Pictures that it was trained on. */
    readonly count: number;
    /** Whether memory banks hold patches of mirrored and turned copies of them. */
    readonly turned: boolean;
    /** What the recipe was made from; the same options make it again. */
    readonly options: RecipeOptions;
    readonly files: readonly TrainingFile[];
  };
  /** Absent = it was not measured. */
  readonly sensitivity?: SensitivityManifest;
}

/** The manifest of a model that Anomalib trained and Blemish recognised. */
export interface ImportedManifest extends CommonManifest {
  readonly origin: "anomalib";
  readonly profile: "anomalib-0.7" | "anomalib-1" | "anomalib-2";
  readonly imported: {
    /** The export: its file name, bytes with external weights, and SHA-256 of the graph's file. */
    readonly file: string;
    readonly bytes: number;
    readonly sha256: string;
    /**
     * What the export's files said: the pipeline follows it as it would follow the export. Arrays of a `cdf`
     * normalisation stand in the file's arrays `cdf.mean` and `cdf.std` and are empty here.
     */
    readonly description: ModelDescription;
    /** null unless the graph normalises (2.x). */
    readonly normaliser: GraphNormaliser | null;
    /** null unless the graph decides (2.x). */
    readonly decisions: GraphDecisions | null;
  };
}

/** The whole manifest. */
export type ModelManifest = TrainedManifest | ImportedManifest;
