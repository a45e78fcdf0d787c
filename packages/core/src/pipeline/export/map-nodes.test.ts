import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { seededRandom } from "../../random.js";
import { type ScoreMapSpec, scoreMapper } from "../../stages/score-map/score-map.js";
import { graphBuilder } from "./graph-builder.js";
import { mapNodes, scoreNodes } from "./map-nodes.js";

describe("map and score as nodes", () => {
  it("are what the fast engine makes of the same distances, for any grids", async () => {
    const side = fc.integer({ min: 1, max: 9 });
    const specs: fc.Arbitrary<ScoreMapSpec> = fc.record({
      grids: fc.array(fc.record({ width: side, height: side, factor: fc.constantFrom(1, 0.25) }), {
        minLength: 1,
        maxLength: 3,
      }),
      width: fc.integer({ min: 17, max: 40 }),
      height: fc.integer({ min: 17, max: 40 }),
      sigma: fc.constantFrom(0, 4),
      upsampling: fc.constantFrom("bilinear" as const, "nearest" as const),
      score: fc.constantFrom("max" as const, "top1%" as const),
      ignoreBorder: fc.constantFrom(0, 3),
    });
    await fc.assert(
      fc.asyncProperty(specs, fc.nat(), fc.constantFrom(11, 17, 18), async (spec, seed, opset) => {
        const random = seededRandom(seed);
        const distances = spec.grids.map(({ width, height }) =>
          Float32Array.from({ length: width * height }, () => Math.abs(5 * random.normal())),
        );
        const { map, score } = scoreMapper(spec)(distances);
        const builder = graphBuilder(opset);
        const names = distances.map((_, i) => `distances${i}`);
        const name = mapNodes(builder, names, spec);
        const feeds = Object.fromEntries(
          distances.map((data, i) => [names[i]!, { data, shape: [1, data.length] }]),
        );
        const [found, scored] = await runGraph(builder, feeds, [name, scoreNodes(builder, name, spec)]);
        expect(found?.shape).toEqual([1, 1, spec.height, spec.width]);
        found?.data.forEach((value, i) => {
          expect(Math.abs(value - map.data[i]!)).toBeLessThan(1e-4);
        });
        expect(Math.abs(scored!.data[0]! - score)).toBeLessThan(1e-4);
      }),
      { numRuns: 25 },
    );
  });
});
