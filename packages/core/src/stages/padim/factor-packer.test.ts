import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockPlace } from "../../kernels/packed-factors.js";
import { seededRandom } from "../../random.js";
import { factorPacker } from "./factor-packer.js";
import {
  BLOCK_CELLS,
  type FactorPrecision,
  groupCount,
  type PackedGaussians,
  packedRows,
} from "./packed-gaussians.js";
import { type StoredEntries, storedEntries } from "./round-block.js";
import { triangleRows } from "./tiles.js";
import { unpackFactor } from "./unpack-factor.js";

/** A block in which each channel of each cell is linked with some probability, the diagonals all there. */
function sparseBlock(channels: number, precision: FactorPrecision, share: number, seed: number) {
  const random = seededRandom(seed);
  const linked = Array.from({ length: channels * BLOCK_CELLS }, () => random.next() < share);
  const block = storedEntries(precision, triangleRows(channels) * BLOCK_CELLS);
  for (let i = 0, at = 0; i < channels; i++)
    for (let j = 0; j <= i; j++)
      for (let lane = 0; lane < BLOCK_CELLS; lane++, at++) {
        const both = linked[i * BLOCK_CELLS + lane] && linked[j * BLOCK_CELLS + lane];
        // Some zeros among the linked ones, and zeros with a sign among the others.
        if (i === j) block[at] = 1 + random.int(100);
        else if (both) block[at] = random.int(4) === 0 ? 0 : random.int(200) - 100;
        else block[at] = -0;
      }
  return block;
}

function pack(channels: number, precision: FactorPrecision, blocks: readonly StoredEntries[]) {
  const packer = factorPacker(channels, blocks.length, precision);
  for (const block of blocks) packer.add(block);
  const head: PackedGaussians = {
    channels,
    cells: blocks.length * BLOCK_CELLS,
    precision,
    mean: new Float32Array(0),
    scale: null,
    ...packer.finish(),
  };
  return head;
}

const precisions = fc.constantFrom<FactorPrecision>("float32", "int16", "int8");

describe("packing factors", () => {
  it("loses nothing, whatever is linked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        precisions,
        fc.array(fc.constantFrom(0, 0.1, 0.5, 0.9, 1), { minLength: 1, maxLength: 4 }),
        fc.nat(1 << 30),
        (channels, precision, shares, seed) => {
          const blocks = shares.map((share, at) => sparseBlock(channels, precision, share, seed + at));
          const head = pack(channels, precision, blocks);
          const end = blockPlace(head, blocks.length);
          expect([head.factor.length, head.order.length]).toEqual([end.factor, end.order]);
          blocks.forEach((block, number) => {
            for (let lane = 0; lane < BLOCK_CELLS; lane++) {
              const expected = Array.from(block).filter((_, at) => at % BLOCK_CELLS === lane);
              const found = unpackFactor(head, number * BLOCK_CELLS + lane);
              expect(expected.every((value, at) => value === found[at])).toBe(true);
            }
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([2, 7, 152, 448])("leaves out nearly all of %i channels of which none is linked", (channels) => {
    const head = pack(channels, "int16", [sparseBlock(channels, "int16", 0, 1)]);
    expect([...head.linkedGroups]).toEqual([0]);
    expect(head.factor).toHaveLength(channels * BLOCK_CELLS);
    expect(head.order).toHaveLength(channels * BLOCK_CELLS);
  });

  it.each([1, 2, 7, 152, 448])("has no order where all of %i channels are linked", (channels) => {
    const block = storedEntries("int16", triangleRows(channels) * BLOCK_CELLS).fill(1);
    const head = pack(channels, "int16", [block, block]);
    // One channel is linked with no other.
    expect([...head.linkedGroups]).toEqual(channels === 1 ? [0, 0] : Array(2).fill(groupCount(channels)));
    if (channels === 1) return;
    expect(head.order).toHaveLength(0);
    expect(head.factor).toHaveLength(2 * packedRows(channels) * BLOCK_CELLS);
  });

  it("keeps blocks whole that would lose less than a tenth", () => {
    const channels = 80;
    const withLinked = (count: number) => {
      const block = storedEntries("int16", triangleRows(channels) * BLOCK_CELLS);
      for (let i = 0; i < count; i++) block[triangleRows(i) * BLOCK_CELLS] = 5;
      return block;
    };
    // Of 20 groups 19 or 18: 20 · 21 = 420, 19 · 20 = 380, 18 · 19 = 342.
    expect([...pack(channels, "int16", [withLinked(76), withLinked(72)]).linkedGroups]).toEqual([20, 18]);
  });

  it("orders the channels of each cell by itself: linked ones ascending, then the others ascending", () => {
    const block = storedEntries("int8", triangleRows(6) * BLOCK_CELLS);
    for (let i = 0; i < 6; i++)
      block.fill(1, (triangleRows(i) + i) * BLOCK_CELLS, triangleRows(i + 1) * BLOCK_CELLS);
    block[(triangleRows(5) + 2) * BLOCK_CELLS + 3] = -7;
    const { linkedGroups, order, factor } = pack(6, "int8", [block]);
    const lane = (number: number) => [...order.filter((_, at) => at % BLOCK_CELLS === number)];
    expect([...linkedGroups]).toEqual([1]);
    expect([lane(0), lane(3)]).toEqual([
      [0, 1, 2, 3, 4, 5],
      [2, 5, 0, 1, 3, 4],
    ]);
    // Row 1, column 0 of the fourth cell: the second of four rows, 16 numbers a row.
    expect(factor[16 + 3 * 2]).toBe(-7);
  });
});
