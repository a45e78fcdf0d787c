import { describe, expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { cropAt } from "../../stages/image/crop-at.js";
import { formulaPicture } from "../../stages/image/formula-picture.js";
import type { RgbImage } from "../../stages/image/image.js";
import { preProcess } from "../../stages/preprocess/pre-process.js";
import type { Interpolation } from "../../stages/preprocess/steps.js";
import { type GraphBuilder, graphBuilder } from "./graph-builder.js";
import { antialiasNodes, linearNodes, nearestNodes } from "./resize-nodes.js";

type Nodes = (builder: GraphBuilder, value: string, width: number, height: number) => string;

const NODES: [Exclude<Interpolation, "area">, Nodes][] = [
  ["nearest", nearestNodes],
  ["linear", linearNodes],
  ["antialias", antialiasNodes],
];

/** Samples of the graph's picture that are not ours. */
async function differing(
  interpolation: Interpolation,
  nodes: Nodes,
  picture: RgbImage,
  [width, height]: readonly [number, number],
): Promise<number[]> {
  const builder = graphBuilder(11);
  const name = nodes(builder, "x", width, height);
  const [found] = await runGraph(builder, { x: preProcess(picture, []) }, [name]);
  const wanted = preProcess(picture, [{ type: "resize", width, height, interpolation }]);
  expect(found?.shape).toEqual(wanted.shape);
  return Array.from(found?.data ?? [], (value, i) => Math.abs(value - wanted.data[i]!)).filter(Boolean);
}

const SIZES: [number, number][] = [
  [40, 56],
  [200, 160],
  [160, 120],
  [80, 60],
  [96, 7],
  [1, 1],
];

describe.each(NODES)("resizing inside of a graph: %s", (interpolation, nodes) => {
  it.each(SIZES)("160 × 120 to %d × %d is ours", async (width, height) => {
    const picture = cropAt(formulaPicture(3, 160), { x: 0, y: 20, width: 160, height: 120 });
    const apart = await differing(interpolation, nodes, picture, [width, height]);
    expect(apart).toEqual([]);
  });
});

describe("resizing of large pictures inside of a graph", () => {
  it.each(NODES)("%s: 2,500 × 37 to 256 × 20", async (interpolation, nodes) => {
    const picture = cropAt(formulaPicture(5, 2500), { x: 0, y: 900, width: 2500, height: 37 });
    const apart = await differing(interpolation, nodes, picture, [256, 20]);
    expect(apart).toEqual([]);
  });
});
