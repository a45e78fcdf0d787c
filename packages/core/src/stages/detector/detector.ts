/**
 * The seam between pixels and scores: a detector takes tensors and gives a map. An exported graph runs
 * whole in a network runtime (`graph-detector.ts`), a model file on our own kernels (`pipeline/learned-detector.ts`).
 */
import type { Tensor, TensorParts } from "../../tensor.js";
import type { FloatMap, Mask } from "../image/image.js";
import type { PreprocessStep } from "../preprocess/steps.js";
import type { PlaceExplanation } from "./explanation.js";

/**
 * A network runtime, handed in by a shell (`@blemish/node` gives one over ONNX Runtime).
 * `run` may be called again only after the promise of the call before has settled. The caller keeps the input
 * tensor and may overwrite it afterwards; the outputs belong to the caller and are never overwritten.
 * Boolean outputs arrive as 0 and 1.
 */
export interface Session {
  /** Runs the network once: feeds and results are keyed by the graph's own input and output names. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Frees the runtime's memory; the session cannot be used afterwards. */
  close(): Promise<void>;
}

/** What a network says about one picture, at model size. A field is null where the model has no such output. */
export interface Detection {
  /** Anomaly map `[h, w]`: raw distances, or 0–1 where `normalised`. */
  readonly map: FloatMap | null;
  /** Image score in the same units as the map. */
  readonly score: number | null;
  /** The graph's own decisions: Anomalib 2.x only. */
  readonly label: boolean | null;
  readonly mask: Mask | null;
  /** True when map and score leave the graph already normalised to 0–1 (Anomalib 2.x). */
  readonly normalised: boolean;
  /** Scores of the zones of a model that has some, in the map's units. */
  readonly zones?: readonly number[];
}

/** Tensors in, map out. */
export interface Detector {
  /** Steps from the picture to each tensor that the detector takes; most take one. */
  readonly inputs: readonly (readonly PreprocessStep[])[];
  /** Which of them may come in parts, because the network sees them in tiles. Absent = none. */
  readonly inParts?: readonly boolean[];
  /** @param inputs float32 `[1, 3, H, W]` each, one for each of `inputs`, as these steps make it. */
  detect(inputs: readonly (Tensor | TensorParts)[]): Promise<Detection>;
  /**
   * Why a place of the picture of the last `detect` is hot; absent where the detector cannot say it.
   * @param place shares of the picture's sides, 0 to 1.
   */
  explain?(place: { readonly x: number; readonly y: number }): PlaceExplanation;
  /** A good training picture, small, as an encoded file; null where the model keeps none. @param picture its number. */
  thumbnail?(picture: number): Uint8Array | null;
  close(): Promise<void>;
}
