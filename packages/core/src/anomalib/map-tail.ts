/**
 * How PaDiM and PatchCore graphs end: from the grid of distances to the raw anomaly map. Source: Anomalib
 * `AnomalyMapGenerator`.
 */
import { constantNumbers, intAttribute, intsAttribute, textAttribute } from "../onnx/graph-index.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import type { Upsampling } from "../stages/score-map/smoothing.js";
import { enlargementOf } from "./enlargement.js";
import { gaussianSigma } from "./gaussian-kernel.js";
import { type GraphWalk, nodeBehind, refusal, sameDims, shapeOf } from "./graph-walk.js";

/** How distances become the raw map. */
export interface MapTail {
  /** Name of the distances `[batch, 1, h, w]`. */
  readonly distances: string;
  /** Size of the map in pixels. */
  readonly width: number;
  readonly height: number;
  /** How the grid is enlarged to the map, before the blur. */
  readonly upsampling: Upsampling;
  /** Gaussian blur in pixels. */
  readonly sigma: number;
}

/** What is known of a graph before its end is looked at. */
export interface MapTailExpected {
  /** Pictures in a run. */
  readonly batch: number;
  /** The ways of enlarging that are taken. */
  readonly upsampling: readonly Upsampling[];
}

/**
 * The steps that end in the raw map: enlargement, reflected border, Gaussian blur.
 * @param map name of the raw map `[batch, 1, H, W]`.
 * @throws BlemishError MODEL_ENGINE when they are others.
 */
export function mapTail(walk: GraphWalk, map: string, expected: MapTailExpected): MapTail {
  const blur = nodeBehind(walk, map, ["Conv"], "a Gaussian blur that gives the anomaly map");
  const { side, sigma } = kernelOf(walk, blur);
  const pad = nodeBehind(walk, blur.inputs[0] ?? "", ["Pad"], "a reflected border before the blur");
  const radius = (side - 1) / 2;
  checkPad(walk, pad, radius);
  const enlarged = pad.inputs[0] ?? "";
  const resize = nodeBehind(walk, enlarged, ["Resize"], "distances that are enlarged before the blur");
  const [batch, channels, height = 0, width = 0] = shapeOf(walk, enlarged, "the anomaly map");
  if (batch !== expected.batch || channels !== 1 || height <= radius || width <= radius)
    throw refusal(
      `an anomaly map of one channel with sides above ${radius}`,
      `${width} × ${height} × ${channels}`,
    );
  const upsampling = enlargementOf(walk, resize, "distances", expected.upsampling);
  return { distances: resize.inputs[0] ?? "", width, height, upsampling, sigma };
}

function kernelOf({ index, files }: GraphWalk, { inputs, ...node }: OnnxNode) {
  const name = inputs[1] ?? "";
  const dims = index.constants.get(name)?.dims ?? [];
  const [outputs, channels, side = 0, width] = dims;
  const whole = { ...node, inputs };
  const plain =
    (inputs[2] ?? "") === "" &&
    (intAttribute(whole, "group") ?? 1) === 1 &&
    (textAttribute(whole, "auto_pad") ?? "NOTSET") === "NOTSET" &&
    (intsAttribute(whole, "pads") ?? []).every((pad) => pad === 0) &&
    ["strides", "dilations"].every((word) => (intsAttribute(whole, word) ?? []).every((step) => step === 1));
  if (!plain || dims.length !== 4 || outputs !== 1 || channels !== 1 || side !== width)
    throw refusal("a blur with one square kernel", `a convolution with [${dims.join(", ")}] or other steps`);
  const weights = constantNumbers(index, name, files);
  if (weights === null) throw refusal("the values of the blur's kernel", "none that can be read");
  const sigma = gaussianSigma(weights, side);
  if (sigma === null)
    throw refusal("a Gaussian kernel of side 2·⌊4σ + ½⌋ + 1", `another kernel of ${side} × ${side}`);
  return { side, sigma };
}

function checkPad(walk: GraphWalk, pad: OnnxNode, radius: number): void {
  const mode = textAttribute(pad, "mode") ?? "constant";
  const pads = intsAttribute(pad, "pads") ?? walk.shapes(pad.inputs[1] ?? "")?.values ?? [];
  const axes = pad.inputs[3] ?? "";
  if (mode === "reflect" && axes === "" && sameDims(pads, [0, 0, radius, radius, 0, 0, radius, radius]))
    return;
  throw refusal(`a border of ${radius} reflected pixels before the blur`, `${mode} [${pads.join(", ")}]`);
}
