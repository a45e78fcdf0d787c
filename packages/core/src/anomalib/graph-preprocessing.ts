/** What an exported graph does to the picture before its first convolution: Anomalib 1.x and 2.x put it inside. */
import { constantNumbers, type GraphIndex, textAttribute } from "../onnx/graph-index.js";
import type { OnnxNode } from "../onnx/onnx-model.js";

/** Preprocessing found inside a graph. Means and deviations are for values 0–1, RGB. */
export interface GraphPreprocessing {
  readonly resize: { readonly height: number; readonly width: number; readonly mode: string } | null;
  readonly mean: readonly number[] | null;
  readonly std: readonly number[] | null;
}

/** Operations that the walk from the input passes. Shape computations beside the picture are no part of it. */
const PASSED = new Set([
  "Reshape",
  "Resize",
  "Sub",
  "Div",
  "Mul",
  "Add",
  "Cast",
  "Identity",
  "Slice",
  "Pad",
  "Squeeze",
  "Unsqueeze",
]);
const MAX_STEPS = 32;

/**
 * Resize and normalisation between the input and the first other operation; all fields null when there are none. Converters
 * fold (x − mean) / std to x · factor + shift.
 */
export function findPreprocessing(index: GraphIndex, input: string): GraphPreprocessing {
  let resize: GraphPreprocessing["resize"] = null;
  let mean: number[] | null = null;
  let std: number[] | null = null;
  let factor: number[] | null = null;
  let name = input;
  for (let step = 0; step < MAX_STEPS; step++) {
    const users: readonly OnnxNode[] = index.consumers.get(name) ?? [];
    const node = users.find((user) => PASSED.has(user.opType) && user.inputs[0] === name);
    if (node === undefined) break;
    if (node.opType === "Resize") resize = resizeOf(index, node);
    if (node.opType === "Sub") mean ??= channelTriple(index, node);
    if (node.opType === "Div") std ??= channelTriple(index, node);
    if (node.opType === "Mul") factor = channelTriple(index, node);
    const shift = node.opType === "Add" ? channelTriple(index, node) : null;
    if (shift !== null) {
      // One digit less: they were rounded twice.
      mean ??= shift.map((value, i) => digits(-value / (factor?.[i] ?? 1), 5));
      std ??= factor?.map((value) => digits(1 / value, 5)) ?? null;
    }
    name = node.outputs[0] ?? "";
  }
  return { resize, mean, std };
}

/** Three constants, one for each channel, six digits: they are float32. */
function channelTriple(index: GraphIndex, node: OnnxNode): number[] | null {
  const values = constantNumbers(index, node.inputs[1] ?? "");
  const finite = values?.length === 3 && values.every((value) => Number.isFinite(value));
  return finite ? values.map((value) => digits(value, 6)) : null;
}

function digits(value: number, count: number): number {
  return Number(value.toPrecision(count));
}

function resizeOf(index: GraphIndex, node: OnnxNode): GraphPreprocessing["resize"] {
  const sizes = node.inputs[3] ?? "";
  const maker = index.producers.get(sizes);
  // Batch and channels are computed, the two sides behind them are constants.
  const constant = maker?.opType === "Concat" ? (maker.inputs.at(-1) ?? "") : sizes;
  const [height, width] = (constantNumbers(index, constant) ?? []).slice(-2);
  if (!isSide(height) || !isSide(width)) return null;
  return { height, width, mode: textAttribute(node, "mode") ?? "nearest" };
}

function isSide(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0;
}
