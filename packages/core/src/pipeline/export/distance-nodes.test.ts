import { describe, expect, it } from "vitest";
import { correlatedCell } from "../../../../../tests/support/packed-heads.js";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { smallFusion } from "../../../../../tests/support/small-fusion.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import { createArena } from "../../kernels/arena.js";
import { seededRandom } from "../../random.js";
import { packedDistanceBytes, packedDistances } from "../../stages/padim/packed-distances.js";
import { placedGaussianBytes, placeGaussians } from "../../stages/padim/place-gaussians.js";
import { packShared } from "../../stages/padim/shared-gaussian.js";
import { detectorBytes, headBytes, learnedScorer } from "../learned-detector.js";
import { distanceNodes, rowsOf } from "./distance-nodes.js";
import { graphBuilder } from "./graph-builder.js";

describe("distances as nodes", () => {
  it.each(["float32", "int8"] as const)("are those of the kernels, banks in %s", async (bank) => {
    const model = smallFusion({ bank, twoInputs: true });
    const scorer = learnedScorer(model, createArena(detectorBytes(model.manifest) + headBytes(model)));
    const random = seededRandom(9);
    for (const embedding of scorer.embeddings) embedding.set(embedding.map(() => 2 * random.normal()));
    const wanted = scorer.distances();
    for (const [i, { channels, grid }] of detectorsOf(model.manifest).entries()) {
      const builder = graphBuilder(17);
      const { distances } = distanceNodes(builder, "x", model.detectors[i]!.head);
      const cells = grid.width * grid.height;
      const x = { data: scorer.embeddings[i]!.slice(), shape: [1, channels, cells] };
      const [found] = await runGraph(builder, { x }, [distances]);
      expect(found?.shape).toEqual([1, cells]);
      found?.data.forEach((value, cell) => {
        expect(Math.abs(value - wanted[i]![cell]!)).toBeLessThan(1e-4 * Math.max(1, value));
      });
    }
  });

  it("are those of the kernels where all cells share a Gaussian, which is written once", async () => {
    const [channels, cells] = [5, 12];
    const { mean, factor } = correlatedCell(channels, 0, 3);
    const gaussian = { channels, cells, count: 9, ridge: 0, mean: Float64Array.from(mean), factor };
    const gaussians = packShared(gaussian, "int16");
    const arena = createArena(packedDistanceBytes(channels, cells) + placedGaussianBytes(gaussians));
    const scorer = packedDistances(placeGaussians(gaussians, arena), arena);
    const random = seededRandom(4);
    scorer.embedding.set(scorer.embedding.map(() => random.normal()));
    const builder = graphBuilder(17);
    const head = { kind: "padim", gaussians, fit: null, statistics: null } as const;
    const { distances } = distanceNodes(builder, "x", head);
    const x = { data: scorer.embedding.slice(), shape: [1, channels, cells] };
    const [found] = await runGraph(builder, { x }, [distances]);
    expect(found?.shape).toEqual([1, cells]);
    const wanted = scorer.distances();
    found?.data.forEach((value, cell) => {
      expect(Math.abs(value - wanted[cell]!)).toBeLessThan(1e-3 * Math.max(1, value));
    });
    const numbers = builder.initialisers.reduce((sum, { dims }) => sum + dims.reduce((a, d) => a * d, 1), 0);
    expect(numbers).toBeLessThan(2 * channels * (channels + 1));
  });

  it("an int8 bank without scales is damage", () => {
    const bank = { rows: 1, channels: 1, data: Int8Array.of(1), scale: null, norms: Float32Array.of(1) };
    const sources = { picture: Int32Array.of(0), cell: Int32Array.of(0) };
    expect(() => rowsOf({ ...bank, ...sources })).toThrow(/MODEL_BROKEN/);
  });
});
