/**
 * The arithmetic of a training on several threads. They share one memory; every tile of the grid is worked on by one
 * of them, and which one does not matter: the bytes are the same for any number of threads. The thread that asks does
 * tiles as well and never waits for one to start: a thread takes part as soon as it is there.
 */
import type { Worker } from "node:worker_threads";
import {
  ALIGNMENT,
  arenaOver,
  BlemishError,
  createKernelMemory,
  hasSimd,
  type KernelMemory,
  type Kernels,
  kernelRoom,
  type TileRunner,
  tileAfterTile,
  tileKernels,
} from "@blemish/core";
import { createRunGate } from "../workers/run-gate.js";
import { startWorker } from "../workers/start-worker.js";
import {
  awaitTiles,
  closeBoard,
  createTileBoard,
  MOST_TILES,
  putUp,
  type TileBoard,
  takeTiles,
} from "./tile-board.js";

/** The smallest page of any system. */
const SYSTEM_PAGE = 4096;

/** What a thread is started with. */
export interface TileThreadSetup {
  readonly board: TileBoard;
  readonly memory: KernelMemory;
  /** The part of the memory that is its own. */
  readonly start: number;
  readonly end: number;
}

/** Kernels that several threads work for. */
export interface TileThreads {
  readonly kernels: Kernels;
  /** Ends the threads; the kernels and their arrays remain, and work alone. */
  close(): Promise<void>;
}

/** Longest wait for a single tile of another thread, ms. One takes about ten. */
const PATIENCE = 60_000;

/**
 * Kernels with a memory of their own.
 * @param bytes what all arrays together take, the kernels' room included.
 * @param channels what the embeddings have; more are not possible.
 * @param threads how many work, the calling one included.
 * @throws MEMORY when that much cannot be had. The kernels throw WORKER when a thread died over a tile.
 */
export function openTileThreads(bytes: number, channels: number, threads: number): TileThreads {
  const others = hasSimd() ? Math.max(0, threads - 1) : 0;
  const room = kernelRoom(channels) + 4 * ALIGNMENT;
  const memory = createKernelMemory(bytes + others * room, others > 0);
  const arena = arenaOver(memory, 0, bytes);
  const board = createTileBoard();
  let open = true;
  const workers = Array.from({ length: others }, (_, i) => {
    const start = bytes + ALIGNMENT + i * room;
    const setup: TileThreadSetup = { board, memory, start, end: start + room - ALIGNMENT };
    return startWorker(setup, createRunGate(), "training/tile-worker");
  });
  const exits = workers.map(exitOf);
  touchPages(arena.buffer);
  if (others === 0) return { kernels: tileKernels(arena), close: async () => {} };
  const run: TileRunner = (task, work) => {
    if (!open || task.tiles < 2 || task.tiles > MOST_TILES) return tileAfterTile(task, work);
    putUp(board, task);
    takeTiles(board, work);
    const failed = awaitTiles(board, PATIENCE);
    if (failed === null) throw deadThread();
    return failed;
  };
  return {
    kernels: tileKernels(arena, run),
    async close() {
      open = false;
      closeBoard(board);
      for (const worker of workers) worker.ref();
      await Promise.all(exits);
    },
  };
}

/**
 * Has the system hand out all pages now, while the threads start: two threads that ask for fresh pages at the same time
 * wait for each other, six times as long as one alone would take.
 */
function touchPages(buffer: ArrayBufferLike): void {
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < bytes.length; at += SYSTEM_PAGE) bytes[at] = 0;
}

/** Such a thread keeps no process alive, and one that cannot start is not missed. */
function exitOf(worker: Worker): Promise<void> {
  worker.unref();
  worker.on("error", () => {});
  return new Promise((resolve) => worker.once("exit", () => resolve()));
}

function deadThread(): BlemishError {
  return new BlemishError("WORKER", {
    subject: "A thread of the training",
    found: `no result within ${PATIENCE / 1000} seconds`,
  });
}
