/**
 * Recognises a whole PaDiM graph that Anomalib exported, every node of it, so that the fast engine can stand in for it:
 * backbone, drawn channels, Gaussians, enlargement, blur and, in 2.x, normalisation and decision. What is not certain is
 * not recognised, with the reason.
 */
import { type GraphIndex, indexGraph } from "../onnx/graph-index.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import { type ExternalFiles, floatBytes, tensorValues } from "../onnx/tensor-values.js";
import type { GraphDecisions, GraphNormaliser } from "../stages/detector/normalise-as-graph.js";
import { checkMaximum, graphEnd, namedOutputs } from "./graph-decisions.js";
import { type GraphTap, graphTaps } from "./graph-taps.js";
import { type GraphWalk, refusal } from "./graph-walk.js";
import { type MapTail, mapTail } from "./map-tail.js";
import { modelKind } from "./model-kind.js";
import { type PadimHead, padimHead } from "./padim-head.js";
import {
  type NotRecognised,
  onePicture,
  pictureInput,
  recognised,
  resizes,
  samePieces,
  walksOf,
} from "./recognition.js";

/** A PaDiM graph with n channels and P cells, taken to pieces. */
export interface RecognisedPadim {
  readonly recognised: true;
  /** Name of the picture input `[1, 3, H, W]`. */
  readonly input: string;
  /** Size of the anomaly map, and of the picture that the backbone works at, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** True when the graph brings pictures of another size to `size` itself (1.x and 2.x). */
  readonly resizes: boolean;
  /** In the order of their concatenation. What stands before them in the graph is the backbone. */
  readonly taps: readonly GraphTap[];
  /** Grid of the Gaussians: P = width · height, row-major. */
  readonly grid: { readonly width: number; readonly height: number };
  /** Kept channels in draw order `[n]`: indices into the concatenated taps. */
  readonly channels: readonly number[];
  /** `[n, P]`: a view into the model's bytes where they are aligned. */
  readonly mean: Float32Array;
  /** Bytes of float32 `[P, n, n]` in the model's own, aligned or not. Nearly symmetric: Anomalib inverts in float32. */
  readonly inverseCovariance: Uint8Array;
  /** Gaussian blur of the map in pixels. */
  readonly sigma: number;
  /** What the graph does after the raw map; null unless it normalises (2.x). */
  readonly end: { readonly normaliser: GraphNormaliser; readonly decisions: GraphDecisions } | null;
}

/**
 * Takes a PaDiM graph of Anomalib 0.x, 1.x or 2.x to pieces.
 * @param files external weights: location → whole content.
 * @throws BlemishError MODEL_BROKEN or MODEL_DATA_MISSING for weights of the wrong length.
 */
export function recognisePadim(model: OnnxModel, files?: ExternalFiles): RecognisedPadim | NotRecognised {
  return recognised(() => recognise(indexGraph(model.graph), files));
}

/** The pieces of a graph for one size of the picture, without their numbers. */
interface Pieces {
  readonly tail: MapTail;
  readonly head: PadimHead;
  readonly taps: readonly GraphTap[];
  readonly end: RecognisedPadim["end"];
}

function recognise(index: GraphIndex, files: ExternalFiles | undefined): RecognisedPadim {
  const kind = modelKind(index);
  if (kind !== "padim")
    throw refusal("PaDiM, one Gaussian for each cell", kind === "unknown" ? "another method" : kind);
  const input = onePicture(pictureInput(index));
  const { tail, head, taps, end } = samePieces(walksOf(index, input, files).map(piecesOf), sizesOf);
  const size = { width: tail.width, height: tail.height };
  return {
    recognised: true,
    input: input.name,
    size,
    resizes: resizes(input, size),
    taps,
    grid: { width: head.width, height: head.height },
    channels: head.channels,
    mean: meansOf(head, files),
    inverseCovariance: floatBytes(head.inverseCovariance, files) ?? unreadable("inverse covariances"),
    sigma: tail.sigma,
    end,
  };
}

function piecesOf(walk: GraphWalk): Pieces {
  const { outputs } = walk.index.graph;
  const found = namedOutputs(outputs) ? graphEnd(walk) : null;
  if (found === null && outputs.length !== 1)
    throw refusal("one output, the anomaly map", `${outputs.map(({ name }) => name).join(", ") || "none"}`);
  if (found !== null) checkMaximum(walk, found.score, found.map);
  const map = found?.map ?? outputs[0]?.name ?? "";
  const tail = mapTail(walk, map, { batch: 1, upsampling: ["bilinear"] });
  const head = padimHead(walk, tail.distances);
  const { width, height, embedding } = head;
  const expected = { batch: 1, width, height, averaged: false, enlargement: ["nearest"] } as const;
  const { taps } = graphTaps(walk, embedding, expected);
  const end = found && { normaliser: found.normaliser, decisions: found.decisions };
  return { tail, head, taps, end };
}

function sizesOf({ tail, head, taps }: Pieces): number[] {
  return [
    ...[tail.width, tail.height, head.width, head.height],
    ...taps.flatMap(({ width, height }) => [width, height]),
  ];
}

function meansOf({ mean }: PadimHead, files: ExternalFiles | undefined): Float32Array {
  const values = tensorValues(mean, files);
  return values instanceof Float32Array ? values : unreadable("means");
}

function unreadable(what: string): never {
  throw refusal(`the ${what} of the cells`, "none that can be read");
}
