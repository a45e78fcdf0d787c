/** What recognising any method's graph has in common: its picture input, the sizes it is followed for, and the refusal. */
import { BlemishError } from "../errors.js";
import { ONNX_TYPE } from "../onnx/data-types.js";
import type { GraphIndex } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxDim } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import { type GraphWalk, refusal, sameDims } from "./graph-walk.js";

/** A graph that the fast engine leaves to ONNX Runtime. */
export interface NotRecognised {
  readonly recognised: false;
  /** One sentence for a user. */
  readonly reason: string;
  readonly expected: string;
  readonly found: string;
}

/** What a recogniser found, or why it stopped: its MODEL_ENGINE error as a sentence. */
export function recognised<Found>(recognise: () => Found): Found | NotRecognised {
  try {
    return recognise();
  } catch (error) {
    if (!(error instanceof BlemishError) || error.code !== "MODEL_ENGINE") throw error;
    const { expected, found } = error;
    const reason = `The fast engine needs ${expected}; found: ${found}.`;
    return { recognised: false, reason, expected, found };
  }
}

/** Sizes that a graph of free input size is followed for: what comes after its own resize must not depend on them. */
const PROBES = [
  [192, 320],
  [517, 401],
] as const;

/** Far more pictures than any export takes in a run. */
const MAX_BATCH = 64;

/** The picture input of a graph. */
export interface PictureInput {
  readonly name: string;
  /** Pictures in a run; 1 where the graph leaves it open. */
  readonly batch: number;
  /** Sizes `[height, width]` that the graph is followed for: its own where it is fixed. */
  readonly sides: readonly (readonly [number, number])[];
}

/**
 * The one input.
 * @throws BlemishError MODEL_ENGINE when there are others, or one of its sides alone is fixed.
 */
export function pictureInput({ inputs }: GraphIndex): PictureInput {
  const [input] = inputs;
  const [batch, channels, height, width] = input?.dims ?? [];
  const isPicture =
    inputs.length === 1 && input?.elementType === ONNX_TYPE.float32 && input.dims?.length === 4;
  const rgb = typeof channels !== "number" || channels === 3;
  const few = typeof batch !== "number" || (batch >= 1 && batch <= MAX_BATCH);
  if (input === undefined || !isPicture || !rgb || !few)
    throw refusal("one float32 picture [1, 3, H, W] as input", "other inputs");
  return { name: input.name, batch: typeof batch === "number" ? batch : 1, sides: sidesOf(height, width) };
}

function sidesOf(height: OnnxDim | undefined, width: OnnxDim | undefined): PictureInput["sides"] {
  if (typeof height === "number" && typeof width === "number") return [[height, width]];
  if (typeof height === "number" || typeof width === "number")
    throw refusal("an input with both sides fixed or both free", `${height} × ${width}`);
  return PROBES;
}

/** The input where it takes one picture; a MODEL_ENGINE error elsewhere. */
export function onePicture(input: PictureInput): PictureInput {
  if (input.batch === 1) return input;
  throw refusal("one picture at a time", `an export that fixed its batch at ${input.batch}`);
}

/** The graph as it is for each of the sizes that it is followed for. */
export function walksOf(
  index: GraphIndex,
  { name, batch, sides }: PictureInput,
  files: ExternalFiles | undefined,
): GraphWalk[] {
  return sides.map(([height, width]) => {
    const shapes = knownShapes(index, new Map([[name, [batch, 3, height, width]]]));
    return { index, shapes, files };
  });
}

/**
 * The pieces of a graph that is followed for one size or several. Those of the first, when all have the same sizes.
 * @throws BlemishError MODEL_ENGINE when a size of the picture changes them.
 */
export function samePieces<Pieces>(all: readonly Pieces[], sizesOf: (pieces: Pieces) => number[]): Pieces {
  const [first, ...others] = all as [Pieces, ...Pieces[]];
  if (others.every((other) => sameDims(sizesOf(first), sizesOf(other)))) return first;
  throw refusal("a graph that resizes its pictures itself, or an input of a fixed size", "neither");
}

/** Whether the graph brings pictures of another size to `size` itself (1.x and 2.x). */
export function resizes(
  { sides }: PictureInput,
  size: { readonly width: number; readonly height: number },
): boolean {
  return sides.length > 1 || sides.some(([height, width]) => height !== size.height || width !== size.width);
}
