/**
 * The image score of a PatchCore graph: the largest distance of a patch, weighted by how that patch stands to the
 * neighbours of the bank's row nearest to it. Source: Anomalib `PatchcoreModel.compute_anomaly_score`, 0.5 to 2.7;
 * PatchCore (arXiv 2106.08265), equations 6 and 7.
 */
import { constantNumbers, intAttribute, intsAttribute } from "../onnx/graph-index.js";
import { reducedAxes } from "../onnx/known-shapes.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import { isBank, isBankLengths, isTurnedBank } from "./constant-bank.js";
import { constant, type GraphWalk, nodeBehind, refusal, resolved, sameDims, shapeOf } from "./graph-walk.js";
import { pairDistances, squaredLengthsOf, turnedBack } from "./pair-distances.js";
import { beforeReshapes, type PatchcoreHead, partsOf } from "./patchcore-head.js";

/** The most neighbours that our own search finds, see `kernels/memory-bank.ts`. */
export const MOST_GRAPH_NEIGHBOURS = 9;

/** What all steps of the score refer to. */
interface ScoreWalk {
  readonly walk: GraphWalk;
  readonly head: PatchcoreHead;
  readonly batch: number;
}

/**
 * Neighbours that weigh the score; 1 = the largest distance as it is.
 * @param score name of the raw image score `[batch]`.
 * @throws BlemishError MODEL_ENGINE when it is another number.
 */
export function patchcoreScore(walk: GraphWalk, score: string, head: PatchcoreHead, batch: number): number {
  const all: ScoreWalk = { walk, head, batch };
  const what = "the largest distance of a patch, weighted by its neighbours, as image score";
  const node = nodeBehind(walk, score, ["Mul", "ReduceMax"], what);
  if (node.opType === "ReduceMax") {
    const data = resolved(walk, node.inputs[0] ?? "");
    if (!isNearest(all, data) || !sameDims(reducedAxes(node, 2, walk.shapes), [1]))
      throw refusal(what, "another");
    return 1;
  }
  const [left = "", right = ""] = node.inputs.map((input) => resolved(walk, input));
  const [weight, highest] = isWeight(walk, left) ? [left, right] : [right, left];
  const { data, place } = atHighest(all, highest);
  if (!isNearest(all, data)) throw refusal(what, "the distance of another patch");
  return neighboursOf(all, weight, place);
}

/** Whether a value is the distances of all patches to their nearest rows, a row for each picture. */
function isNearest({ walk, head, batch }: ScoreWalk, name: string): boolean {
  const dims = shapeOf(walk, name, "the distances of the patches");
  return beforeReshapes(walk, name) === head.nearest && sameDims(dims, [batch, head.width * head.height]);
}

function isWeight(walk: GraphWalk, name: string): boolean {
  const gather = walk.index.producers.get(name);
  const from = walk.index.producers.get(resolved(walk, gather?.inputs[0] ?? ""));
  return gather?.opType === "Gather" && from?.opType === "Sub";
}

/** 1 − softmax of the distances from the patch to its row's neighbours, of which the row itself is the first. */
function neighboursOf(all: ScoreWalk, weight: string, place: string): number {
  const { walk } = all;
  const what = "1 − softmax(distances to the neighbours), the first of them, as weight";
  const first = nodeBehind(walk, weight, ["Gather"], what);
  const rest = nodeBehind(walk, first.inputs[0] ?? "", ["Sub"], what);
  const softmax = nodeBehind(walk, rest.inputs[1] ?? "", ["Softmax"], what);
  const squeeze = nodeBehind(walk, softmax.inputs[0] ?? "", ["Squeeze", "Reshape"], what);
  const right =
    intAttribute(first, "axis") === 1 &&
    constant(walk, first.inputs[1] ?? "") === 0 &&
    constant(walk, rest.inputs[0] ?? "") === 1 &&
    [1, -1].includes(intAttribute(softmax, "axis") ?? 0) &&
    (squeeze.opType === "Reshape" || sameDims(axesOf(walk, squeeze), [1]));
  if (!right) throw refusal(what, "another weight");
  const { rows, turned, lengths } = pairDistances(
    walk,
    squeeze.inputs[0] ?? "",
    "distances to the neighbours",
  );
  checkPatch(all, rows, place);
  const neighbours = turnedBack(walk, turned, what);
  const measured = squaredLengthsOf(walk, turnedBack(walk, lengths, what));
  const chosen = rowsOf(all, neighbours);
  if (measured !== neighbours || chosen === null) throw refusal(what, "other rows of the bank");
  return nearestRows(all, chosen, place);
}

/** x is the patch with the largest distance, `[batch, 1, C]`. */
function checkPatch(all: ScoreWalk, name: string, place: string): void {
  const { walk, head, batch } = all;
  const what = "the patch with the largest distance";
  const lifted = nodeBehind(walk, name, ["Unsqueeze"], what);
  const { data, place: own } = atHighest(all, resolved(walk, lifted.inputs[0] ?? ""));
  const dims = shapeOf(walk, data, "the patches");
  const fits =
    own === place &&
    sameDims(axesOf(walk, lifted), [1]) &&
    beforeReshapes(walk, data) === head.patches &&
    sameDims(dims, [batch, head.width * head.height, head.bank.channels]);
  if (!fits) throw refusal(what, "another patch");
}

/** How many neighbours are chosen, the nearest rows to the row that is nearest to the patch. */
function nearestRows(all: ScoreWalk, chosen: string, place: string): number {
  const { walk, head } = all;
  const what = "the neighbours of the bank's row that is nearest to the patch";
  const top = nodeBehind(walk, chosen, ["TopK"], what);
  const count = constant(walk, top.inputs[1] ?? "");
  const smallest =
    intAttribute(top, "axis") === 1 &&
    intAttribute(top, "largest") === 0 &&
    intAttribute(top, "sorted") !== 0;
  if (!smallest || resolved(walk, chosen) !== top.outputs[1] || count === null) throw refusal(what, "others");
  const { rows, turned, lengths } = pairDistances(walk, top.inputs[0] ?? "", what);
  if (!isTurnedBank(walk, turned, head.bank) || !isBankLengths(walk, lengths, head.bank))
    throw refusal(what, "neighbours in another bank");
  const row = rowsOf(all, rows);
  const found = row === null ? null : atHighest(all, row);
  if (found === null || found.place !== place || !isRowSearch(all, found.data))
    throw refusal(what, "another row");
  if (count < 2 || count > MOST_GRAPH_NEIGHBOURS)
    throw refusal(`2 to ${MOST_GRAPH_NEIGHBOURS} neighbours`, `${count}`);
  return count;
}

/** Whether a value says for each patch which row is nearest, found in the same distances. */
function isRowSearch({ walk, head }: ScoreWalk, name: string): boolean {
  const searches = partsOf(walk, beforeReshapes(walk, name)).map((part) => walk.index.producers.get(part));
  return (
    searches.length === head.distances.length &&
    searches.every(
      (search, at) =>
        search?.opType === "ArgMin" &&
        intAttribute(search, "axis") === 1 &&
        intAttribute(search, "keepdims") === 0 &&
        (intAttribute(search, "select_last_index") ?? 0) === 0 &&
        resolved(walk, search.inputs[0] ?? "") === head.distances[at],
    )
  );
}

/** Name of the indices of the bank's rows that a value is made of; null where it is none. */
function rowsOf({ walk, head }: ScoreWalk, name: string): string | null {
  const node = walk.index.producers.get(resolved(walk, name));
  const [data = "", indices = ""] = node?.inputs ?? [];
  if (node?.opType === "Gather" && (intAttribute(node, "axis") ?? 0) === 0)
    return isBank(walk, data, head.bank) ? resolved(walk, indices) : null;
  if (node?.opType !== "GatherND" || (intAttribute(node, "batch_dims") ?? 0) !== 0) return null;
  const lifted = walk.index.producers.get(resolved(walk, indices));
  if (lifted?.opType !== "Unsqueeze" || !isBank(walk, data, head.bank)) return null;
  return sameDims(axesOf(walk, lifted), [-1]) ? resolved(walk, lifted.inputs[0] ?? "") : null;
}

/** The value that is taken at each picture's patch with the largest distance, and the name of that patch's number. */
function atHighest(all: ScoreWalk, name: string): { readonly data: string; readonly place: string } {
  const { walk } = all;
  const what = "values at the patch with the largest distance";
  const node = nodeBehind(walk, beforeReshapes(walk, name), ["GatherND", "Gather"], what);
  const [data = "", indices = ""] = node.inputs.map((input) => resolved(walk, input));
  const isOuter = node.opType === "Gather" && (intAttribute(node, "axis") ?? 0) === 0;
  const place = isOuter ? flatPlace(all, indices) : pairedPlace(all, node, indices);
  const flat = isOuter ? nodeBehind(walk, data, ["Flatten"], what) : null;
  if (flat !== null && intAttribute(flat, "axis") !== 2) throw refusal(what, "others");
  const search = place === null ? undefined : walk.index.producers.get(place);
  const isHighest =
    search?.opType === "ArgMax" &&
    intAttribute(search, "axis") === 1 &&
    intAttribute(search, "keepdims") === 0 &&
    (intAttribute(search, "select_last_index") ?? 0) === 0 &&
    isNearest(all, resolved(walk, search.inputs[0] ?? ""));
  if (place === null || !isHighest) throw refusal(what, "values at other patches");
  return { data: flat === null ? data : resolved(walk, flat.inputs[0] ?? ""), place };
}

/** 0.x and 1.x, which count on from picture to picture: the patch's number plus 0 for the only picture. */
function flatPlace({ walk, batch }: ScoreWalk, indices: string): string | null {
  const sum = walk.index.producers.get(indices);
  if (sum?.opType !== "Add" || batch !== 1) return null;
  const [left = "", right = ""] = sum.inputs.map((input) => resolved(walk, input));
  const isZero = (name: string) => walk.shapes(name)?.values?.every((value) => value === 0) === true;
  return isZero(right) ? left : isZero(left) ? right : null;
}

/** 2.x: pairs of picture and patch. */
function pairedPlace({ walk, batch }: ScoreWalk, node: OnnxNode, indices: string): string | null {
  const pair = walk.index.producers.get(indices);
  const joined = pair?.opType === "Concat" && [-1, 1].includes(intAttribute(pair, "axis") ?? 0);
  if (node.opType !== "GatherND" || (intAttribute(node, "batch_dims") ?? 0) !== 0 || !joined) return null;
  const [pictures = "", patches = ""] = pair.inputs.map((input) => resolved(walk, input));
  const column = walk.index.producers.get(patches);
  const inOrder = Array.from({ length: batch }, (_, at) => at);
  const lifts = column?.opType === "Unsqueeze" && [-1, 1].includes(axesOf(walk, column)?.[0] ?? 0);
  return lifts && sameDims(listOf(walk, pictures), inOrder) ? resolved(walk, column.inputs[0] ?? "") : null;
}

/** Numbers of a column, stored or lifted from a list that is known. */
function listOf(walk: GraphWalk, name: string): readonly number[] | undefined {
  const stored = constantNumbers(walk.index, name);
  if (stored !== null) return stored;
  const node = walk.index.producers.get(name);
  const list = node?.opType === "Unsqueeze" ? resolved(walk, node.inputs[0] ?? "") : name;
  return walk.shapes(list)?.values ?? undefined;
}

/** Axes of a Squeeze or Unsqueeze, as they are written. */
function axesOf(walk: GraphWalk, node: OnnxNode): readonly number[] | undefined {
  return intsAttribute(node, "axes") ?? walk.shapes(node.inputs[1] ?? "")?.values ?? undefined;
}
