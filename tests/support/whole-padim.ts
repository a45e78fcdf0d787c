/** A small PaDiM graph with every step that Anomalib exports, so that it can be recognised, cut and run. */
import type { OnnxModel, OnnxNode, OnnxTensor } from "@blemish/core";
import { BOOL, floats, ints, node, port, smallModel } from "./small-onnx.js";

/** Channels that are kept of 4 + 8, in draw order: two of layer1, two of layer2. */
export const WHOLE_CHANNELS = [9, 2, 4, 0];

/** Blur of the map: σ 1, hence 9 × 9. */
export const WHOLE_SIGMA = 1;

/** The kernel that Anomalib makes for a standard deviation. */
export function gaussianKernel(sigma: number): number[] {
  const radius = Math.floor(4 * sigma + 0.5);
  const line = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.fround(Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2))),
  );
  const total = line.reduce((sum, value) => sum + value, 0);
  return line.flatMap((y) => line.map((x) => (y * x) / total ** 2));
}

/** Weights that look random and are the same every time, −0.5 to 0.5. */
function wave(name: string, dims: readonly number[]): OnnxTensor {
  const count = dims.reduce((product, side) => product * side, 1);
  return floats(
    name,
    dims,
    Array.from({ length: count }, (_, i) => ((i * 37 + 11) % 101) / 101 - 0.5),
  );
}

/** Positive definite inverse covariances: 2 on the diagonal, 0.25 beside it. */
function inverses(cells: number, kept: number): number[] {
  return Array.from({ length: cells * kept * kept }, (_, at) => {
    const [row, column] = [Math.floor(at / kept) % kept, at % kept];
    return row === column ? 2 + (at % 5) / 10 : Math.abs(row - column) === 1 ? 0.25 : 0;
  });
}

/** What a graph is made of, by the names of its values: what a test may exchange. */
export interface WholeParts {
  readonly nodes?: Readonly<Record<string, OnnxNode>>;
  readonly initialisers?: Readonly<Record<string, OnnxTensor>>;
}

/** Size of the picture, in multiples of 4 pixels, and drawn channels. */
export interface WholeSize {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly number[];
}

const PLAIN: WholeSize = { width: 32, height: 32, channels: WHOLE_CHANNELS };

/**
 * PaDiM as 0.7 exports it: layer1 of 4 channels at stride 4, layer2 of 8 at stride 8 with a shortcut, four channels
 * kept, 8 × 8 cells and a map of 32 × 32 for an input of 32 × 32.
 * @param changed nodes (by their output) and initialisers that take the place of others.
 */
export function wholePadim(changed: WholeParts = {}, size = PLAIN): OnnxModel {
  const parts = { nodes: [...backboneNodes("input"), ...headNodes("output")], initialisers: weights(size) };
  const { graph, ...model } = exchanged(parts, changed);
  const { width, height } = size;
  return {
    ...model,
    graph: {
      ...graph,
      inputs: [port("input", [1, 3, height, width])],
      outputs: [port("output", [1, 1, height, width])],
    },
  };
}

/** The same with 2.x's normalisation and decisions; it resizes pictures of any size itself. */
export function wholePadim2(changed: WholeParts = {}): OnnxModel {
  const nodes = [
    node("Constant", [], "in.sizes", { value: ints("", [2], [32, 32]) }),
    node("Shape", ["input"], "in.shape", { start: 0, end: 2 }),
    node("Concat", ["in.shape", "in.sizes"], "in.full", { axis: 0 }),
    node("Resize", ["input", "", "", "in.full"], "resized", {
      mode: "linear",
      coordinate_transformation_mode: "half_pixel",
    }),
    ...backboneNodes("resized"),
    ...headNodes("raw"),
    node("ReduceMax", ["raw", "last two"], "highest", { keepdims: 0 }),
    ...["image", "pixel"].flatMap((kind) => normalisation(kind, kind === "image" ? "highest" : "raw")),
    node("Greater", ["pred_score", "half"], "pred_label"),
    node("Greater", ["anomaly_map", "half"], "pred_mask"),
  ];
  const ends = [
    ints("last two", [2], [-2, -1]),
    floats("image.threshold", [], [3]),
    floats("image.range", [], [4]),
    floats("pixel.threshold", [], [2.5]),
    floats("pixel.range", [], [5]),
    floats("half", [], [0.5]),
    floats("one", [], [1]),
  ];
  const model = exchanged({ nodes, initialisers: [...weights(PLAIN), ...ends] }, changed);
  const inputs = [port("input", ["batch_size", 3, "height", "width"])];
  const outputs = [
    port("pred_score", ["batch_size", 1]),
    port("pred_label", ["batch_size", 1], BOOL),
    port("anomaly_map", ["batch_size", 1, 32, 32]),
    port("pred_mask", ["batch_size", 1, 32, 32], BOOL),
  ];
  return {
    ...model,
    opsets: [{ domain: "", version: 18 }],
    irVersion: 8,
    graph: { ...model.graph, inputs, outputs },
  };
}

function normalisation(kind: string, raw: string): OnnxNode[] {
  const output = kind === "image" ? "pred_score" : "anomaly_map";
  return [
    node("Sub", [raw, `${kind}.threshold`], `${kind}.sub`),
    node("Div", [`${kind}.sub`, `${kind}.range`], `${kind}.div`),
    node("Add", [`${kind}.div`, "half"], `${kind}.add`),
    node("Clip", [`${kind}.add`, "zero", "one"], output),
  ];
}

function weights({ width, height, channels }: WholeSize): OnnxTensor[] {
  const [rows, columns, kept] = [height / 4, width / 4, channels.length];
  const cells = rows * columns;
  return [
    wave("w1", [4, 3, 4, 4]),
    wave("w2", [8, 4, 3, 3]),
    wave("b2", [8]),
    wave("w3", [8, 8, 3, 3]),
    wave("b3", [8]),
    ints("idx", [kept], channels),
    wave("mean", [kept, cells]),
    floats("inv_cov", [cells, kept, kept], inverses(cells, kept)),
    floats("kernel", [1, 1, 9, 9], gaussianKernel(WHOLE_SIGMA)),
    ints("sizes", [4], [1, 8, rows, columns]),
    ints("flat", [3], [1, kept, cells]),
    ints("square", [4], [1, 1, rows, columns]),
    ints("map sizes", [4], [1, 1, height, width]),
    ints("pads", [8], [0, 0, 4, 4, 0, 0, 4, 4]),
    ints("third", [1], [2]),
    floats("zero", [], [0]),
  ];
}

/** layer1: one convolution; layer2: two, the second with a shortcut. */
function backboneNodes(input: string): OnnxNode[] {
  const same = { strides: [1, 1], pads: [1, 1, 1, 1] };
  return [
    node("Conv", [input, "w1"], "c1", { strides: [4, 4] }, "/net/layer1/conv/Conv"),
    node("Relu", ["c1"], "f1"),
    node("Conv", ["f1", "w2", "b2"], "c2", { strides: [2, 2], pads: [1, 1, 1, 1] }, "/net/layer2/conv/Conv"),
    node("Relu", ["c2"], "r2"),
    node("Conv", ["r2", "w3", "b3"], "c3", same, "/net/layer2/conv2/Conv"),
    node("Add", ["c3", "r2"], "a3"),
    node("Relu", ["a3"], "f2"),
  ];
}

function headNodes(output: string): OnnxNode[] {
  const nearest = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
  const linear = { mode: "linear", coordinate_transformation_mode: "half_pixel" };
  return [
    node("Resize", ["f2", "", "", "sizes"], "up2", nearest),
    node("Concat", ["f1", "up2"], "taps", { axis: 1 }),
    node("Gather", ["taps", "idx"], "chosen", { axis: 1 }),
    node("Reshape", ["chosen", "flat"], "rows"),
    node("Sub", ["rows", "mean"], "difference"),
    node("Transpose", ["difference"], "delta", { perm: [2, 0, 1] }),
    node("MatMul", ["delta", "inv_cov"], "product"),
    node("Mul", ["product", "delta"], "weighted"),
    node("ReduceSum", ["weighted", "third"], "sums", { keepdims: 0 }),
    node("Transpose", ["sums"], "turned", { perm: [1, 0] }),
    node("Reshape", ["turned", "square"], "squares"),
    node("Clip", ["squares", "zero", ""], "clamped"),
    node("Sqrt", ["clamped"], "distances"),
    node("Resize", ["distances", "", "", "map sizes"], "enlarged", linear),
    node("Pad", ["enlarged", "pads"], "padded", { mode: "reflect" }),
    node("Conv", ["padded", "kernel"], output),
  ];
}

function exchanged(
  parts: { readonly nodes: readonly OnnxNode[]; readonly initialisers: readonly OnnxTensor[] },
  changed: WholeParts,
): OnnxModel {
  return smallModel({
    nodes: parts.nodes.map((one) => changed.nodes?.[one.outputs[0] ?? ""] ?? one),
    initialisers: parts.initialisers.map((one) => changed.initialisers?.[one.name] ?? one),
    opset: 13,
  });
}
