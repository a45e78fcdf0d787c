/** What was recognised in a model: plain data, made once when it is opened and sent to every worker. */
import type { AlignmentModel } from "../stages/alignment/alignment-model.js";
import type { Decision } from "../stages/decision/decision.js";
import type { Capture } from "../stages/image/capture.js";
import type { PreprocessStep } from "../stages/preprocess/steps.js";
import type { Runs } from "../stages/region/shapes.js";
import type { TrainedPicture } from "../stages/region/trained-picture.js";
import type { ValidityModel } from "../stages/validity/validity-rules.js";

/** The set of numeric conventions a model obeys. `anomalib-0.7` stands for 0.3 to 0.7, `blemish` is our own. */
export type Profile = "anomalib-0.7" | "anomalib-1" | "anomalib-2" | "blemish";

/** What a model was trained to answer; decides boxes and the default view. */
export type Task = "classification" | "segmentation" | "detection";

/** Which algorithm the graph looks like. */
export type ModelKind =
  | "padim"
  | "patchcore"
  | "fusion"
  | "stfpm"
  | "efficient-ad"
  | "fastflow"
  | "reverse-distillation"
  | "unknown";

/** How raw values become 0–1. */
export type Normalisation =
  | { readonly method: "none" }
  | { readonly method: "min_max"; readonly image: Range; readonly pixel: Range }
  | {
      readonly method: "cdf";
      /** Of the log image score. */
      readonly image: { readonly mean: number; readonly std: number };
      /** Of the log map, `[h, w]` row-major at model size. */
      readonly pixel: { readonly mean: Float32Array; readonly std: Float32Array };
    }
  /** Map and score leave the graph normalised (Anomalib 2.x). */
  | { readonly method: "in-graph" };

/** Smallest and largest raw value seen at validation. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Everything the pipeline needs to know about a model besides its weights. */
export interface ModelDescription {
  readonly profile: Profile;
  /** Why this profile: one sentence for each piece of evidence. */
  readonly evidence: readonly string[];
  readonly kind: ModelKind;
  readonly task: Task;
  readonly input: {
    readonly name: string;
    /** Fixed sides of the network's input; null where the graph takes any size. */
    readonly height: number | null;
    readonly width: number | null;
    /** How many copies of the picture one run takes: 1, or more where the export fixed its batch. */
    readonly batch: number;
  };
  /** Names of the graph's outputs by meaning; null where there is none. */
  readonly outputs: {
    readonly map: string | null;
    readonly score: string | null;
    readonly label: string | null;
    readonly mask: string | null;
  };
  /** `output` = the score the graph gives (its threshold was fitted for it); `map-max` = the map's maximum. */
  readonly scoreSource: "output" | "map-max";
  /** What happens to the picture outside the graph. */
  readonly preprocessing: readonly PreprocessStep[];
  /** Raw units (normalised units for Anomalib 2.x); null where the metadata has none. */
  readonly imageThreshold: number | null;
  readonly pixelThreshold: number | null;
  readonly normalisation: Normalisation;
  /** The pictures of this model, where it can judge no others; absent = any picture, stretched. */
  readonly picture?: TrainedPicture;
  /** Pixels of the map that are judged; absent = all. */
  readonly judged?: Runs;
  /** How the pictures of this model are taken; absent = nothing is known. */
  readonly capture?: Capture;
  /** Rules that a picture must keep to be judged; absent = none. */
  readonly validity?: ValidityModel;
  /** How pictures are brought to where the good parts lie; absent = they are judged as they lie. */
  readonly alignment?: AlignmentModel;
  /** Filters and zones that decide; absent = the whole map, unfiltered. */
  readonly decision?: Decision;
  /** From it to the image threshold a picture is `uncertain`, raw units; absent = there is no grey zone. */
  readonly uncertainThreshold?: number;
  /** What a user should know: fixed batch, missing metadata, assumptions taken. */
  readonly notes: readonly string[];
}
