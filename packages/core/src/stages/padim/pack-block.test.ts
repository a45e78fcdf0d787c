import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { emptyHead, packBlock } from "./pack-block.js";
import { BLOCK_CELLS, entryIndex, type FactorPrecision, packedRows, scaleRows } from "./packed-gaussians.js";
import { triangleRows } from "./tiles.js";
import { unpackFactor } from "./unpack-factor.js";

/** Triangles of eight cells; columns of very different size. */
function triangles(channels: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const data = new Float64Array(triangleRows(channels) * BLOCK_CELLS);
  for (let i = 0, at = 0; i < channels; i++)
    for (let j = 0; j <= i; j++)
      for (let lane = 0; lane < BLOCK_CELLS; lane++, at++)
        data[at] = (i === j ? 1 + random.next() : random.normal()) * 10 ** ((j % 5) - 2);
  return data;
}

const HALF_STEP = { float32: 2 ** -24, int16: 0.5 / 32767, int8: 0.5 / 127 } as const;
const precisions = fc.constantFrom<FactorPrecision>("float32", "int16", "int8");

describe("packing a block", () => {
  it("rounds by at most half a step of the column, and can be unpacked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        precisions,
        (channels, cells, precision) => {
          const head = emptyHead(channels, cells, precision);
          const blocks = Math.ceil(cells / BLOCK_CELLS);
          const sources = Array.from({ length: blocks }, (_, block) => triangles(channels, block));
          sources.forEach((data, block) => {
            packBlock(head, block, data);
          });
          for (let cell = 0; cell < cells; cell++) {
            const source = sources[Math.floor(cell / BLOCK_CELLS)].filter((_, at) => at % 8 === cell % 8);
            const unpacked = unpackFactor(head, cell);
            const largest = new Float64Array(channels);
            for (let i = 0; i < channels; i++)
              for (let j = 0; j <= i; j++)
                largest[j] = Math.max(largest[j], Math.abs(source[triangleRows(i) + j]));
            for (let i = 0; i < channels; i++)
              for (let j = 0; j <= i; j++) {
                const at = triangleRows(i) + j;
                const bound = largest[j] * HALF_STEP[precision] * 1.001;
                expect(Math.abs(unpacked[at] - source[at])).toBeLessThanOrEqual(bound);
              }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("leaves everything 0 that is no entry of a cell, and uses the whole range", () => {
    for (const precision of ["float32", "int16", "int8"] as const) {
      const [channels, cells] = [6, 3];
      const head = emptyHead(channels, cells, precision);
      packBlock(head, 0, triangles(channels, 1));
      expect(head.factor).toHaveLength(packedRows(channels) * BLOCK_CELLS);
      // 21 entries of each of three cells; rounding makes none of these 0.
      expect(head.factor.filter((value: number) => value !== 0)).toHaveLength(63);
      expect(head.factor[entryIndex(precision, 0, 1)]).toBe(0);
      if (head.scale === null) continue;
      expect(head.scale).toHaveLength(scaleRows(channels) * BLOCK_CELLS);
      head.scale.forEach((value, at) => {
        expect(value > 0).toBe(at % 8 < cells && at < channels * 8);
      });
      expect(Math.max(...head.factor.map(Math.abs))).toBe(precision === "int16" ? 32767 : 127);
    }
  });
});
