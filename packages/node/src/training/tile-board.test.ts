import type { TileTask } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { awaitTask, awaitTiles, closeBoard, createTileBoard, putUp, takeTiles } from "./tile-board.js";

const TASK: TileTask = { operation: "whiten", tiles: 5, channels: 7, numbers: [64, 1.5, 2 ** 31] };

describe("a tile board", () => {
  it("gives every tile of a task once, with the task's numbers", () => {
    const board = createTileBoard();
    const seen: number[] = [];
    const work = (task: TileTask, tile: number) => {
      expect(task).toMatchObject({ operation: "whiten", tiles: 5, channels: 7 });
      expect(task.numbers.slice(0, 3)).toEqual(TASK.numbers);
      // Others that come meanwhile take what is left.
      if (tile === 1) takeTiles(board, work);
      seen.push(tile);
      return -1;
    };
    expect(takeTiles(board, work)).toBe(0);
    putUp(board, TASK);
    expect(awaitTask(board)).toBe(true);
    expect(takeTiles(board, work)).toBe(2);
    expect(seen).toEqual([0, 2, 3, 4, 1]);
    expect(awaitTiles(board, 1)).toBe(-1);
  });

  it("tells the first cell that failed, and forgets it with the next task", () => {
    const board = createTileBoard();
    putUp(board, TASK);
    takeTiles(board, (_, tile) => (tile < 2 ? -1 : 9 - tile));
    expect(awaitTiles(board, 1)).toBe(2 * 64 + 7);
    putUp(board, { ...TASK, tiles: 2 });
    takeTiles(board, () => -1);
    expect(awaitTiles(board, 1)).toBe(-1);
  });

  it("does not wait for ever for a tile that was taken and never finished", () => {
    const board = createTileBoard();
    putUp(board, TASK);
    const die = () => {
      throw new Error("died");
    };
    expect(() => takeTiles(board, die)).toThrow("died");
    takeTiles(board, () => -1);
    expect(awaitTiles(board, 10)).toBeNull();
  });

  it("can be closed", () => {
    const board = createTileBoard();
    closeBoard(board);
    expect(awaitTask(board)).toBe(false);
    expect(takeTiles(board, () => -1)).toBe(0);
  });

  it("survives more rounds than it can count", () => {
    const board = createTileBoard();
    let tiles = 0;
    for (let round = 0; round < 20_000; round++) {
      putUp(board, { ...TASK, tiles: 2 });
      tiles += takeTiles(board, () => -1);
      expect(awaitTiles(board, 1)).toBe(-1);
    }
    expect(tiles).toBe(40_000);
  });
});
