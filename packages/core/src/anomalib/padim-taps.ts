/** The layers that a PaDiM graph looks at, and that they are brought to one grid the way the embedding does it. */
import { intAttribute } from "../onnx/graph-index.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import { type GraphWalk, refusal, resizeWords, resolved, shapeOf } from "./graph-walk.js";

/** One layer that is looked at. */
export interface PadimTap {
  /** Name of the value in the graph, `[1, channels, height, width]`. */
  readonly name: string;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

/** Far more than any PaDiM compares. */
const MAX_TAPS = 64;

/**
 * The layers behind the concatenated taps, in their order. Each stands on the grid or is enlarged to it by nearest
 * neighbour, asymmetric, rounding down, as torch's `interpolate(mode="nearest")`.
 * @param embedding name of the concatenation `[1, C, height, width]`.
 * @throws BlemishError MODEL_ENGINE when they are brought together in another way.
 */
export function padimTaps(
  walk: GraphWalk,
  embedding: string,
  grid: { readonly width: number; readonly height: number },
): PadimTap[] {
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
  const taps = leaves.map((leaf) => tapBehind(walk, leaf, grid));
  const names = taps.map(({ name }) => name);
  if (new Set(names).size < names.length) throw refusal("each layer once", names.join(", "));
  return taps;
}

function tapBehind(walk: GraphWalk, leaf: string, grid: { width: number; height: number }): PadimTap {
  const producer = walk.index.producers.get(leaf);
  const enlarged = producer?.opType === "Resize";
  const name = enlarged ? resolved(walk, producer.inputs[0] ?? "") : leaf;
  if (!walk.index.producers.has(name)) throw refusal("layers of a network", `the value ${name}`);
  const dims = shapeOf(walk, name, `the layer ${name}`);
  const [batch, channels = 0, height = 0, width = 0] = dims;
  const within = height <= grid.height && width <= grid.width && height > 0 && width > 0;
  if (dims.length !== 4 || batch !== 1 || !within)
    throw refusal(`a layer of at most ${grid.width} × ${grid.height} cells`, `[${dims.join(", ")}]`);
  if (enlarged) checkEnlargement(walk, producer, { width, height }, grid);
  else if (height !== grid.height || width !== grid.width)
    throw refusal(`a layer of ${grid.width} × ${grid.height} cells`, `${width} × ${height}`);
  return { name, channels, width, height };
}

function checkEnlargement(
  walk: GraphWalk,
  resize: OnnxNode,
  from: { width: number; height: number },
  grid: { width: number; height: number },
): void {
  const what = "layers that are enlarged by nearest neighbour";
  const { mode, coordinates, nearest } = resizeWords(walk, resize, what);
  if (mode !== "nearest" || coordinates !== "asymmetric" || nearest !== "floor")
    throw refusal(`${what} (asymmetric, floor)`, `${mode}, ${coordinates}, ${nearest}`);
  const [batch, channels, height, width] = shapeOf(walk, resize.outputs[0] ?? "", "an enlarged layer");
  const [, same] = shapeOf(walk, resize.inputs[0] ?? "", "a layer");
  const fits = batch === 1 && channels === same && height === grid.height && width === grid.width;
  if (!fits) throw refusal(`layers enlarged to ${grid.width} × ${grid.height} cells`, `${width} × ${height}`);
  if (roundsAlike(from.height, grid.height) && roundsAlike(from.width, grid.width)) return;
  throw refusal(
    "layers whose enlargement is the same in float32 and in whole numbers",
    `${from.width} × ${from.height} enlarged to ${grid.width} × ${grid.height}`,
  );
}

/**
 * Whether ⌊target / (to / from)⌋ in float32, as ONNX Runtime counts, is ⌊target · from / to⌋ for every target. For
 * ratios that are no power of two a cell on the edge of two can fall on the other side.
 */
function roundsAlike(from: number, to: number): boolean {
  const scale = Math.fround(to / from);
  for (let target = 0; target < to; target++) {
    if (Math.floor(Math.fround(target / scale)) !== Math.floor((target * from) / to)) return false;
  }
  return true;
}
