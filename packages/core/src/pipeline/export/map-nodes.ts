/** Distances of all detectors → anomaly map and score as ONNX nodes: what `stages/score-map` computes. */
import type { BandMatrix } from "../../kernels/map-kernels.js";
import { markedPixels, markedPlaces } from "../../stages/region/runs.js";
import type { Runs } from "../../stages/region/shapes.js";
import { nearestCells } from "../../stages/score-map/nearest-cells.js";
import type { DistanceGrid, ScoreMapSpec } from "../../stages/score-map/score-map.js";
import { smoothingMatrix } from "../../stages/score-map/smoothing.js";
import type { GraphBuilder } from "./graph-builder.js";

/** @param distances `[batch, cells]` of each detector. @returns the raw map `[batch, 1, height, width]`. */
export function mapNodes(builder: GraphBuilder, distances: readonly string[], spec: ScoreMapSpec): string {
  const parts = spec.grids.map((grid, i) => smoothed(builder, distances[i] as string, grid, spec));
  const map = parts.reduce((sum, part) => builder.add("Add", [sum, part]));
  return withoutBorder(builder, map, spec);
}

/** A · S · Bᵀ, A and B as the fast engine makes them, written out. */
function smoothed(builder: GraphBuilder, distances: string, grid: DistanceGrid, spec: ScoreMapSpec): string {
  const { width, height, sigma, upsampling } = spec;
  const { x, y, width: across, height: along } = grid.window ?? { x: 0, y: 0, ...grid };
  const rows = dense(smoothingMatrix(grid.height, height, sigma, upsampling, { start: y, span: along }));
  const columns = dense(smoothingMatrix(grid.width, width, sigma, upsampling, { start: x, span: across }));
  const weighed =
    grid.factor === 1 ? distances : builder.add("Mul", [distances, builder.floats([], [grid.factor])]);
  const everywhere = grid.cells === undefined ? weighed : spread(builder, weighed, grid.cells, grid);
  const square = builder.add("Reshape", [everywhere, builder.ints([-1, 1, grid.height, grid.width])]);
  const tall = builder.add("MatMul", [builder.floats([height, grid.height], rows), square]);
  return builder.add("MatMul", [
    tall,
    builder.floats([grid.width, width], transposed(columns, width, grid.width)),
  ]);
}

/** Cells that take no part get the distance of the nearest one that does. */
function spread(builder: GraphBuilder, distances: string, cells: Runs, grid: DistanceGrid): string {
  const source = builder.ints(Array.from(nearestCells(cells, grid.width, grid.height)));
  return builder.add("Gather", [distances, source], { axis: 1 });
}

/** `[to, from]` row-major. */
function dense({ from, to, first, band, weights }: BandMatrix): Float32Array {
  const out = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    const group = row >> 2;
    for (let k = 0; k < band; k++)
      out[row * from + (first[group] as number) + k] = weights[(group * band + k) * 4 + (row & 3)] as number;
  }
  return out;
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) out[x * rows + y] = values[y * columns + x] as number;
  return out;
}

/** Times 0 where nothing is judged, times 1 inside, or what a zone weighs. */
function withoutBorder(builder: GraphBuilder, map: string, spec: ScoreMapSpec): string {
  const { width, height, ignoreBorder, judged, zones } = spec;
  if (ignoreBorder === 0 && judged === undefined && zones === undefined) return map;
  const inside = new Float32Array(width * height);
  for (let y = ignoreBorder; y < height - ignoreBorder; y++) {
    const start = y * width + ignoreBorder;
    inside.fill(1, start, Math.max(start, (y + 1) * width - ignoreBorder));
  }
  const whole = { runs: judged ?? [0, width * height], weight: 1, unit: 1 };
  multiplyWithin(inside, [whole]);
  if (zones !== undefined) multiplyWithin(inside, zones);
  return builder.add("Mul", [map, builder.floats([1, 1, height, width], inside)]);
}

/** In place; what is in none of the parts becomes 0. */
function multiplyWithin(
  values: Float32Array,
  parts: readonly { readonly runs: Runs; readonly weight: number; readonly unit: number }[],
): void {
  const factors = new Float32Array(values.length);
  for (const { runs, weight, unit } of parts)
    for (const at of markedPlaces(runs)) factors[at] = weight / unit;
  for (let at = 0; at < values.length; at++) values[at] = (values[at] as number) * (factors[at] as number);
}

/** The image score `[batch, 1]` of a raw map; filters of regions are no operators of ONNX, and refused before. */
export function scoreNodes(
  builder: GraphBuilder,
  map: string,
  { width, height, score, judged }: ScoreMapSpec,
): string {
  const flat = builder.add("Reshape", [map, builder.ints([-1, width * height])]);
  if (score !== "top1%") return builder.reduce("Max", flat, [1], true);
  const count = Math.max(1, Math.floor((judged === undefined ? width * height : markedPixels(judged)) / 100));
  const [values] = builder.addMany(
    "TopK",
    [flat, builder.ints([count])],
    { axis: 1, largest: 1, sorted: 1 },
    2,
  );
  return builder.reduce("Mean", values as string, [1], true);
}
