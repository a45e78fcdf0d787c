import { describe, expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { createArena } from "../../kernels/arena.js";
import { seededRandom } from "../../random.js";
import { makePatchBank } from "../../stages/patchcore/patch-bank.js";
import { patchDistanceBytes, patchDistances } from "../../stages/patchcore/patch-distances.js";
import { reweightedScore, reweightedScoreBytes } from "../../stages/patchcore/reweighted-score.js";
import { distanceNodes } from "./distance-nodes.js";
import { graphBuilder } from "./graph-builder.js";
import { reweightedNodes } from "./reweighted-nodes.js";

const [ROWS, CHANNELS, CELLS] = [30, 4, 12];

describe("Anomalib's score of a bank as nodes", () => {
  it.each([1, 2, 9, 40])("is what the engine computes with %d neighbours", async (neighbours) => {
    const random = seededRandom(6);
    const rows = Float32Array.from({ length: ROWS * CHANNELS }, () => random.normal());
    const unknown = new Int32Array(ROWS).fill(-1);
    const bank = makePatchBank(rows, CHANNELS, unknown, unknown, "float32");
    const arena = createArena(patchDistanceBytes(bank, CELLS) + reweightedScoreBytes(bank) + 65_536);
    const search = patchDistances(bank, CELLS, arena);
    const weigh = reweightedScore(bank, neighbours, arena);
    for (let picture = 0; picture < 5; picture++) {
      search.embedding.set(search.embedding.map(() => 1.5 * random.normal()));
      const distances = search.distances();
      const wanted = weigh({ embedding: search.embedding, distances, nearest: search.nearest() });
      const builder = graphBuilder(17);
      const head = { kind: "patchcore", bank } as const;
      const found = { embedding: "x", head, ...distanceNodes(builder, "x", head) };
      const x = { data: search.embedding.slice(), shape: [1, CHANNELS, CELLS] };
      const [score] = await runGraph(builder, { x }, [reweightedNodes(builder, found, neighbours)]);
      expect(score?.shape).toEqual([1, 1]);
      expect(Math.abs(score!.data[0]! - wanted)).toBeLessThan(1e-5);
    }
  });
});
