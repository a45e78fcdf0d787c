/**
 * Recognises a whole PaDiM graph that Anomalib exported, every node of it, so that the fast engine can stand in for it:
 * backbone, drawn channels, Gaussians, enlargement, blur and, in 2.x, normalisation and decision. What is not certain is
 * not recognised, with the reason.
 */
import { BlemishError } from "../errors.js";
import { ONNX_TYPE } from "../onnx/data-types.js";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxDim, OnnxModel, OnnxTensor } from "../onnx/onnx-model.js";
import { type ExternalFiles, tensorValues } from "../onnx/tensor-values.js";
import type { GraphDecisions, GraphNormaliser } from "../stages/detector/normalise-as-graph.js";
import { graphEnd, namedOutputs } from "./graph-decisions.js";
import { type GraphWalk, refusal, sameDims } from "./graph-walk.js";
import { modelKind } from "./model-kind.js";
import { type PadimHead, padimHead } from "./padim-head.js";
import { type PadimTail, padimTail } from "./padim-tail.js";
import { type PadimTap, padimTaps } from "./padim-taps.js";

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
  readonly taps: readonly PadimTap[];
  /** Grid of the Gaussians: P = width · height, row-major. */
  readonly grid: { readonly width: number; readonly height: number };
  /** Kept channels in draw order `[n]`: indices into the concatenated taps. */
  readonly channels: readonly number[];
  /** `[n, P]`: a view into the model's bytes where they are aligned. */
  readonly mean: Float32Array;
  /** `[P, n, n]`, likewise. Nearly symmetric: Anomalib inverts in float32. */
  readonly inverseCovariance: Float32Array;
  /** Gaussian blur of the map in pixels. */
  readonly sigma: number;
  /** What the graph does after the raw map; null unless it normalises (2.x). */
  readonly end: { readonly normaliser: GraphNormaliser; readonly decisions: GraphDecisions } | null;
}

/** A graph that the fast engine leaves to ONNX Runtime. */
export interface NotRecognised {
  readonly recognised: false;
  /** One sentence for a user. */
  readonly reason: string;
  readonly expected: string;
  readonly found: string;
}

/** Sizes that a graph of free input size is followed for: what comes after its own resize must not depend on them. */
const PROBES = [
  [192, 320],
  [517, 401],
] as const;

/**
 * Takes a PaDiM graph of Anomalib 0.x, 1.x or 2.x to pieces.
 * @param files external weights: location → whole content.
 * @throws BlemishError MODEL_BROKEN or MODEL_DATA_MISSING for weights of the wrong length.
 */
export function recognisePadim(model: OnnxModel, files?: ExternalFiles): RecognisedPadim | NotRecognised {
  try {
    return recognise(indexGraph(model.graph), files);
  } catch (error) {
    if (!(error instanceof BlemishError) || error.code !== "MODEL_ENGINE") throw error;
    const { expected, found } = error;
    const reason = `The fast engine needs ${expected}; found: ${found}.`;
    return { recognised: false, reason, expected, found };
  }
}

/** The pieces of a graph for one size of the picture, without their numbers. */
interface Pieces {
  readonly tail: PadimTail;
  readonly head: PadimHead;
  readonly taps: readonly PadimTap[];
  readonly end: RecognisedPadim["end"];
}

function recognise(index: GraphIndex, files: ExternalFiles | undefined): RecognisedPadim {
  const kind = modelKind(index);
  if (kind !== "padim")
    throw refusal("PaDiM, one Gaussian for each cell", kind === "unknown" ? "another method" : kind);
  const { name, sides } = pictureInput(index);
  const all = sides.map(([height, width]) => {
    const shapes = knownShapes(index, new Map([[name, [1, 3, height, width]]]));
    return piecesOf({ index, shapes, files });
  });
  const [first, second] = all as [Pieces, Pieces?];
  if (second !== undefined && !sameSizes(first, second))
    throw refusal("a graph that resizes its pictures itself, or an input of a fixed size", "neither");
  const { tail, head, taps, end } = first;
  const size = { width: tail.width, height: tail.height };
  const [height, width] = sides[0] as readonly [number, number];
  return {
    recognised: true,
    input: name,
    size,
    resizes: sides.length > 1 || height !== size.height || width !== size.width,
    taps,
    grid: { width: head.width, height: head.height },
    channels: head.channels,
    mean: floats(head.mean, files, "means"),
    inverseCovariance: floats(head.inverseCovariance, files, "inverse covariances"),
    sigma: tail.sigma,
    end,
  };
}

function piecesOf(walk: GraphWalk): Pieces {
  const { outputs } = walk.index.graph;
  const found = namedOutputs(outputs) ? graphEnd(walk) : null;
  if (found === null && outputs.length !== 1)
    throw refusal("one output, the anomaly map", `${outputs.map(({ name }) => name).join(", ") || "none"}`);
  const tail = padimTail(walk, found?.map ?? outputs[0]?.name ?? "");
  const head = padimHead(walk, tail.distances);
  const taps = padimTaps(walk, head.embedding, head);
  const end = found && { normaliser: found.normaliser, decisions: found.decisions };
  return { tail, head, taps, end };
}

/** The one input, and the sizes that the graph is followed for: its own where it is fixed. */
function pictureInput({ inputs }: GraphIndex): {
  name: string;
  sides: readonly (readonly [number, number])[];
} {
  const [input] = inputs;
  const [batch, channels, height, width] = input?.dims ?? [];
  const fits = (side: OnnxDim | undefined, value: number) => typeof side !== "number" || side === value;
  const isPicture =
    inputs.length === 1 && input?.elementType === ONNX_TYPE.float32 && input.dims?.length === 4;
  if (input === undefined || !isPicture || !fits(channels, 3))
    throw refusal("one float32 picture [1, 3, H, W] as input", "other inputs");
  if (!fits(batch, 1)) throw refusal("one picture at a time", `an export that fixed its batch at ${batch}`);
  if (typeof height === "number" && typeof width === "number")
    return { name: input.name, sides: [[height, width]] };
  if (typeof height === "number" || typeof width === "number")
    throw refusal("an input with both sides fixed or both free", `${height} × ${width}`);
  return { name: input.name, sides: PROBES };
}

function sameSizes(a: Pieces, b: Pieces): boolean {
  const listed = ({ tail, head, taps }: Pieces) => [
    ...[tail.width, tail.height, head.width, head.height],
    ...taps.flatMap(({ width, height }) => [width, height]),
  ];
  return sameDims(listed(a), listed(b));
}

function floats(tensor: OnnxTensor, files: ExternalFiles | undefined, what: string): Float32Array {
  const values = tensorValues(tensor, files);
  if (values instanceof Float32Array) return values;
  throw refusal(`the ${what} of the cells`, "none that can be read");
}
