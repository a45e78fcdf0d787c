import { expect, it } from "vitest";
import { arenaOver, createArena, createKernelMemory } from "./arena.js";
import { LANES } from "./kernels.js";
import {
  kernelRoom,
  OPERATIONS,
  TASK_NUMBERS,
  type TileTask,
  tileAfterTile,
  tileOperations,
} from "./tile-operations.js";

it("a task's tiles can be done by different threads, each with a part of the memory", () => {
  const [channels, tiles] = [5, 3];
  const rows = (channels * (channels + 1)) / 2;
  const results = [1, 3].map((parts) => {
    const memory = createKernelMemory(1 << 20, parts > 1);
    const arena = arenaOver(memory, 0, 1 << 19);
    const matrices = arena.float64(tiles * rows * LANES);
    for (let i = 0, row = 0; i < channels; i++)
      for (let j = 0; j <= i; j++, row++)
        for (let tile = 0; tile < tiles; tile++)
          matrices.fill(i === j ? 7 + tile : 1, (tile * rows + row) * LANES, (tile * rows + row + 1) * LANES);
    const [divisors, ridges] = [arena.float64(tiles * LANES).fill(2), arena.float64(tiles * LANES).fill(0.5)];
    const numbers = [matrices, divisors, ridges].map(({ byteOffset }) => byteOffset);
    const task: TileTask = { operation: "whiten", tiles, channels, numbers };
    const room = kernelRoom(channels) + 64;
    const threads = Array.from({ length: parts }, (_, i) =>
      tileOperations(arenaOver(memory, (1 << 19) + i * room, (1 << 19) + (i + 1) * room)),
    );
    let next = 0;
    const failed = tileAfterTile(task, (one, tile) => threads[next++ % parts]?.work(one, tile) ?? 0);
    return { failed, factors: matrices.slice() };
  });
  expect(results[0]?.failed).toBe(-1);
  expect(results[1]).toEqual(results[0]);
  expect(results[0]?.factors[0]).toBeCloseTo(0.5, 12);
});

it("the first of the cells that failed is told, though all tiles are done", () => {
  const done: number[] = [];
  const task: TileTask = { operation: "whiten", tiles: 4, channels: 1, numbers: [] };
  const failed = tileAfterTile(task, (_, tile) => {
    done.push(tile);
    return tile > 1 ? 10 - tile : -1;
  });
  expect([failed, ...done]).toEqual([2 * LANES + 8, 0, 1, 2, 3]);
});

it("tasks fit onto a board", () => {
  expect(OPERATIONS).toContain("products");
  expect(TASK_NUMBERS).toBeGreaterThanOrEqual(8);
  expect(tileOperations(createArena(0))).not.toBeNull();
});
