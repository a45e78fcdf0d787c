/** The end of an Anomalib 2.x graph: normalisation and decision, recognised strictly. Source: Anomalib 2.x `PostProcessor`. */

import { reducedAxes } from "../onnx/known-shapes.js";
import type { OnnxNode, OnnxValue } from "../onnx/onnx-model.js";
import type { GraphDecisions, GraphNormaliser } from "../stages/detector/normalise-as-graph.js";
import type { GraphThreshold } from "./graph-thresholds.js";
import {
  constant,
  dataAndConstant,
  type GraphWalk,
  nodeBehind,
  refusal,
  resolved,
  shapeOf,
} from "./graph-walk.js";

/** What stands behind the raw map of a 2.x graph. */
export interface GraphEnd {
  /** Name of the raw map `[batch, 1, H, W]`. */
  readonly map: string;
  /** Name of the raw image score. */
  readonly score: string;
  readonly normaliser: GraphNormaliser;
  readonly decisions: GraphDecisions;
}

const OUTPUTS = ["pred_score", "pred_label", "anomaly_map", "pred_mask"];

/** Whether the outputs are named as only Anomalib 2.x names them. */
export function namedOutputs(outputs: readonly OnnxValue[]): boolean {
  return outputs.some(({ name }) => name === "pred_score" || name === "anomaly_map");
}

/**
 * Normalisation and decisions behind the raw map and score.
 * @throws BlemishError MODEL_ENGINE when the graph ends in another way.
 */
export function graphEnd(walk: GraphWalk): GraphEnd {
  const names = walk.index.graph.outputs.map(({ name }) => name);
  const expected = `the outputs ${OUTPUTS.slice(0, 3).join(", ")} and perhaps pred_mask`;
  const others = names.filter((name) => !OUTPUTS.includes(name));
  const missing = OUTPUTS.slice(0, 3).filter((name) => !names.includes(name));
  if (others.length > 0 || missing.length > 0) throw refusal(expected, names.join(", ") || "none");
  const pixel = normalisedBehind(walk, "anomaly_map");
  const image = normalisedBehind(walk, "pred_score");
  return {
    map: pixel.raw,
    score: image.raw,
    normaliser: { image: image.normaliser, pixel: pixel.normaliser },
    decisions: {
      image: decisionBehind(walk, "pred_label", "pred_score"),
      pixel: names.includes("pred_mask") ? decisionBehind(walk, "pred_mask", "anomaly_map") : null,
    },
  };
}

/** (raw − threshold) / range + 0.5, cut to 0–1; converters fold it to raw · factor + shift. */
function normalisedBehind(walk: GraphWalk, output: string): { raw: string; normaliser: GraphThreshold } {
  const what = `${output} normalised as (value − threshold) / range + 0.5, cut to 0 and 1`;
  const add = nodeBehind(walk, cutBehind(walk, output, what), ["Add"], what);
  const shift = dataAndConstant(walk, add);
  const scaled = nodeBehind(walk, shift?.data ?? "", ["Div", "Mul"], what);
  const found =
    scaled.opType === "Div"
      ? dividedBehind(walk, scaled, shift?.value, what)
      : multipliedBehind(walk, scaled, shift?.value ?? Number.NaN);
  if (found !== null && found.normaliser.range > 0) return found;
  throw refusal(what, `${shift?.value} added, range ${found?.normaliser.range ?? "unknown"}`);
}

function dividedBehind(walk: GraphWalk, div: OnnxNode, half: number | undefined, what: string) {
  const sub = nodeBehind(walk, div.inputs[0] ?? "", ["Sub"], what);
  const range = constant(walk, div.inputs[1] ?? "");
  const threshold = constant(walk, sub.inputs[1] ?? "");
  if (half !== 0.5 || range === null || threshold === null) return null;
  return { raw: resolved(walk, sub.inputs[0] ?? ""), normaliser: { threshold, range } };
}

function multipliedBehind(walk: GraphWalk, times: OnnxNode, shift: number) {
  const sides = dataAndConstant(walk, times);
  if (sides === null || !Number.isFinite(shift)) return null;
  const normaliser = { range: 1 / sides.value, threshold: (0.5 - shift) / sides.value };
  return { raw: resolved(walk, sides.data), normaliser };
}

/** The value that is cut to 0–1: by one Clip, or by a Min with 1 and a Max with 0 in either order. */
function cutBehind(walk: GraphWalk, output: string, what: string): string {
  const node = nodeBehind(walk, output, ["Clip", "Min", "Max"], what);
  const bounds = { Min: 1, Max: 0 };
  if (node.opType === "Clip") {
    const [low, high] = [1, 2].map((at) => constant(walk, node.inputs[at] ?? ""));
    if (low === 0 && high === 1) return node.inputs[0] ?? "";
    throw refusal(what, `values cut to ${low} and ${high}`);
  }
  const outer = dataAndConstant(walk, node);
  const otherType = node.opType === "Min" ? "Max" : "Min";
  const inner = dataAndConstant(walk, nodeBehind(walk, outer?.data ?? "", [otherType], what));
  if (outer?.value === bounds[node.opType as "Min" | "Max"] && inner?.value === bounds[otherType])
    return inner.data;
  throw refusal(what, `values cut at ${outer?.value} and ${inner?.value}`);
}

/**
 * Checks that the raw score is the maximum of the raw map.
 * @throws BlemishError MODEL_ENGINE when it is another number.
 */
export function checkMaximum(walk: GraphWalk, score: string, map: string): void {
  const what = "the maximum of the raw map as image score";
  const node = nodeBehind(walk, score, ["ReduceMax"], what);
  const data = resolved(walk, node.inputs[0] ?? "");
  const rank = shapeOf(walk, data, "the anomaly map").length;
  const axes = [...(reducedAxes(node, rank, walk.shapes) ?? [])].sort();
  const overMap = axes.length === 2 && axes[0] === rank - 2 && axes[1] === rank - 1;
  if (data !== map || !overMap) throw refusal(what, "a maximum of something else");
}

/** A comparison, strictly above, of the normalised value with a constant. */
function decisionBehind(walk: GraphWalk, output: string, compared: string): number {
  const what = `${output} as a comparison of ${compared} with a constant`;
  const node = nodeBehind(walk, output, ["Greater"], what);
  const value = constant(walk, node.inputs[1] ?? "");
  const same = resolved(walk, node.inputs[0] ?? "") === resolved(walk, compared);
  if (!same || value === null) throw refusal(what, "another comparison");
  return value;
}
