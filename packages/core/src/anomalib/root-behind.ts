/** The root that gives distances, and that what stands under it is cut at 0 first: rounding can make it negative. */
import { constant, dataAndConstant, type GraphWalk, nodeBehind, refusal, resolved } from "./graph-walk.js";

/** A square root and what it is of. */
export interface Root {
  /** Name of its result. */
  readonly distances: string;
  /** Name of the squared distances, not yet cut. */
  readonly squares: string;
}

const CUT = "squared distances that are cut at 0";

/**
 * √max(0, squares), cut by a Clip or a Max.
 * @throws BlemishError MODEL_ENGINE when the value is another.
 */
export function rootBehind(walk: GraphWalk, distances: string): Root {
  const root = nodeBehind(walk, distances, ["Sqrt"], "a square root that gives the distances");
  const node = nodeBehind(walk, root.inputs[0] ?? "", ["Clip", "Max"], CUT);
  const found = { distances: root.outputs[0] ?? "" };
  if (node.opType === "Max") {
    const sides = dataAndConstant(walk, node);
    if (sides?.value === 0) return { ...found, squares: resolved(walk, sides.data) };
  } else if (constant(walk, node.inputs[1] ?? "") === 0 && (node.inputs[2] ?? "") === "") {
    return { ...found, squares: resolved(walk, node.inputs[0] ?? "") };
  }
  throw refusal(CUT, `another ${node.opType}`);
}
