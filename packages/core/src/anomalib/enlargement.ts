/** How a Resize in a graph enlarges a grid, where one of our own ways computes the same. */
import type { OnnxNode } from "../onnx/onnx-model.js";
import type { Upsampling } from "../stages/score-map/smoothing.js";
import { type GraphWalk, refusal, resizeWords, shapeOf } from "./graph-walk.js";

const WORDS = {
  nearest: "nearest neighbour (asymmetric, floor)",
  bilinear: "bilinear interpolation (half_pixel)",
} as const;

/**
 * The way a Resize works.
 * @param what is enlarged, for the refusal: "layers".
 * @param ways that are taken.
 * @throws BlemishError MODEL_ENGINE when it is none of them, or would round differently.
 */
export function enlargementOf(
  walk: GraphWalk,
  resize: OnnxNode,
  what: string,
  ways: readonly Upsampling[],
): Upsampling {
  const expected = `${what} that are enlarged with ${ways.map((way) => WORDS[way]).join(" or ")}`;
  const { mode, coordinates, nearest } = resizeWords(walk, resize, expected);
  // Both mean the same where the result has more than one cell on each side, and where nothing is enlarged.
  const halfPixel = coordinates === "half_pixel" || coordinates === "pytorch_half_pixel";
  if (ways.includes("bilinear") && mode === "linear" && halfPixel) return "bilinear";
  const floor = mode === "nearest" && coordinates === "asymmetric" && nearest === "floor";
  if (!ways.includes("nearest") || !floor)
    throw refusal(expected, `${mode}, ${coordinates}${mode === "nearest" ? `, ${nearest}` : ""}`);
  checkRounding(walk, resize, what);
  return "nearest";
}

function checkRounding(walk: GraphWalk, resize: OnnxNode, what: string): void {
  const from = shapeOf(walk, resize.inputs[0] ?? "", `what is enlarged: ${what}`).slice(-2);
  const to = shapeOf(walk, resize.outputs[0] ?? "", `enlarged ${what}`).slice(-2);
  if (from.every((side, axis) => roundsAlike(side, to[axis] ?? 0))) return;
  throw refusal(
    `${what} whose enlargement is the same in float32 and in whole numbers`,
    `${[...from].reverse().join(" × ")} enlarged to ${[...to].reverse().join(" × ")}`,
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
