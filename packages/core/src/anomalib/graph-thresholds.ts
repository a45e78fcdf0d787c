/**
 * Thresholds and ranges inside the graphs that Anomalib 2.x exports. Their outputs are already normalised as
 * (v − threshold) / (max − min) + 0.5, so these numbers are for a reader only; minimum and maximum themselves
 * are folded away.
 */

import { constantNumbers, type GraphIndex } from "../onnx/graph-index.js";
import type { OnnxNode } from "../onnx/onnx-model.js";

/** Raw units of the model. */
export interface GraphThreshold {
  readonly threshold: number;
  /** max − min of the validation values. */
  readonly range: number;
}

const PASSED = new Set([
  "Where",
  "Clip",
  "Add",
  "Min",
  "Max",
  "Cast",
  "Identity",
  "Reshape",
  "Squeeze",
  "Unsqueeze",
]);
const MAX_NODES = 64;

/** Threshold and range of the normalisation that ends in an output; null when it is not found. */
export function findThreshold(index: GraphIndex, output: string): GraphThreshold | null {
  const waiting = [output];
  const seen = new Set<string>();
  for (let name = waiting.shift(); name !== undefined && seen.size < MAX_NODES; name = waiting.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const node = index.producers.get(name);
    if (node === undefined) continue;
    const folded = node.opType === "Add" ? foldedThreshold(index, node) : null;
    if (folded !== null) return folded;
    if (PASSED.has(node.opType)) waiting.push(...node.inputs.slice(0, MAX_NODES));
    if (node.opType !== "Div") continue;
    const difference = index.producers.get(node.inputs[0] ?? "");
    const range = scalar(index, node.inputs[1] ?? "");
    const threshold = difference?.opType === "Sub" ? scalar(index, difference.inputs[1] ?? "") : null;
    if (range !== null && threshold !== null) return { threshold, range };
  }
  return null;
}

/** value · factor + shift, which converters fold the normalisation to. */
function foldedThreshold(index: GraphIndex, add: OnnxNode): GraphThreshold | null {
  const times = index.producers.get(add.inputs[0] ?? "");
  const shift = scalar(index, add.inputs[1] ?? "");
  const factor = times?.opType === "Mul" ? scalar(index, times.inputs[1] ?? "") : null;
  if (shift === null || factor === null || !(factor > 0)) return null;
  return { threshold: (0.5 - shift) / factor, range: 1 / factor };
}

/**
 * The normalised value above which a 2.x graph says "anomalous": 1 − sensitivity, 0.5 by default. null unless
 * the label (or mask) is a comparison of the score (or map) output itself.
 */
export function findDecision(index: GraphIndex, label: string | null, score: string | null): number | null {
  const node = index.producers.get(label ?? "");
  if (score === null || node?.opType !== "Greater" || node.inputs[0] !== score) return null;
  const value = scalar(index, node.inputs[1] ?? "");
  return value !== null && value >= 0 && value <= 1 ? value : null;
}

function scalar(index: GraphIndex, name: string): number | null {
  const values = constantNumbers(index, name);
  const [value] = values ?? [];
  return values?.length === 1 && Number.isFinite(value) ? value! : null;
}
