/**
 * Resizing of 8-bit samples as ONNX nodes, in the arithmetic of `stages/image`: whole numbers after each step where OpenCV and
 * Pillow have them. Written with plain operators, because runtimes read `Resize` differently: OpenVINO ignores its antialiasing.
 * Positions and weights are computed in the graph from the picture's size, in whole numbers as long as side × target < 2²³.
 */
import { ONNX_TYPE } from "../../onnx/data-types.js";
import type { GraphBuilder } from "./graph-builder.js";

/** Axes of `[batch, 3, height, width]`. */
const AXIS = { y: 2, x: 3 } as const;

type Axis = keyof typeof AXIS;

/** Nearest neighbour, as OpenCV: the pixel at or before the place. */
export function nearestNodes(builder: GraphBuilder, value: string, width: number, height: number): string {
  const rows = pick(builder, value, nearestIndices(builder, value, "y", height), "y");
  return pick(builder, rows, nearestIndices(builder, value, "x", width), "x");
}

/** OpenCV's INTER_LINEAR: weights of 11 bits, two shifts that cut off. */
export function linearNodes(builder: GraphBuilder, value: string, width: number, height: number): string {
  const columns = linearTaps(builder, value, "x", width);
  const rows = linearTaps(builder, value, "y", height);
  const across = (index: string) => {
    const line = pick(builder, value, index, "y");
    const low = builder.add("Mul", [pick(builder, line, columns.low, "x"), columns.lowWeight]);
    const high = builder.add("Mul", [pick(builder, line, columns.high, "x"), columns.highWeight]);
    return floorOf(builder, builder.add("Mul", [builder.add("Add", [low, high]), scalar(builder, 1 / 16)]));
  };
  const cut = (line: string, weight: string) =>
    floorOf(builder, builder.add("Mul", [builder.add("Mul", [line, weight]), scalar(builder, 1 / 65536)]));
  const low = cut(across(rows.low), column(builder, rows.lowWeight));
  const high = cut(across(rows.high), column(builder, rows.highWeight));
  const quarters = builder.add("Add", [builder.add("Add", [low, high]), scalar(builder, 2)]);
  return floorOf(builder, builder.add("Mul", [quarters, scalar(builder, 1 / 4)]));
}

/** Pillow's antialiased BILINEAR: along the rows, rounded, then along the columns. */
export function antialiasNodes(builder: GraphBuilder, value: string, width: number, height: number): string {
  const columns = antialiasWeights(builder, value, "x", width);
  const across = weighed(builder, columns, (weights) => builder.add("MatMul", [value, weights]));
  const rows = antialiasWeights(builder, value, "y", height);
  return weighed(builder, rows, (weights) => {
    const turned = builder.add("Transpose", [weights], { perm: [1, 0] });
    return builder.add("MatMul", [turned, across]);
  });
}

/**
 * Sums of samples times weights of 22 bits, halves rounded up. A sum has 30 bits and float32 holds 24: it is taken in two halves, each
 * of which is a whole number that float32 holds, as long as no side shrinks more than sixteen times.
 */
function weighed(builder: GraphBuilder, { high, low }: Weights, times: (weights: string) => string): string {
  const carried = floorOf(builder, builder.add("Mul", [times(low), scalar(builder, 1 / HALF)]));
  const sum = builder.add("Add", [builder.add("Add", [times(high), carried]), scalar(builder, HALF / 2)]);
  return floorOf(builder, builder.add("Mul", [sum, scalar(builder, 1 / HALF)]));
}

/** int64 `[target]`: floor(index · side / target). */
function nearestIndices(builder: GraphBuilder, value: string, axis: Axis, target: number): string {
  const places = builder.add("Mul", [numbers(builder, target, (i) => i), sideOf(builder, value, axis)]);
  return whole(builder, floorOf(builder, builder.add("Div", [places, scalar(builder, target)])));
}

interface Taps {
  /** int64 `[target]`. */
  readonly low: string;
  readonly high: string;
  /** float32 `[target]`, in 2048ths. */
  readonly lowWeight: string;
  readonly highWeight: string;
}

/** What `linearTaps` and `fixedWeights` of `stages/image` say, for a side that the graph learns when it runs. */
function linearTaps(builder: GraphBuilder, value: string, axis: Axis, target: number): Taps {
  const side = sideOf(builder, value, axis);
  const last = builder.add("Sub", [side, scalar(builder, 1)]);
  // (2 i + 1) · side − target over 2 · target: the place, in float32 as OpenCV has it.
  const doubled = builder.add("Mul", [numbers(builder, target, (i) => 2 * i + 1), side]);
  const place = builder.add("Div", [
    builder.add("Sub", [doubled, scalar(builder, target)]),
    scalar(builder, 2 * target),
  ]);
  const floor = floorOf(builder, place);
  const own = builder.add("Sub", [place, floor]);
  const share = axis === "y" ? own : builder.add("Mul", [own, insideOf(builder, floor, last)]);
  const one = builder.add("Sub", [scalar(builder, 1), share]);
  const fixed = (part: string) => builder.add("Round", [builder.add("Mul", [part, scalar(builder, 2048)])]);
  const clamped = (index: string) =>
    whole(builder, builder.add("Max", [builder.add("Min", [index, last]), scalar(builder, 0)]));
  return {
    low: clamped(floor),
    high: clamped(builder.add("Add", [floor, scalar(builder, 1)])),
    lowWeight: fixed(one),
    highWeight: fixed(share),
  };
}

/** 1 where a place lies between two pixels, 0 outside of the outermost: OpenCV has no share there along x. */
function insideOf(builder: GraphBuilder, floor: string, last: string): string {
  const outside = builder.add("Or", [
    builder.add("Less", [floor, scalar(builder, 0)]),
    builder.add("Not", [builder.add("Less", [floor, last])]),
  ]);
  return builder.add("Cast", [builder.add("Not", [outside])], { to: ONNX_TYPE.float32 });
}

/** Weights of 22 bits: high · 2048 + low is the weight in 2⁻²²; float32 `[side, target]`. */
interface Weights {
  readonly high: string;
  readonly low: string;
}

const HALF = 2 ** 11;

/** A triangle as wide as two target pixels, never narrower than two source pixels; the weights of a target sum to about one. */
function antialiasWeights(builder: GraphBuilder, value: string, axis: Axis, target: number): Weights {
  const side = sideOf(builder, value, axis);
  const end = builder.reduce("Max", side, [0], false);
  const places = builder.add("Range", [scalar(builder, 0), end, scalar(builder, 1)]);
  const odd = builder.add("Add", [builder.add("Add", [places, places]), scalar(builder, 1)]);
  const sources = column(builder, builder.add("Mul", [odd, scalar(builder, target)]));
  const centres = builder.add("Mul", [numbers(builder, target, (i) => 2 * i + 1), side]);
  const distance = builder.add("Abs", [builder.add("Sub", [sources, centres])]);
  const wider = builder.add("Max", [side, scalar(builder, target)]);
  const support = builder.add("Add", [wider, wider]);
  const triangle = builder.add("Relu", [builder.add("Sub", [support, distance])]);
  return dividedTwice(builder, triangle, builder.reduce("Sum", triangle, [0], true));
}

/** part / whole in 22 bits, by long division of whole numbers; the last bit is rounded. */
function dividedTwice(builder: GraphBuilder, part: string, whole: string): Weights {
  const shifted = (value: string) => builder.add("Mul", [value, scalar(builder, HALF)]);
  const high = floorOf(builder, builder.add("Div", [shifted(part), whole]));
  const rest = builder.add("Sub", [shifted(part), builder.add("Mul", [high, whole])]);
  const last = builder.add("Div", [shifted(rest), whole]);
  return { high, low: floorOf(builder, builder.add("Add", [last, scalar(builder, 0.5)])) };
}

/** float32 `[1]`: a side of the picture. */
function sideOf(builder: GraphBuilder, value: string, axis: Axis): string {
  const side = builder.add("Gather", [builder.add("Shape", [value]), builder.ints([AXIS[axis]])], {
    axis: 0,
  });
  return builder.add("Cast", [side], { to: ONNX_TYPE.float32 });
}

/** `[n]` → `[n, 1]`. */
function column(builder: GraphBuilder, value: string): string {
  return builder.add("Reshape", [value, builder.ints([-1, 1])]);
}

function pick(builder: GraphBuilder, value: string, indices: string, axis: Axis): string {
  return builder.add("Gather", [value, indices], { axis: AXIS[axis] });
}

function numbers(builder: GraphBuilder, length: number, numberOf: (index: number) => number): string {
  return builder.floats(
    [length],
    Float32Array.from({ length }, (_, i) => numberOf(i)),
  );
}

function scalar(builder: GraphBuilder, value: number): string {
  return builder.floats([], [value]);
}

function whole(builder: GraphBuilder, value: string): string {
  return builder.add("Cast", [value], { to: ONNX_TYPE.int64 });
}

function floorOf(builder: GraphBuilder, value: string): string {
  return builder.add("Floor", [value]);
}
