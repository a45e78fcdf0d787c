import { describe, expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import type { DetectorManifest } from "../../bundle/manifest.js";
import { seededRandom } from "../../random.js";
import { embed } from "../../stages/embedding/embed.js";
import type { Tensor } from "../../tensor.js";
import { embeddingNodes } from "./embedding-nodes.js";
import { graphBuilder } from "./graph-builder.js";

const random = seededRandom(4);
const tap = (channels: number, height: number, width: number): Tensor => ({
  data: Float32Array.from({ length: channels * height * width }, () => random.normal()),
  shape: [1, channels, height, width],
});
const TAPS = { fine: tap(3, 8, 12), coarse: tap(5, 4, 6) };
const projection = Float32Array.from({ length: 2 * 8 }, () => random.normal());

interface Case {
  readonly grid: "finest" | "coarsest";
  readonly neighbourhood: 1 | 3;
  readonly channels: number[] | null;
  readonly projected?: boolean;
  readonly enlargement?: "nearest" | "bilinear";
}

describe("embedding as nodes", () => {
  it.each<[string, Case, number]>([
    ["whole taps on the coarser grid", { grid: "coarsest", neighbourhood: 3, channels: null }, 17],
    ["drawn channels on the finer grid", { grid: "finest", neighbourhood: 1, channels: [7, 0, 3] }, 11],
    [
      "enlarged bilinearly",
      { grid: "finest", neighbourhood: 3, channels: null, enlargement: "bilinear" },
      13,
    ],
    ["projected", { grid: "coarsest", neighbourhood: 1, channels: null, projected: true }, 18],
  ])(
    "is what embed gives: %s",
    async (_, { grid, neighbourhood, channels, projected, enlargement }, opset) => {
      const how = { grid, neighbourhood, channels, scales: [2, 0.5], ...(enlargement && { enlargement }) };
      const matrix = projected ? { rows: 2, data: projection } : null;
      const taps = [TAPS.fine, TAPS.coarse];
      const wanted = embed(taps, { ...how, projection: matrix });
      const builder = graphBuilder(opset);
      const values = taps.map(({ shape }, i) => ({
        name: `tap${i}`,
        channels: shape[1]!,
        height: shape[2]!,
        width: shape[3]!,
      }));
      const detector = {
        embedding: { ...how, projectionRows: matrix?.rows ?? 0 },
        channels: wanted.channels,
        grid: { width: wanted.width, height: wanted.height },
      } as unknown as DetectorManifest;
      const stored = { projection: matrix?.data ?? null, head: null as never };
      const name = embeddingNodes(builder, values, detector, stored);
      const [found] = await runGraph(builder, { tap0: TAPS.fine, tap1: TAPS.coarse }, [name]);
      expect(found?.shape).toEqual([1, wanted.channels, wanted.width * wanted.height]);
      found?.data.forEach((value, i) => {
        expect(Math.abs(value - wanted.data[i]!)).toBeLessThan(1e-5);
      });
    },
  );
});
