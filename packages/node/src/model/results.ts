/** What a model is asked for one picture and what it gives back: types only. */
import type {
  BlemishError,
  ImageResult,
  Judgement,
  PredictTimings,
  Task,
  VisualizationMode,
} from "@blemish/core";
import type { ImageSource } from "../images/read-image.js";

/** PNG files that are made in the worker, so that the main thread has nothing to encode. */
export interface EncodeOptions {
  /** The picture that explains the result; `task` is the model's unless given. */
  readonly visualization?: { readonly mode: VisualizationMode; readonly task?: Task };
  readonly heatMap?: boolean;
  readonly segmentations?: boolean;
  /** 0 / 255. */
  readonly mask?: boolean;
}

/** Names of the PNG files: the keys of {@link EncodeOptions}. */
export type EncodedName = keyof EncodeOptions;

/** What is asked for each picture of a call. */
export interface PredictOptions {
  /** Cancels the call: what has not begun is dropped, what runs is finished for nothing, CANCELLED is thrown. */
  readonly signal?: AbortSignal;
  /**
   * Say why the hottest places are hot, see `explanations`; an encoded `visualization` shows it below the view. Models that
   * run whole in ONNX Runtime refuse it (`Model.explains`). `anomalous` = of pictures only that are not called good.
   * Default: false.
   */
  readonly explain?: boolean | "anomalous";
  /** false: a picture that breaks the model's rules (`PICTURE_INVALID`) is judged, too. Default: true. */
  readonly validity?: boolean;
  /** Give the heat map as pixels. Default: false. */
  readonly heatMap?: boolean;
  /** Give the outline of the mask as pixels. Default: false. */
  readonly segmentations?: boolean;
  /** PNG files to give as `encoded`. Default: none. */
  readonly encode?: EncodeOptions;
  /**
   * false: everything of the picture's own size stays in the worker (`image`, `anomalyMap`, `predMask`, `heatMap`,
   * `segmentations`), see {@link SlimResult}. Scores, boxes, regions, `rawMap` and `encoded` come back either way.
   * Default: true.
   */
  readonly maps?: boolean;
}

/** What is known of every picture besides its judgement. */
export interface PictureFacts {
  /** Size of the picture as the model saw it (upright), pixels. */
  readonly width: number;
  readonly height: number;
  /** PNG files by name: those that were asked for and that the model can give. */
  readonly encoded: Readonly<Partial<Record<EncodedName, Uint8Array>>>;
  /** Milliseconds of each stage, in the worker. Time in which another picture had the network is not counted. */
  readonly timings: StageTimings;
}

/** Milliseconds of reading, of core's stages and of encoding. */
export interface StageTimings extends Readonly<PredictTimings> {
  /** From the source to RGB pixels: disk and decoder. */
  readonly read: number;
  /** Drawing and encoding PNG files. */
  readonly encode: number;
}

/** Everything about one picture. */
export interface PictureResult extends ImageResult, PictureFacts {}

/** A result without what has the picture's own size: `anomalyMap` and `predMask` are null, there are no pictures. */
export interface SlimResult
  extends Judgement,
    PictureFacts,
    Pick<ImageResult, "explanations" | "validity" | "alignment"> {}

/** One picture of many: its result, or why there is none. `index` counts the sources from 0. */
export type Prediction<Result = PictureResult> =
  | {
      readonly source: ImageSource;
      readonly index: number;
      readonly result: Result;
      /** Sum of the stages. */
      readonly ms: number;
      readonly error?: undefined;
    }
  | {
      readonly source: ImageSource;
      readonly index: number;
      readonly result?: undefined;
      readonly error: BlemishError;
    };
