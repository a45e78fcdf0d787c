import { type Kernels, wasmKernels } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { openTileThreads } from "./tile-threads.js";

const BYTES = 16e6;
const [CHANNELS, TILES, PICTURES] = [9, 13, 5];
const CELLS = 64 * TILES;

/** Sums, factors and distances of made-up pictures. */
function arithmetic(kernels: Kernels) {
  const picture = CHANNELS * CELLS + 16;
  const block = kernels.float32(16 * picture);
  for (let i = 0; i < block.length; i++) block[i] = Math.sin(i * i);
  const these = { block, picture, stride: CELLS, channels: CHANNELS, pictures: PICTURES };
  const vectors = () => kernels.float64(CELLS * CHANNELS);
  const triangles = () => kernels.float64((CELLS * CHANNELS * (CHANNELS + 1)) / 2);
  const [pilot, sum, scatter, factors] = [vectors(), vectors(), triangles(), triangles()];
  for (let round = 0; round < 3; round++) kernels.addPictures(these, pilot, sum, scatter);
  kernels.centreScatter(sum, scatter, CHANNELS, 3 * PICTURES, factors);
  const divisors = kernels.float64(CELLS).fill(2);
  const ridges = kernels.float64(CELLS).fill(0.01);
  expect(kernels.whiten(factors, CHANNELS, divisors, ridges)).toBe(-1);
  const out = kernels.float64(CELLS * PICTURES);
  kernels.squaredDistances(these, pilot, factors, out);
  // Two cells that cannot be factorised: the first one counts.
  const broken = factors.slice().fill(0);
  factors.set(broken.fill(-1, 5 * (broken.length / TILES)));
  const failed = kernels.whiten(factors, CHANNELS, divisors, ridges);
  return {
    bytes: [sum, scatter, out].map((array) => Buffer.from(array.slice().buffer).toString("hex")),
    failed,
  };
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("openTileThreads", () => {
  it.each([1, 2, 4])("gives the bytes of one thread with %d", async (threads) => {
    const expected = arithmetic(wasmKernels(BYTES));
    expect(expected.failed).toBe(5 * 64);
    // At first no thread is there yet; later they are.
    const team = openTileThreads(BYTES, CHANNELS, threads);
    expect(arithmetic(team.kernels)).toEqual(expected);
    await team.close();
    expect(arithmetic(openTileThreads(BYTES, CHANNELS, 1).kernels)).toEqual(expected);
  });

  it("works together with threads that are there, and alone when they have gone", async () => {
    const team = openTileThreads(8 * BYTES, CHANNELS, 3);
    const expected = arithmetic(wasmKernels(BYTES));
    for (let round = 0; round < 6; round++) {
      for (let wait = 0; wait < 20; wait++) await moment();
      expect(arithmetic(team.kernels)).toEqual(expected);
    }
    await team.close();
    await team.close();
    expect(arithmetic(team.kernels)).toEqual(expected);
  });

  it("says when the memory cannot be had", () => {
    expect(() => openTileThreads(2 ** 40, CHANNELS, 2)).toThrow(/MEMORY/);
  });
});
