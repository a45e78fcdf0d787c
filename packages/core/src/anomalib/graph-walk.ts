/**
 * Walking a graph from its outputs towards its input, strictly: each step names the operation it expects, and anything
 * else ends the walk with a reason. So what a walk returns from accounts for every node behind it.
 */
import { BlemishError } from "../errors.js";
import { constantNumbers, type GraphIndex, intAttribute, textAttribute } from "../onnx/graph-index.js";
import { isStandard } from "../onnx/known-shapes.js";
import type { Lookup } from "../onnx/known-values.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";

/** A graph and what is known of it for one size of the picture. */
export interface GraphWalk {
  readonly index: GraphIndex;
  /** Shapes of the values, and the numbers of those that are sizes. */
  readonly shapes: Lookup;
  readonly files: ExternalFiles | undefined;
}

/** Far more copies than stand in a row. */
const MAX_PASSED = 64;

/** The error that ends a walk: `recognisePadim` makes it the reason, with the model's name as subject elsewhere. */
export function refusal(expected: string, found: string): BlemishError {
  return new BlemishError("MODEL_ENGINE", { subject: "The model", expected, found });
}

/**
 * The value that a name stands for behind nodes that change no number: Identity, a Reshape to the same shape, a Where
 * whose condition is a constant.
 */
export function resolved(walk: GraphWalk, name: string): string {
  let current = name;
  for (let passed = 0; passed < MAX_PASSED; passed++) {
    const before = behind(walk, current);
    if (before === null) return current;
    current = before;
  }
  return current;
}

function behind(walk: GraphWalk, name: string): string | null {
  const node = walk.index.producers.get(name);
  if (node === undefined || !isStandard(node) || walk.index.constants.has(name)) return null;
  const [first = "", second = "", third = ""] = node.inputs;
  if (node.opType === "Identity") return first;
  if (node.opType === "Reshape") return sameDims(dimsOf(walk, name), dimsOf(walk, first)) ? first : null;
  if (node.opType !== "Where") return null;
  const condition = constant(walk, first);
  const chosen = condition === null ? null : condition === 0 ? third : second;
  return chosen !== null && sameDims(dimsOf(walk, name), dimsOf(walk, chosen)) ? chosen : null;
}

/**
 * The node that computes a value, which must be of one of the types.
 * @param what names the step in the refusal, such as "a square root of the distances".
 */
export function nodeBehind(walk: GraphWalk, name: string, types: readonly string[], what: string): OnnxNode {
  const found = resolved(walk, name);
  const node = walk.index.producers.get(found);
  if (node !== undefined && isStandard(node) && types.includes(node.opType)) return node;
  throw refusal(
    what,
    node === undefined ? `the value ${found || "?"} there` : `the operation ${node.opType} there`,
  );
}

/** Shape of a value; refused, naming the operation that hides it, where it cannot be told. */
export function shapeOf(walk: GraphWalk, name: string, what: string): readonly number[] {
  const dims = dimsOf(walk, name);
  if (dims !== undefined) return dims;
  const node = firstUnknown(walk, name);
  const found = node === null ? "none" : `the operation ${node.opType} before it (${node.outputs[0]})`;
  throw refusal(`sizes that can be followed through the graph to ${what}`, found);
}

/** Far more nodes than stand behind a value. */
const MAX_SEARCHED = 10_000;

/** The node behind a value whose inputs are known and whose result is not; null when there is none. */
function firstUnknown({ index, shapes }: GraphWalk, name: string): OnnxNode | null {
  const seen = new Set<string>();
  let current = index.producers.get(name);
  while (current !== undefined && seen.size < MAX_SEARCHED) {
    const unknown = current.inputs.find(
      (input) =>
        input !== "" && shapes(input) === undefined && !seen.has(input) && index.producers.has(input),
    );
    if (unknown === undefined) return current;
    seen.add(unknown);
    current = index.producers.get(unknown);
  }
  return null;
}

function dimsOf({ shapes }: GraphWalk, name: string): readonly number[] | undefined {
  return shapes(name)?.dims;
}

/** Whether two shapes are known and equal. */
export function sameDims(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  return a !== undefined && a.length === b?.length && a.every((side, axis) => side === b[axis]);
}

/** A constant of one number, finite; null otherwise. */
export function constant({ index, files }: GraphWalk, name: string): number | null {
  const values = constantNumbers(index, name, files);
  const [value] = values ?? [];
  return values?.length === 1 && Number.isFinite(value) ? (value ?? null) : null;
}

/** The input of a node with two that is a constant of one number, with the other input; null when there is none. */
export function dataAndConstant(walk: GraphWalk, node: OnnxNode): { data: string; value: number } | null {
  const [left = "", right = ""] = node.inputs;
  if (node.inputs.length !== 2) return null;
  const [a, b] = [constant(walk, left), constant(walk, right)];
  if (b !== null && a === null) return { data: left, value: b };
  return a !== null && b === null ? { data: right, value: a } : null;
}

/** How a Resize works, in the words of its attributes; ONNX's defaults where they are left out. */
export interface ResizeWords {
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
}

/**
 * The attributes of a Resize to fixed sizes.
 * @param what names it in the refusal of anything else: factors, antialiasing, cutting, keeping the aspect.
 */
export function resizeWords(walk: GraphWalk, node: OnnxNode, what: string): ResizeWords {
  const plain =
    (node.inputs[2] === undefined || node.inputs[2] === "" || walk.shapes(node.inputs[2])?.dims[0] === 0) &&
    (intAttribute(node, "antialias") ?? 0) === 0 &&
    (textAttribute(node, "keep_aspect_ratio_policy") ?? "stretch") === "stretch" &&
    walk.shapes(node.inputs[3] ?? "")?.values?.length === 4;
  if (!plain) throw refusal(`${what} to sizes that the graph tells`, "another kind of Resize");
  return {
    mode: textAttribute(node, "mode") ?? "nearest",
    coordinates: textAttribute(node, "coordinate_transformation_mode") ?? "half_pixel",
    nearest: textAttribute(node, "nearest_mode") ?? "round_prefer_floor",
  };
}
