import { describe, expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { smallFusion } from "../../../../../tests/support/small-fusion.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import { createArena } from "../../kernels/arena.js";
import { seededRandom } from "../../random.js";
import { detectorBytes, headBytes, learnedScorer } from "../learned-detector.js";
import { distanceNodes, inverseCovariances, meansOf, rowsOf } from "./distance-nodes.js";
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

  it("inverse covariances and means give the same distances", () => {
    const model = smallFusion();
    const head = model.detectors[1]!.head;
    if (head.kind !== "padim") throw new Error("Gaussians");
    const { channels, cells } = head.gaussians;
    const scorer = learnedScorer(model, createArena(detectorBytes(model.manifest) + headBytes(model)));
    const x = scorer.embeddings[1]!;
    const random = seededRandom(2);
    x.set(x.map(() => random.normal()));
    const wanted = scorer.distances()[1]!;
    const [means, inverse] = [meansOf(head.gaussians), inverseCovariances(head.gaussians)];
    for (let cell = 0; cell < cells; cell++) {
      let sum = 0;
      for (let i = 0; i < channels; i++)
        for (let j = 0; j < channels; j++)
          sum +=
            (x[i * cells + cell]! - means[i * cells + cell]!) *
            inverse[(cell * channels + i) * channels + j]! *
            (x[j * cells + cell]! - means[j * cells + cell]!);
      expect(Math.abs(Math.sqrt(sum) - wanted[cell]!)).toBeLessThan(1e-4 * Math.max(1, wanted[cell]!));
    }
  });

  it("an int8 bank without scales is damage", () => {
    const bank = { rows: 1, channels: 1, data: Int8Array.of(1), scale: null, norms: Float32Array.of(1) };
    const sources = { picture: Int32Array.of(0), cell: Int32Array.of(0) };
    expect(() => rowsOf({ ...bank, ...sources })).toThrow(/MODEL_BROKEN/);
  });
});
