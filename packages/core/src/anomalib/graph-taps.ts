/** The layers that a graph looks at, and that they are brought to one grid the way the embedding does it. */
import { constantNumbers, intAttribute, intsAttribute, textAttribute } from "../onnx/graph-index.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import type { Upsampling } from "../stages/score-map/smoothing.js";
import { enlargementOf } from "./enlargement.js";
import { type GraphWalk, nodeBehind, refusal, resolved, sameDims, shapeOf } from "./graph-walk.js";

/** One layer that is looked at. */
export interface GraphTap {
  /** Name of the value in the graph, `[batch, channels, height, width]`. */
  readonly name: string;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

/** How a graph brings its layers together. */
export interface GraphTaps {
  /** In the order of their concatenation. */
  readonly taps: readonly GraphTap[];
  /** How those coarser than the grid are brought to it; the first way that is expected where none is coarser. */
  readonly enlargement: Upsampling;
}

/** What is known of the layers before they are looked at. */
export interface TapsExpected {
  /** Pictures in a run. */
  readonly batch: number;
  readonly width: number;
  readonly height: number;
  /** Whether each layer is averaged over 3 × 3 places first, as PatchCore does. */
  readonly averaged: boolean;
  /** The ways of enlarging that are taken. */
  readonly enlargement: readonly Upsampling[];
}

/** Far more than any method compares. */
const MAX_TAPS = 64;

/**
 * The layers behind the concatenated taps. Each stands on the grid or is enlarged to it, all in the same way.
 * @param embedding name of the concatenation `[batch, C, height, width]`.
 * @throws BlemishError MODEL_ENGINE when they are brought together in another way.
 */
export function graphTaps(walk: GraphWalk, embedding: string, expected: TapsExpected): GraphTaps {
  const found = leavesOf(walk, embedding).map((leaf) => tapBehind(walk, leaf, expected));
  const taps = found.map(({ tap }) => tap);
  const names = taps.map(({ name }) => name);
  if (new Set(names).size < names.length) throw refusal("each layer once", names.join(", "));
  const ways = new Set(found.flatMap(({ enlargement }) => (enlargement === null ? [] : [enlargement])));
  if (ways.size > 1) throw refusal("layers that are all enlarged in one way", [...ways].join(" and "));
  const [enlargement = expected.enlargement[0] ?? "nearest"] = ways;
  return { taps, enlargement };
}

function leavesOf(walk: GraphWalk, embedding: string): string[] {
  const leaves: string[] = [];
  const waiting = [embedding];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const value = resolved(walk, name);
    const node = walk.index.producers.get(value);
    if (node?.opType === "Concat" && intAttribute(node, "axis") === 1)
      waiting.push(...node.inputs.slice(0, MAX_TAPS + 1).reverse());
    else leaves.push(value);
    if (leaves.length + waiting.length > MAX_TAPS) throw refusal(`at most ${MAX_TAPS} layers`, "more");
  }
  return leaves;
}

function tapBehind(
  walk: GraphWalk,
  leaf: string,
  expected: TapsExpected,
): { readonly tap: GraphTap; readonly enlargement: Upsampling | null } {
  const producer = walk.index.producers.get(leaf);
  const resize = producer?.opType === "Resize" ? producer : null;
  const before = resize === null ? leaf : resolved(walk, resize.inputs[0] ?? "");
  const name = expected.averaged ? averagedBehind(walk, before) : before;
  if (!walk.index.producers.has(name)) throw refusal("layers of a network", `the value ${name}`);
  const dims = shapeOf(walk, name, `the layer ${name}`);
  const [batch, channels = 0, height = 0, width = 0] = dims;
  const within = height <= expected.height && width <= expected.width && height > 0 && width > 0;
  if (dims.length !== 4 || batch !== expected.batch || !within)
    throw refusal(`a layer of at most ${expected.width} × ${expected.height} cells`, `[${dims.join(", ")}]`);
  const tap = { name, channels, width, height };
  if (resize === null && (height !== expected.height || width !== expected.width))
    throw refusal(`a layer of ${expected.width} × ${expected.height} cells`, `${width} × ${height}`);
  if (resize === null) return { tap, enlargement: null };
  checkGrid(walk, resize, tap, expected);
  return { tap, enlargement: enlargementOf(walk, resize, "layers", expected.enlargement) };
}

function checkGrid(walk: GraphWalk, resize: OnnxNode, tap: GraphTap, expected: TapsExpected): void {
  const [batch, channels, height, width] = shapeOf(walk, resize.outputs[0] ?? "", "an enlarged layer");
  const fits =
    batch === expected.batch &&
    channels === tap.channels &&
    height === expected.height &&
    width === expected.width;
  if (!fits)
    throw refusal(`layers enlarged to ${expected.width} × ${expected.height} cells`, `${width} × ${height}`);
}

const AVERAGE = "layers that are averaged over 3 × 3 places, with zeros around them";

/** The layer before the local mean: an AveragePool with a border of its own, or behind a Pad with zeros. */
function averagedBehind(walk: GraphWalk, name: string): string {
  const pool = nodeBehind(walk, name, ["AveragePool"], AVERAGE);
  const source = resolved(walk, pool.inputs[0] ?? "");
  const ones = (word: string) => (intsAttribute(pool, word) ?? [1, 1]).every((step) => step === 1);
  const whole =
    sameDims(intsAttribute(pool, "kernel_shape") ?? [], [3, 3]) &&
    ones("strides") &&
    ones("dilations") &&
    (intAttribute(pool, "ceil_mode") ?? 0) === 0 &&
    (textAttribute(pool, "auto_pad") ?? "NOTSET") === "NOTSET";
  const pads = intsAttribute(pool, "pads") ?? [0, 0, 0, 0];
  const counts = intAttribute(pool, "count_include_pad") === 1;
  if (whole && counts && sameDims(pads, [1, 1, 1, 1])) return source;
  const pad = walk.index.producers.get(source);
  if (whole && sameDims(pads, [0, 0, 0, 0]) && pad?.opType === "Pad" && addsZeros(walk, pad))
    return resolved(walk, pad.inputs[0] ?? "");
  throw refusal(AVERAGE, "another average");
}

function addsZeros(walk: GraphWalk, pad: OnnxNode): boolean {
  const pads = intsAttribute(pad, "pads") ?? walk.shapes(pad.inputs[1] ?? "")?.values ?? [];
  const [, , value = "", axes = ""] = pad.inputs;
  const zero = value === "" || constantNumbers(walk.index, value, walk.files)?.join() === "0";
  const constant = (textAttribute(pad, "mode") ?? "constant") === "constant";
  return constant && zero && axes === "" && sameDims(pads, [0, 0, 1, 1, 0, 0, 1, 1]);
}
