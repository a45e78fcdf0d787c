/** Taps → one vector per grid cell as ONNX nodes: what `stages/embedding/embed.ts` computes. */
import type { DetectorManifest } from "../../bundle/manifest.js";
import type { StoredDetector } from "../../bundle/model-file.js";
import { markedPlaces } from "../../stages/region/runs.js";
import { type GraphBuilder, sizesEndingIn } from "./graph-builder.js";

/** A value of the graph `[1, channels, height, width]`. */
export interface GridValue {
  readonly name: string;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

/** @param taps in the backbone's order. @returns `[batch, channels, cells]` of the detector, cells that take no part left out. */
export function embeddingNodes(
  builder: GraphBuilder,
  taps: readonly GridValue[],
  detector: DetectorManifest,
  stored: StoredDetector,
): string {
  const all = wholeEmbedding(builder, taps, detector, stored);
  if (detector.cells === undefined) return all;
  const places = builder.ints(Array.from(markedPlaces(detector.cells)));
  return builder.add("Gather", [all, places], { axis: 2 });
}

function wholeEmbedding(
  builder: GraphBuilder,
  taps: readonly GridValue[],
  { embedding, grid, channels }: DetectorManifest,
  { projection }: StoredDetector,
): string {
  const pieces = taps.map((tap, i) => {
    const averaged = embedding.neighbourhood === 3 ? localMean(builder, tap.name) : tap.name;
    const scale = embedding.scales[i] as number;
    const scaled = scale === 1 ? averaged : builder.add("Div", [averaged, builder.floats([], [scale])]);
    return onGrid(builder, { ...tap, name: scaled }, grid, embedding);
  });
  const all = pieces.length === 1 ? (pieces[0] as string) : builder.add("Concat", pieces, { axis: 1 });
  const total = taps.reduce((sum, tap) => sum + tap.channels, 0);
  const cells = grid.width * grid.height;
  const kept =
    embedding.channels === null
      ? all
      : builder.add("Gather", [all, builder.ints(embedding.channels)], { axis: 1 });
  if (projection === null) return builder.add("Reshape", [kept, builder.ints([-1, channels, cells])]);
  const flat = builder.add("Reshape", [kept, builder.ints([-1, total, cells])]);
  return builder.add("MatMul", [builder.floats([channels, total], projection), flat]);
}

/** Zeros around the border, always divided by 9. */
function localMean(builder: GraphBuilder, tap: string): string {
  return builder.add("AveragePool", [tap], {
    kernel_shape: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [1, 1],
    count_include_pad: 1,
  });
}

function onGrid(
  builder: GraphBuilder,
  { name, width, height }: GridValue,
  grid: DetectorManifest["grid"],
  { enlargement }: DetectorManifest["embedding"],
): string {
  if (width === grid.width && height === grid.height) return name;
  if (width > grid.width || height > grid.height) {
    const strides = [height / grid.height, width / grid.width];
    return builder.add("AveragePool", [name], { kernel_shape: strides, strides });
  }
  const sizes = sizesEndingIn(builder, name, [grid.height, grid.width]);
  return enlarge(builder, name, sizes, enlargement ?? "nearest");
}

/** To sizes as torch enlarges. */
export function enlarge(
  builder: GraphBuilder,
  name: string,
  sizes: string,
  how: "nearest" | "bilinear",
): string {
  // Empty lists, not empty names: opset 11 wants the inputs to be there.
  const [region, scales] = [builder.floats([0], []), builder.floats([0], [])];
  const attributes =
    how === "nearest"
      ? { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" }
      : { mode: "linear", coordinate_transformation_mode: "half_pixel" };
  return builder.add("Resize", [name, region, scales, sizes], attributes);
}
