/**
 * The middle of a PatchCore graph: from the concatenated taps to the distance of every patch from the memory bank.
 * Source: Anomalib `PatchcoreModel`, 0.5 to 2.7.
 */
import { constantNumbers, intAttribute, intsAttribute } from "../onnx/graph-index.js";
import { reducedAxes } from "../onnx/known-shapes.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import { bankBehind, type ConstantBank, isBankLengths, isTurnedBank } from "./constant-bank.js";
import { type GraphWalk, nodeBehind, refusal, resolved, sameDims, shapeOf } from "./graph-walk.js";
import { pairDistances } from "./pair-distances.js";

/** The search of a graph with P patches in a picture. */
export interface PatchcoreHead {
  /** Name of the concatenated taps `[batch, C, h, w]`. */
  readonly embedding: string;
  /** Grid of the patches: P = width · height, row-major. */
  readonly width: number;
  readonly height: number;
  readonly bank: ConstantBank;
  /** Name of the patches before they are reshaped, `[batch, h, w, C]`. */
  readonly patches: string;
  /** Name of the distances to the nearest row before they are reshaped, `[batch · P]`. */
  readonly nearest: string;
  /** Names of the distances to all rows, `[patches of a part, rows]`: the patches are searched in parts (2.7) or at once. */
  readonly distances: readonly string[];
}

const SEARCH = "the nearest patch of a memory bank for every patch";

/**
 * The steps that end in the distances of the patches.
 * @param distances name of the grid of distances `[batch, 1, h, w]`.
 * @throws BlemishError MODEL_ENGINE when they are others.
 */
export function patchcoreHead(walk: GraphWalk, distances: string, batch: number): PatchcoreHead {
  const [pictures, one, height = 0, width = 0] = shapeOf(walk, distances, "the distances");
  if (pictures !== batch || one !== 1) throw refusal(`distances [${batch}, 1, h, w]`, "another shape");
  const nearest = beforeReshapes(walk, distances);
  const parts = partsOf(walk, nearest);
  const all = parts.map((part) =>
    pairDistances(walk, minimumOf(walk, part), "distances from the memory bank"),
  );
  const patches = patchesOf(
    walk,
    all.map(({ rows }) => rows),
  );
  const turn = nodeBehind(walk, patches, ["Transpose"], "patches that are the cells of the layers");
  const embedding = resolved(walk, turn.inputs[0] ?? "");
  const dims = shapeOf(walk, embedding, "the concatenated layers");
  const [first] = all;
  const fits =
    sameDims(intsAttribute(turn, "perm") ?? [], [0, 2, 3, 1]) &&
    sameDims(dims, [batch, dims[1] ?? 0, height, width]);
  if (!fits || first === undefined) throw refusal("patches that are the cells of the layers", "others");
  const bank = bankBehind(walk, first.turned, dims[1] ?? 0);
  for (const { turned, lengths } of all)
    if (!isTurnedBank(walk, turned, bank) || !isBankLengths(walk, lengths, bank))
      throw refusal("one memory bank for all patches", "another one for some of them");
  return { embedding, width, height, bank, patches, nearest, distances: all.map((part) => part.distances) };
}

/** Far more reshapes than stand in a row. */
const MAX_RESHAPES = 16;

/** The value before all reshapes, which keep numbers in their order. */
export function beforeReshapes(walk: GraphWalk, name: string): string {
  let current = resolved(walk, name);
  for (let passed = 0; passed < MAX_RESHAPES; passed++) {
    const node = walk.index.producers.get(current);
    if (node?.opType !== "Reshape") return current;
    current = resolved(walk, node.inputs[0] ?? "");
  }
  return current;
}

/** The parts of a list that is put together along its only axis; the list itself when it is whole. */
export function partsOf(walk: GraphWalk, name: string): readonly string[] {
  const node = walk.index.producers.get(name);
  const joined = node?.opType === "Concat" && (intAttribute(node, "axis") ?? 0) === 0;
  return joined ? node.inputs.map((input) => resolved(walk, input)) : [name];
}

/** Name of the distances `[patches, rows]` whose smallest are taken. */
function minimumOf(walk: GraphWalk, name: string): string {
  const node = nodeBehind(walk, name, ["ReduceMin"], SEARCH);
  const data = resolved(walk, node.inputs[0] ?? "");
  const axes = reducedAxes(node, shapeOf(walk, data, "the distances").length, walk.shapes);
  if (!sameDims(axes, [1]) || intAttribute(node, "keepdims") !== 0) throw refusal(SEARCH, "another search");
  return data;
}

/** The whole list of patches before it is reshaped, from the parts that are compared. */
function patchesOf(walk: GraphWalk, parts: readonly string[]): string {
  const [only] = parts;
  const slices = parts.map((part) => sliceOf(walk, part));
  const [firstSlice] = slices;
  if (parts.length === 1 && only !== undefined && firstSlice === null) return beforeReshapes(walk, only);
  let next = 0;
  for (const slice of slices) {
    if (slice === null || slice.start !== next || slice.whole !== firstSlice?.whole)
      throw refusal("patches that are searched part after part", "parts that leave some out");
    next = slice.end;
  }
  const [patches = 0] = shapeOf(walk, firstSlice?.whole ?? "", "the patches");
  if (next < patches) throw refusal("patches that are searched part after part", "parts that leave some out");
  return beforeReshapes(walk, firstSlice?.whole ?? "");
}

interface Slice {
  readonly whole: string;
  readonly start: number;
  readonly end: number;
}

/** A run of rows; null where a value is no Slice. */
function sliceOf(walk: GraphWalk, name: string): Slice | null {
  const node: OnnxNode | undefined = walk.index.producers.get(name);
  if (node?.opType !== "Slice") return null;
  const [start, end, axis = 0, step = 1] = [1, 2, 3, 4].map((at) => {
    const input = node.inputs[at] ?? "";
    return input === "" ? undefined : (constantNumbers(walk.index, input)?.[0] ?? Number.NaN);
  });
  const rows =
    axis === 0 && step === 1 && start !== undefined && end !== undefined && start >= 0 && end > start;
  if (!rows) throw refusal("patches that are searched part after part", "another part of them");
  return { whole: resolved(walk, node.inputs[0] ?? ""), start, end };
}
