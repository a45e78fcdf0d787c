import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createArena } from "../../kernels/arena.js";
import { seededRandom } from "../../random.js";
import { headPacker } from "./head-packer.js";
import { packedDistances } from "./packed-distances.js";
import { BLOCK_CELLS, blockCount, entryIndex, type FactorPrecision, scaleRows } from "./packed-gaussians.js";
import { roundBlock, storedEntries } from "./round-block.js";
import { triangleRows } from "./tiles.js";
import { unpackFactor } from "./unpack-factor.js";

/** Triangles of eight cells in which every second channel or so varies alone. */
function triangles(channels: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const linked = Array.from({ length: channels * BLOCK_CELLS }, () => random.int(2) === 0);
  const data = new Float64Array(triangleRows(channels) * BLOCK_CELLS);
  for (let i = 0, at = 0; i < channels; i++)
    for (let j = 0; j <= i; j++)
      for (let lane = 0; lane < BLOCK_CELLS; lane++, at++)
        if (i === j) data[at] = 1 + random.next();
        else if (linked[i * BLOCK_CELLS + lane] && linked[j * BLOCK_CELLS + lane]) data[at] = random.normal();
  return data;
}

const sizes = [
  fc.integer({ min: 1, max: 30 }),
  fc.integer({ min: 1, max: 20 }),
  fc.constantFrom<FactorPrecision>("float32", "int16", "int8"),
  fc.nat(1 << 30),
] as const;

function packed(channels: number, cells: number, precision: FactorPrecision, seed: number) {
  const packer = headPacker(channels, cells, precision);
  const sources = Array.from({ length: blockCount(cells) }, (_, block) => triangles(channels, seed + block));
  const random = seededRandom(seed);
  for (let at = 0; at < packer.mean.length; at++) packer.mean[at] = random.normal();
  for (const source of sources) packer.add(source);
  return { head: packer.finish(), sources };
}

describe("packing a head", () => {
  it("stores every cell's factor as it is rounded", () => {
    fc.assert(
      fc.property(...sizes, (channels, cells, precision, seed) => {
        const { head, sources } = packed(channels, cells, precision, seed);
        expect(head.mean).toHaveLength(blockCount(cells) * channels * BLOCK_CELLS);
        for (let cell = 0; cell < cells; cell++) {
          const [block, lane] = [Math.floor(cell / BLOCK_CELLS), cell % BLOCK_CELLS];
          const out = storedEntries(precision, sources[block].length);
          const scales = head.scale && new Float32Array(channels * BLOCK_CELLS);
          roundBlock(sources[block], channels, BLOCK_CELLS, precision, out, scales);
          const expected: number[] = [];
          for (let i = 0; i < channels; i++)
            for (let j = 0; j <= i; j++) {
              const scale = scales?.[j * BLOCK_CELLS + lane] ?? 1;
              expected.push(out[(triangleRows(i) + j) * BLOCK_CELLS + lane] * scale);
            }
          // Without the sign of a zero.
          expect(Array.from(unpackFactor(head, cell), (value) => value + 0)).toEqual(
            expected.map((value) => value + 0),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has scales for the channels of cells that exist, and zeros behind them", () => {
    const { head } = packed(6, 11, "int16", 3);
    expect(head.scale).toHaveLength(2 * scaleRows(6) * BLOCK_CELLS);
    head.scale?.forEach((value, at) => {
      const cell = Math.floor(at / (8 * BLOCK_CELLS)) * BLOCK_CELLS + (at % BLOCK_CELLS);
      expect(value > 0).toBe(cell < 11 && at % (8 * BLOCK_CELLS) < 6 * BLOCK_CELLS);
    });
  });

  it("leaves nothing of one block in the padding of the next", () => {
    const { head } = packed(4, 9, "int16", 7);
    const { factor, order, linkedGroups } = head;
    const start = factor.length - (linkedGroups[1] === 1 ? 16 : 4) * BLOCK_CELLS;
    const step = linkedGroups[1] === 1 ? 2 : 1;
    factor.subarray(start).forEach((value, at) => {
      if (Math.floor(at / step) % BLOCK_CELLS > 0) expect(value).toBe(0);
    });
    expect(order.every((channel) => channel >= 0 && channel < 4)).toBe(true);
  });

  it("gives distances to 1e-6 that are those of factors with all zeros", () => {
    fc.assert(
      fc.property(...sizes, (channels, cells, precision, seed) => {
        const { head } = packed(channels, cells, precision, seed);
        const random = seededRandom(seed + 1);
        const embedding = Float32Array.from({ length: channels * cells }, () => 3 * random.normal());
        const scorer = packedDistances(head, createArena(1 << 16));
        scorer.embedding.set(embedding);
        const found = scorer.distances();
        // int8 and int16 round the differences too; those are compared in the tests of the kernels.
        const bound = { float32: 1e-6, int16: 1e-4, int8: 1e-4 }[precision];
        for (let cell = 0; cell < cells; cell++) {
          const w = unpackFactor(head, cell);
          let squares = 0;
          for (let i = 0, at = 0; i < channels; i++) {
            let sum = 0;
            for (let j = 0; j <= i; j++, at++) {
              const mean =
                head.mean[(Math.floor(cell / 8) * channels + j) * BLOCK_CELLS + (cell % BLOCK_CELLS)];
              sum += w[at] * (embedding[j * cells + cell] - mean);
            }
            squares += sum * sum;
          }
          expect(Math.abs(found[cell] - Math.sqrt(squares))).toBeLessThanOrEqual(
            bound * (1 + Math.sqrt(squares)),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("puts a lone channel's entry where the diagonal is", () => {
    const packer = headPacker(5, 1, "float32");
    const data = new Float64Array(triangleRows(5) * BLOCK_CELLS);
    for (let i = 0; i < 5; i++) data[(triangleRows(i) + i) * BLOCK_CELLS] = i + 1;
    data[(triangleRows(4) + 1) * BLOCK_CELLS] = 9;
    packer.add(data);
    const { factor, linkedGroups, order } = packer.finish();
    expect([...linkedGroups]).toEqual([1]);
    expect([0, 1, 2, 3, 4].map((rank) => order[rank * BLOCK_CELLS])).toEqual([1, 4, 0, 2, 3]);
    const diagonal = [0, 1, 2, 3].map((rank) => factor[entryIndex("float32", rank, rank)]);
    expect([...diagonal, factor[entryIndex("float32", 4, 0)]]).toEqual([2, 5, 1, 3, 4]);
    expect(factor[entryIndex("float32", 1, 0)]).toBe(9);
  });
});
