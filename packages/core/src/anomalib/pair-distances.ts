/**
 * Euclidean distances between rows, as Anomalib writes them for exporters: √max(0, |x|² − 2·x·yᵀ + |y|²). Source:
 * `PatchcoreModel.euclidean_dist`, 0.5 to 2.7.
 */
import { intAttribute, intsAttribute } from "../onnx/graph-index.js";
import { reducedAxes } from "../onnx/known-shapes.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import { constant, dataAndConstant, type GraphWalk, nodeBehind, refusal, resolved } from "./graph-walk.js";
import { rootBehind } from "./root-behind.js";

/** Distances `[..., rows of x, rows of y]`. */
export interface PairDistances {
  /** Name of the distances. */
  readonly distances: string;
  /** Name of x. */
  readonly rows: string;
  /** Name of yᵀ: what x is multiplied with. */
  readonly turned: string;
  /** Name of |y|² as a row: `[..., 1, rows of y]`. */
  readonly lengths: string;
}

/** One of the numbers that are added. */
interface Term {
  readonly name: string;
  readonly sign: 1 | -1;
}

/** The terms that there are. */
const MAX_TERMS = 3;

/**
 * The distances behind a name.
 * @param what they are, for the refusal: "distances of patches from the memory bank".
 * @throws BlemishError MODEL_ENGINE when they are computed in another way.
 */
export function pairDistances(walk: GraphWalk, name: string, what: string): PairDistances {
  const { distances, squares } = rootBehind(walk, name);
  const terms = termsOf(walk, squares);
  const product = terms.flatMap((term) => productOf(walk, term) ?? [])[0];
  const rows = product && resolved(walk, product.inputs[0] ?? "");
  const own = terms.find((term) => term.sign === 1 && squaredLengthsOf(walk, term.name) === rows);
  const others = terms.filter((term) => term !== own && productOf(walk, term) === null);
  const [lengths] = others;
  const whole = terms.length === 3 && others.length === 1 && lengths?.sign === 1;
  if (product === undefined || rows === undefined || own === undefined || lengths === undefined || !whole)
    throw refusal(`${what} as √(|x|² − 2·x·yᵀ + |y|²)`, "another way of computing them");
  return { distances, rows, turned: resolved(walk, product.inputs[1] ?? ""), lengths: lengths.name };
}

/** What sums and differences of sums and differences add up; none when there are too many terms. */
function termsOf(walk: GraphWalk, sum: string): Term[] {
  const terms: Term[] = [];
  const waiting: Term[] = [{ name: resolved(walk, sum), sign: 1 }];
  // The limit ends a ring of nodes, too: each sum that is opened is one term more.
  while (waiting.length > 0 && terms.length + waiting.length <= MAX_TERMS) {
    const term = waiting.pop() as Term;
    const { name, sign } = term;
    const node = walk.index.producers.get(name);
    if (node?.opType !== "Add" && node?.opType !== "Sub") {
      terms.push(term);
      continue;
    }
    const [left = "", right = ""] = node.inputs.map((input) => resolved(walk, input));
    const other = node.opType === "Sub" ? (-sign as 1 | -1) : sign;
    waiting.push({ name: right, sign: other }, { name: left, sign });
  }
  return waiting.length > 0 ? [] : terms;
}

/** The product of a term −2·x·yᵀ; null for other terms. */
function productOf(walk: GraphWalk, { name, sign }: Term): OnnxNode | null {
  const times = walk.index.producers.get(name);
  if (times?.opType !== "Mul") return null;
  const sides = dataAndConstant(walk, times);
  const product = sides && walk.index.producers.get(resolved(walk, sides.data));
  return sides?.value === -2 * sign && product?.opType === "MatMul" ? product : null;
}

/** Name of x where a value is |x|² with its last axis kept as 1; null elsewhere. */
export function squaredLengthsOf(walk: GraphWalk, name: string): string | null {
  const sum = walk.index.producers.get(resolved(walk, name));
  if (sum?.opType !== "ReduceSum" || intAttribute(sum, "keepdims") === 0 || !isOverLast(walk, sum))
    return null;
  const square = walk.index.producers.get(resolved(walk, sum.inputs[0] ?? ""));
  const [left = "", right = ""] = square?.inputs.map((input) => resolved(walk, input)) ?? [];
  if (square?.opType === "Pow" && constant(walk, right) === 2) return left;
  return square?.opType === "Mul" && left === right ? left : null;
}

function isOverLast(walk: GraphWalk, sum: OnnxNode): boolean {
  const rank = walk.shapes(sum.inputs[0] ?? "")?.dims.length ?? 0;
  const axes = intsAttribute(sum, "axes") ?? walk.shapes(sum.inputs[1] ?? "")?.values;
  if (axes?.length !== 1) return false;
  return axes[0] === -1 || (rank > 0 && reducedAxes(sum, rank, walk.shapes)?.[0] === rank - 1);
}

/** The value that a transposition of the last two axes was made from. @throws MODEL_ENGINE for another. */
export function turnedBack(walk: GraphWalk, name: string, what: string): string {
  const turn = nodeBehind(walk, name, ["Transpose"], what);
  const perm = intsAttribute(turn, "perm")?.join();
  if (perm === "1,0" || perm === "0,2,1") return resolved(walk, turn.inputs[0] ?? "");
  throw refusal(what, "another transposition");
}
