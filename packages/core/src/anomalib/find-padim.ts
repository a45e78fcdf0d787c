/** Recognises PaDiM's Gaussian head in a graph and names its tensors, for inspection and for import. */
import { elementsOf, ONNX_TYPE } from "../onnx/data-types.js";
import { constantNumbers, type GraphIndex, intAttribute } from "../onnx/graph-index.js";
import type { OnnxTensor } from "../onnx/onnx-model.js";
import { ancestors } from "./find-taps.js";

/** The parts of a PaDiM head with n channels and P cells. */
export interface PadimParts {
  /** Kept channels in draw order, int64 `[n]`: indices into the concatenated taps. */
  readonly indices: OnnxTensor;
  /** float32 `[n, P]`; null when it was not found. */
  readonly mean: OnnxTensor | null;
  /** float32 `[P, n, n]`. */
  readonly inverseCovariance: OnnxTensor;
  /** P. */
  readonly cells: number;
  /** n. */
  readonly channels: number;
  /** Name of the concatenated taps, before channels are chosen. */
  readonly embedding: string;
}

/** What stands between the chosen channels and the batched product, and how much of it at most. */
const MAX_BETWEEN = 12;
const BETWEEN = new Set(["Transpose", "Sub", "Reshape", "Identity", "Cast"]);

/**
 * PaDiM's head: a batched MatMul with a constant `[P, n, n]`, fed by the difference of a mean `[n, P]` and n
 * channels gathered from the taps. null when the graph has none.
 */
export function findPadim(index: GraphIndex): PadimParts | null {
  for (const node of index.graph.nodes) {
    if (node.opType !== "MatMul") continue;
    const weight = node.inputs.find((input) => isSquareStack(index.constants.get(input)));
    const data = node.inputs.find((input) => input !== weight);
    const inverseCovariance = index.constants.get(weight ?? "");
    if (inverseCovariance === undefined || data === undefined) continue;
    const [cells, channels] = inverseCovariance.dims as [number, number];
    const head = headBefore(index, data, cells, channels);
    if (head !== null) return { ...head, inverseCovariance, cells, channels };
  }
  return null;
}

function isSquareStack(tensor: OnnxTensor | undefined): boolean {
  if (tensor?.dataType !== ONNX_TYPE.float32 || tensor.dims.length !== 3) return false;
  const [cells, rows, columns] = tensor.dims as [number, number, number];
  return cells > 0 && rows > 0 && rows === columns;
}

function headBefore(index: GraphIndex, data: string, cells: number, channels: number) {
  let mean: OnnxTensor | null = null;
  for (const node of ancestors(index, data, MAX_BETWEEN)) {
    if (node.opType === "Gather" && intAttribute(node, "axis") === 1) {
      const indices = index.constants.get(node.inputs[1] ?? "");
      const fits = indices?.dataType === ONNX_TYPE.int64 || indices?.dataType === ONNX_TYPE.int32;
      if (!fits || elementsOf(indices.dims) !== channels) return null;
      return { indices, mean, embedding: node.inputs[0] ?? "" };
    }
    if (!BETWEEN.has(node.opType)) return null;
    const constant = node.inputs
      .map((input) => index.constants.get(input))
      .find((tensor) => tensor !== undefined);
    const fits =
      node.opType === "Sub" && constant !== undefined && elementsOf(constant.dims) === channels * cells;
    if (fits) mean = constant;
  }
  return null;
}

/** Rows and columns of the cell grid. */
export interface Grid {
  readonly height: number;
  readonly width: number;
}

/**
 * How the P cells of a head are arranged: as a constant shape in the graph says, else from the size the graph
 * resizes to and the stride of the first tap, else square; null when nothing fits.
 */
export function findGrid(index: GraphIndex, cells: number, stride: number, input: Grid | null): Grid | null {
  for (const [name, tensor] of index.constants) {
    const shapeLike = tensor.dataType === ONNX_TYPE.int64 && tensor.dims.length === 1;
    if (!shapeLike || tensor.dims[0]! < 2 || tensor.dims[0]! > 4) continue;
    const [height, width] = (constantNumbers(index, name) ?? []).slice(-2);
    if (height !== undefined && width !== undefined && height > 1 && width > 1 && height * width === cells) {
      return { height, width };
    }
  }
  if (input !== null) {
    const height = Math.ceil(input.height / stride);
    const width = Math.ceil(input.width / stride);
    if (height * width === cells) return { height, width };
  }
  const side = Math.round(Math.sqrt(cells));
  return side * side === cells ? { height: side, width: side } : null;
}
