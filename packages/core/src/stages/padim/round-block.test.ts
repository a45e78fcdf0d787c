import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { BLOCK_CELLS, type FactorPrecision } from "./packed-gaussians.js";
import { roundBlock, storedEntries } from "./round-block.js";
import { triangleRows } from "./tiles.js";

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

function rounded(channels: number, lanes: number, precision: FactorPrecision, seed: number) {
  const source = triangles(channels, seed);
  const out = storedEntries(precision, source.length);
  const scales = precision === "float32" ? null : new Float32Array(channels * BLOCK_CELLS);
  roundBlock(source, channels, lanes, precision, out, scales);
  return { source, out, scales };
}

const HALF_STEP = { float32: 2 ** -24, int16: 0.5 / 32767, int8: 0.5 / 127 } as const;

it("rounds by at most half a step of the column", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom<FactorPrecision>("float32", "int16", "int8"),
      fc.nat(1000),
      (channels, lanes, precision, seed) => {
        const { source, out, scales } = rounded(channels, lanes, precision, seed);
        for (let lane = 0; lane < lanes; lane++)
          for (let j = 0; j < channels; j++) {
            const column = Array.from({ length: channels - j }, (_, below) => {
              const at = (triangleRows(j + below) + j) * BLOCK_CELLS + lane;
              return { exact: source[at], stored: out[at] * (scales?.[j * BLOCK_CELLS + lane] ?? 1) };
            });
            const largest = Math.max(...column.map(({ exact }) => Math.abs(exact)));
            for (const { exact, stored } of column)
              expect(Math.abs(stored - exact)).toBeLessThanOrEqual(largest * HALF_STEP[precision] * 1.001);
          }
      },
    ),
    { numRuns: 60 },
  );
});

it("rounds to the nearest step, and halves up", () => {
  const { source, out, scales } = rounded(9, 8, "int16", 5);
  const steps = Array.from(scales ?? [], (value) => 1 / value);
  for (let i = 0, at = 0; i < 9; i++)
    for (let j = 0; j <= i; j++)
      for (let lane = 0; lane < BLOCK_CELLS; lane++, at++)
        expect(out[at] === Math.round(source[at] * steps[j * BLOCK_CELLS + lane])).toBe(true);
});

it("leaves lanes alone that have no cell, and uses the whole range", () => {
  for (const precision of ["float32", "int16", "int8"] as const) {
    const { out, scales } = rounded(6, 3, precision, 1);
    // 21 entries of each of three cells; rounding makes none of these 0.
    out.forEach((value, at) => {
      expect(value !== 0).toBe(at % BLOCK_CELLS < 3);
    });
    scales?.forEach((value, at) => {
      expect(value > 0).toBe(at % BLOCK_CELLS < 3);
    });
    if (scales !== null) expect(Math.max(...out.map(Math.abs))).toBe(precision === "int16" ? 32767 : 127);
  }
});
