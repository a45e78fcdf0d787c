/** The middle of a PaDiM graph: from the concatenated taps to the distances. Source: Anomalib `PadimModel`, `AnomalyMapGenerator`. */
import { elementsOf, ONNX_TYPE } from "../onnx/data-types.js";
import { intAttribute, intsAttribute } from "../onnx/graph-index.js";
import { reducedAxes } from "../onnx/known-shapes.js";
import type { OnnxNode, OnnxTensor } from "../onnx/onnx-model.js";
import { tensorValues } from "../onnx/tensor-values.js";
import { type GraphWalk, nodeBehind, refusal, resolved, sameDims, shapeOf } from "./graph-walk.js";
import { rootBehind } from "./root-behind.js";

/** The Gaussians of a graph with n channels and P cells, and where their embedding comes from. */
export interface PadimHead {
  /** Name of the concatenated taps `[1, C, h, w]`. */
  readonly embedding: string;
  /** Grid of the cells. */
  readonly width: number;
  readonly height: number;
  /** Kept channels in draw order `[n]`: indices into the concatenated taps. */
  readonly channels: readonly number[];
  /** float32 `[n, P]`. */
  readonly mean: OnnxTensor;
  /** float32 `[P, n, n]`. */
  readonly inverseCovariance: OnnxTensor;
}

/** Far more cells on a side than any grid has. */
const MAX_SIDE = 4096;

/** Cells in a grid, where a value is `[P, 1, n]` or `[1, n, P]`. */
interface Counts {
  readonly cells: number;
  readonly kept: number;
}

/**
 * The steps that end in the distances: drawn channels less the mean, δᵀ·A·δ for each cell, square root.
 * @param distances name of the distances `[1, 1, h, w]`.
 * @throws BlemishError MODEL_ENGINE when they are others.
 */
export function padimHead(walk: GraphWalk, distances: string): PadimHead {
  const dims = shapeOf(walk, distances, "the distances");
  const [batch, one, height = 0, width = 0] = dims;
  if (dims.length !== 4 || batch !== 1 || one !== 1 || height > MAX_SIDE || width > MAX_SIDE)
    throw refusal("distances [1, 1, h, w]", `[${dims.join(", ")}]`);
  const squares = sumBehind(walk, rootBehind(walk, distances).squares);
  const { delta, inverseCovariance } = productBehind(walk, squares);
  const [cells = 0, , kept = 0] = inverseCovariance.dims.map((side, axis) => (axis === 1 ? 1 : side));
  if (cells !== width * height) throw refusal(`${width * height} Gaussians for the grid`, `${cells}`);
  const { mean, flat } = differenceBehind(walk, delta, { cells, kept });
  return { ...chosenBehind(walk, flat, kept, [height, width]), width, height, mean, inverseCovariance };
}

/** The sum over channels, behind reshapes and transpositions that keep the cells in their order. */
function sumBehind(walk: GraphWalk, name: string): OnnxNode {
  const what = "squared distances, one for each cell";
  let node = nodeBehind(walk, name, ["ReduceSum", "Reshape", "Transpose"], what);
  while (node.opType !== "ReduceSum") {
    if (node.opType === "Transpose" && !keepsOrder(walk, node))
      throw refusal("cells in row-major order", "a transposition that moves them");
    node = nodeBehind(walk, node.inputs[0] ?? "", ["ReduceSum", "Reshape", "Transpose"], what);
  }
  return node;
}

/** A transposition moves no number when the axes with more than one entry keep their order. */
function keepsOrder(walk: GraphWalk, node: OnnxNode): boolean {
  const dims = shapeOf(walk, node.inputs[0] ?? "", "the squared distances");
  const long = (intsAttribute(node, "perm") ?? []).filter((axis) => dims[axis] !== 1);
  return (
    long.every((axis, i) => i === 0 || axis > (long[i - 1] ?? 0)) && intsAttribute(node, "perm") !== null
  );
}

/** Σ (δ·A)·δ over the last axis, δ `[P, 1, n]` and A `[P, n, n]`. */
function productBehind(walk: GraphWalk, sum: OnnxNode): { delta: string; inverseCovariance: OnnxTensor } {
  const what = "products of each cell's difference with its inverse covariance";
  const weighted = sum.inputs[0] ?? "";
  const dims = shapeOf(walk, weighted, "these products");
  const axes = reducedAxes(sum, dims.length, walk.shapes);
  if (dims.length !== 3 || axes?.length !== 1 || axes[0] !== 2)
    throw refusal("a sum over the channels", `a sum over other axes of [${dims.join(", ")}]`);
  const times = nodeBehind(walk, weighted, ["Mul"], what);
  const [left, right] = times.inputs.map((input) => resolved(walk, input));
  const products = [left, right].flatMap((name) => {
    const node = walk.index.producers.get(name ?? "");
    return node?.opType === "MatMul" ? [node] : [];
  });
  for (const product of products) {
    const delta = resolved(walk, product.inputs[0] ?? "");
    const inverse = walk.index.constants.get(product.inputs[1] ?? "");
    const other = product.outputs[0] === left ? right : left;
    const [cells, rows, columns] = inverse?.dims ?? [];
    const square = inverse?.dims.length === 3 && rows === columns && inverse.dataType === ONNX_TYPE.float32;
    if (inverse !== undefined && square && other === delta && sameDims(dims, [cells ?? 0, 1, rows ?? 0]))
      return { delta, inverseCovariance: inverse };
  }
  throw refusal(what, "other products");
}

/** δ `[P, 1, n]` = transposed (embedding `[1, n, P]` − mean). */
function differenceBehind(
  walk: GraphWalk,
  delta: string,
  { cells, kept }: Counts,
): { mean: OnnxTensor; flat: string } {
  const what = "each cell's features less their mean";
  const turned = nodeBehind(walk, delta, ["Transpose"], what);
  const perm = intsAttribute(turned, "perm") ?? [];
  const difference = nodeBehind(walk, turned.inputs[0] ?? "", ["Sub"], what);
  const [flat = "", meanName = ""] = difference.inputs;
  const mean = walk.index.constants.get(meanName);
  const fits =
    sameDims(perm, [2, 0, 1]) &&
    sameDims(walk.shapes(flat)?.dims, [1, kept, cells]) &&
    mean?.dataType === ONNX_TYPE.float32 &&
    sameDims(mean.dims.slice(-2), [kept, cells]) &&
    elementsOf(mean.dims) === kept * cells;
  if (mean === undefined || !fits) throw refusal(what, "another difference");
  return { mean, flat };
}

/** The drawn channels `[1, n, h, w]` of the concatenated taps, laid flat. */
function chosenBehind(
  walk: GraphWalk,
  flat: string,
  kept: number,
  grid: readonly number[],
): { embedding: string; channels: readonly number[] } {
  const what = "features drawn from the concatenated layers";
  const reshape = nodeBehind(walk, flat, ["Reshape"], what);
  const draw = nodeBehind(walk, reshape.inputs[0] ?? "", ["Gather"], what);
  const embedding = draw.inputs[0] ?? "";
  const dims = shapeOf(walk, embedding, "the concatenated layers");
  const total = dims[1] ?? 0;
  const indices = walk.index.constants.get(draw.inputs[1] ?? "");
  const whole = indices?.dataType === ONNX_TYPE.int64 || indices?.dataType === ONNX_TYPE.int32;
  const values = whole && indices.dims.length === 1 ? tensorValues(indices, walk.files) : null;
  const channels = Array.from((values ?? []) as ArrayLike<number | bigint>, Number);
  const fits =
    intAttribute(draw, "axis") === 1 &&
    channels.length === kept &&
    channels.every((channel) => channel >= 0 && channel < total) &&
    sameDims(dims, [1, total, ...grid]);
  if (!fits) throw refusal(what, "channels that are chosen in another way");
  return { embedding, channels };
}
