/** A part board whose parts are tiles of the training's arithmetic, and where a cell that failed is told. */
import { OPERATIONS, TASK_NUMBERS, type TileTask, type TileWork } from "@blemish/core";
import * as parts from "../workers/part-board.js";

/** What threads are given. */
export interface TileBoard extends parts.PartBoard {
  /** One number: the first cell that failed; `NONE` = none. */
  readonly failed: Int32Array<SharedArrayBuffer>;
}

const NONE = 0x7fffffff;
/** More tiles than this cannot be counted. */
export const MOST_TILES = parts.MOST_PARTS;

/** Cells of a tile, as the kernels have it. */
const LANES = 64;

/** A board without a task. */
export function createTileBoard(): TileBoard {
  return { ...parts.createPartBoard(1 + TASK_NUMBERS), failed: new Int32Array(new SharedArrayBuffer(4)) };
}

/** Puts up a task for all threads. The one before must be finished. */
export function putUp(board: TileBoard, { operation, channels, numbers, tiles }: TileTask): void {
  Atomics.store(board.failed, 0, NONE);
  const kind = OPERATIONS.indexOf(operation);
  parts.putUp(board, { kind, parts: tiles, numbers: [channels, ...numbers] });
}

/** Takes tiles of the task that is up until none is left to take. @returns how many it did. */
export function takeTiles(board: TileBoard, work: TileWork): number {
  return parts.takeParts(board, (task, tile) => {
    const lane = work(tileTaskOf(task), tile);
    if (lane >= 0) lower(board.failed, tile * LANES + lane);
  });
}

/** Sleeps until another task is up. @returns false when the board is closed. */
export function awaitTask(board: TileBoard): boolean {
  return parts.awaitTask(board);
}

/**
 * Blocks until all tiles of the task are finished.
 * @param patience milliseconds without a finished tile after which it gives up.
 * @returns the first cell that failed, −1 for none, or null when it gave up.
 */
export function awaitTiles(board: TileBoard, patience: number): number | null {
  if (!parts.awaitParts(board, patience)) return null;
  const failed = Atomics.load(board.failed, 0);
  return failed === NONE ? -1 : failed;
}

/** Sends the threads home. */
export function closeBoard(board: TileBoard): void {
  parts.closeBoard(board);
}

function tileTaskOf({ kind, parts: tiles, numbers }: parts.PartTask): TileTask {
  const [channels = 0, ...others] = numbers;
  return { operation: OPERATIONS[kind] ?? "addPictures", tiles, channels, numbers: others };
}

function lower(failed: Int32Array<SharedArrayBuffer>, cell: number): void {
  for (let lowest = Atomics.load(failed, 0); cell < lowest; lowest = Atomics.load(failed, 0))
    Atomics.compareExchange(failed, 0, lowest, cell);
}
