/**
 * Recognises a whole PatchCore graph that Anomalib exported, every node of it, so that our own kernels can stand in for
 * it: backbone, local mean and grid of the layers, memory bank, image score, enlargement, blur and, in 2.x,
 * normalisation and decision. What is not certain is not recognised, with the reason.
 */
import { type GraphIndex, indexGraph } from "../onnx/graph-index.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import type { GraphDecisions, GraphNormaliser } from "../stages/detector/normalise-as-graph.js";
import type { EmbeddingSpec } from "../stages/embedding/embed.js";
import type { Upsampling } from "../stages/score-map/smoothing.js";
import { graphEnd, namedOutputs } from "./graph-decisions.js";
import { type GraphTap, type GraphTaps, graphTaps } from "./graph-taps.js";
import { type GraphWalk, refusal } from "./graph-walk.js";
import { type MapTail, mapTail } from "./map-tail.js";
import { modelKind } from "./model-kind.js";
import { type PatchcoreHead, patchcoreHead } from "./patchcore-head.js";
import { patchcoreScore } from "./patchcore-score.js";
import { type NotRecognised, pictureInput, recognised, resizes, samePieces, walksOf } from "./recognition.js";

/** A PatchCore graph with P patches in a picture, taken to pieces. */
export interface RecognisedPatchcore {
  readonly recognised: true;
  /** Name of the picture input `[batch, 3, H, W]`. */
  readonly input: string;
  /** Pictures that a run takes: 1 but where the export fixed it (2.7: 2). */
  readonly batch: number;
  /** Size of the anomaly map, and of the picture that the backbone works at, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** True when the graph brings pictures of another size to `size` itself (1.x and 2.x). */
  readonly resizes: boolean;
  /** In the order of their concatenation. What stands before them in the graph is the backbone. */
  readonly taps: readonly GraphTap[];
  /** Grid of the patches: P = width · height, row-major. */
  readonly grid: { readonly width: number; readonly height: number };
  /** How the taps become patches. */
  readonly embedding: EmbeddingSpec;
  readonly bank: {
    readonly rows: number;
    readonly channels: number;
    /** `[rows, channels]`: a view into the model's bytes where they are aligned. */
    readonly data: Float32Array;
  };
  /** Neighbours that weigh the image score, 1–9; 1 = the largest distance of a patch as it is. */
  readonly neighbours: number;
  /** How the distances become the map: enlarged, then blurred with a Gaussian of `sigma` pixels. */
  readonly map: { readonly upsampling: Upsampling; readonly sigma: number };
  /** What the graph does after raw map and score; null unless it normalises (2.x). */
  readonly end: { readonly normaliser: GraphNormaliser; readonly decisions: GraphDecisions } | null;
}

/**
 * Takes a PatchCore graph of Anomalib 0.5 to 2.7 to pieces.
 * @param files external weights: location → whole content.
 * @throws BlemishError MODEL_BROKEN or MODEL_DATA_MISSING for weights of the wrong length.
 */
export function recognisePatchcore(
  model: OnnxModel,
  files?: ExternalFiles,
): RecognisedPatchcore | NotRecognised {
  return recognised(() => recognise(indexGraph(model.graph), files));
}

/** The pieces of a graph for one size of the picture. */
interface Pieces {
  readonly tail: MapTail;
  readonly head: PatchcoreHead;
  readonly layers: GraphTaps;
  readonly neighbours: number;
  readonly end: RecognisedPatchcore["end"];
}

function recognise(index: GraphIndex, files: ExternalFiles | undefined): RecognisedPatchcore {
  const kind = modelKind(index);
  if (kind !== "patchcore")
    throw refusal("PatchCore, a memory bank of patches", kind === "unknown" ? "another method" : kind);
  const input = pictureInput(index);
  const all = walksOf(index, input, files).map((walk) => piecesOf(walk, input.batch));
  const { tail, head, layers, neighbours, end } = samePieces(all, sizesOf);
  const size = { width: tail.width, height: tail.height };
  const { taps, enlargement } = layers;
  return {
    recognised: true,
    input: input.name,
    batch: input.batch,
    size,
    resizes: resizes(input, size),
    taps,
    grid: { width: head.width, height: head.height },
    embedding: {
      grid: "finest",
      scales: taps.map(() => 1),
      channels: null,
      projection: null,
      neighbourhood: 3,
      enlargement,
    },
    bank: head.bank,
    neighbours,
    map: { upsampling: tail.upsampling, sigma: tail.sigma },
    end,
  };
}

const WAYS = ["nearest", "bilinear"] as const;

function piecesOf(walk: GraphWalk, batch: number): Pieces {
  const { map, score, end } = endOf(walk);
  const tail = mapTail(walk, map, { batch, upsampling: WAYS });
  const head = patchcoreHead(walk, tail.distances, batch);
  const { width, height, embedding } = head;
  const expected = { batch, width, height, averaged: true, enlargement: WAYS };
  const layers = graphTaps(walk, embedding, expected);
  return { tail, head, layers, neighbours: patchcoreScore(walk, score, head, batch), end };
}

/** Raw map and raw score: two outputs in either order, or what stands behind the named ones of 2.x. */
function endOf(walk: GraphWalk): { map: string; score: string; end: RecognisedPatchcore["end"] } {
  const { outputs } = walk.index.graph;
  if (namedOutputs(outputs)) {
    const { map, score, normaliser, decisions } = graphEnd(walk);
    return { map, score, end: { normaliser, decisions } };
  }
  const names = outputs.map(({ name }) => name);
  const isMap = (name: string) => walk.shapes(name)?.dims.length === 4;
  const [map, ...maps] = names.filter(isMap);
  const [score, ...scores] = names.filter((name) => !isMap(name));
  if (map === undefined || score === undefined || maps.length > 0 || scores.length > 0)
    throw refusal("two outputs, anomaly map and image score", names.join(", ") || "none");
  return { map, score, end: null };
}

function sizesOf({ tail, head, layers }: Pieces): number[] {
  return [
    ...[tail.width, tail.height, head.width, head.height],
    ...layers.taps.flatMap(({ width, height }) => [width, height]),
  ];
}
