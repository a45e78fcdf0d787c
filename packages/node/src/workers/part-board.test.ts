import { describe, expect, it } from "vitest";
import {
  awaitParts,
  awaitTask,
  closeBoard,
  createPartBoard,
  MOST_PARTS,
  type PartTask,
  putUp,
  takeParts,
} from "./part-board.js";

const TASK: PartTask = { kind: 3, parts: 5, numbers: [64, 1.5, 2 ** 31] };

describe("a part board", () => {
  it("gives every part of a task once, with the task's kind and numbers", () => {
    const board = createPartBoard(4);
    const seen: number[] = [];
    const work = (task: PartTask, part: number) => {
      expect(task).toEqual({ ...TASK, numbers: [...TASK.numbers, 0] });
      // Others that come meanwhile take what is left.
      if (part === 1) takeParts(board, work);
      seen.push(part);
    };
    expect(takeParts(board, work)).toBe(0);
    putUp(board, TASK);
    expect(awaitTask(board)).toBe(true);
    expect(takeParts(board, work)).toBe(2);
    expect(seen).toEqual([0, 2, 3, 4, 1]);
    expect(awaitParts(board, 1)).toBe(true);
  });

  it("does not wait for ever for a part that was taken and never finished", () => {
    const board = createPartBoard(3);
    putUp(board, TASK);
    const die = () => {
      throw new Error("died");
    };
    expect(() => takeParts(board, die)).toThrow("died");
    takeParts(board, () => {});
    expect(awaitParts(board, 10)).toBe(false);
  });

  it("can be closed, with a task or without", () => {
    for (const parts of [0, 2]) {
      const board = createPartBoard(3);
      if (parts > 0) putUp(board, { ...TASK, parts });
      closeBoard(board);
      expect(awaitTask(board)).toBe(false);
      expect(takeParts(board, () => {})).toBe(0);
    }
  });

  it("survives more rounds than it can count, and as many parts as it can", () => {
    const board = createPartBoard(3);
    let done = 0;
    for (let round = 0; round < 20_000; round++) {
      putUp(board, { ...TASK, parts: 2 });
      done += takeParts(board, () => {});
      expect(awaitParts(board, 1)).toBe(true);
    }
    expect(done).toBe(40_000);
    putUp(board, { ...TASK, parts: MOST_PARTS });
    expect(takeParts(board, () => {})).toBe(MOST_PARTS);
  });
});
