/**
 * Where threads that share tiles of a task meet: one after the other takes the next tile until none is left. It is
 * only numbers in shared memory, so taking a tile costs nothing and nobody has to be awake for it.
 */
import { OPERATIONS, TASK_NUMBERS, type TileTask, type TileWork } from "@blemish/core";

/** What threads are given: whole numbers, and those of the task. */
export interface TileBoard {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly task: Float64Array<SharedArrayBuffer>;
}

/** Round and next tile in one number, so that a thread which has slept through a round cannot take a tile of the next. */
const NEXT = 0;
/** Tiles that are finished. */
const DONE = 1;
const TILES = 2;
/** First cell that failed; `NONE` = none. */
const FAILED = 3;
const ROUND = 4;

const NONE = 0x7fffffff;
const CLOSED = -1;
const TILE_BITS = 16;
/** More tiles than this cannot be counted. */
export const MOST_TILES = (1 << TILE_BITS) - 1;
const ROUNDS = 1 << 14;

/** Cells of a tile, as the kernels have it. */
const LANES = 64;

/** A board without a task. */
export function createTileBoard(): TileBoard {
  return {
    state: new Int32Array(new SharedArrayBuffer(4 * (ROUND + 1))),
    task: new Float64Array(new SharedArrayBuffer(8 * (2 + TASK_NUMBERS))),
  };
}

/** Puts up a task for all threads. The one before must be finished. */
export function putUp({ state, task }: TileBoard, { operation, channels, numbers, tiles }: TileTask): void {
  task.set([OPERATIONS.indexOf(operation), channels, ...numbers]);
  Atomics.store(state, TILES, tiles);
  Atomics.store(state, DONE, 0);
  Atomics.store(state, FAILED, NONE);
  const round = (Atomics.load(state, ROUND) + 1) % ROUNDS;
  Atomics.store(state, ROUND, round);
  Atomics.store(state, NEXT, round << TILE_BITS);
  Atomics.notify(state, NEXT);
}

/** Takes tiles of the task that is up until none is left to take. @returns how many it did. */
export function takeTiles(board: TileBoard, work: TileWork): number {
  const { state } = board;
  let done = 0;
  for (;;) {
    const next = Atomics.load(state, NEXT);
    const tile = next & MOST_TILES;
    if (next === CLOSED || tile >= Atomics.load(state, TILES)) return done;
    // What is read here is this round's when the exchange succeeds: till then the round cannot end.
    const task = taskOf(board);
    if (Atomics.compareExchange(state, NEXT, next, next + 1) !== next) continue;
    const lane = work(task, tile);
    if (lane >= 0) lower(state, tile * LANES + lane);
    done++;
    if (Atomics.add(state, DONE, 1) + 1 === task.tiles) Atomics.notify(state, DONE);
  }
}

/** Sleeps until another task is up. @returns false when the board is closed. */
export function awaitTask({ state }: TileBoard): boolean {
  for (;;) {
    const next = Atomics.load(state, NEXT);
    if (next === CLOSED) return false;
    if ((next & MOST_TILES) < Atomics.load(state, TILES)) return true;
    Atomics.wait(state, NEXT, next);
  }
}

/**
 * Blocks until all tiles of the task are finished.
 * @param patience milliseconds without a finished tile after which it gives up.
 * @returns the first cell that failed, −1 for none, or null when it gave up.
 */
export function awaitTiles({ state }: TileBoard, patience: number): number | null {
  const tiles = Atomics.load(state, TILES);
  for (let done = Atomics.load(state, DONE); done < tiles; ) {
    Atomics.wait(state, DONE, done, patience);
    const now = Atomics.load(state, DONE);
    if (now === done) return null;
    done = now;
  }
  const failed = Atomics.load(state, FAILED);
  return failed === NONE ? -1 : failed;
}

/** Sends the threads home. */
export function closeBoard({ state }: TileBoard): void {
  Atomics.store(state, NEXT, CLOSED);
  Atomics.notify(state, NEXT);
}

function taskOf({ state, task }: TileBoard): TileTask {
  const [operation, channels, ...numbers] = task;
  return {
    operation: OPERATIONS[operation ?? 0] ?? "addPictures",
    tiles: Atomics.load(state, TILES),
    channels: channels ?? 0,
    numbers,
  };
}

function lower(state: Int32Array<SharedArrayBuffer>, cell: number): void {
  for (let lowest = Atomics.load(state, FAILED); cell < lowest; lowest = Atomics.load(state, FAILED))
    Atomics.compareExchange(state, FAILED, lowest, cell);
}
