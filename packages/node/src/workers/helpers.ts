/**
 * Threads that help a worker with the one picture it is busy with, so that its answer comes sooner. The worker never waits
 * for one to start: it does what nobody else has taken. How many there are does not change a byte of the results.
 */
import type { Worker } from "node:worker_threads";
import { BlemishError, hasSimd, MOST_ROW_BYTES, rowUnpacker, type ShareHead } from "@blemish/core";
import { type UnpackRows, unpackAlone } from "../images/decode-png.js";
import { MOST_HELPERS, type ModelPart } from "../model/shared-model.js";
import {
  distancesTask,
  doInflate,
  followInflate,
  HELPER_NUMBERS,
  type HelperSetup,
  inflateTask,
} from "./helper-tasks.js";
import {
  awaitParts,
  closeBoard,
  createPartBoard,
  MOST_PARTS,
  type PartTask,
  putUp,
  takeParts,
} from "./part-board.js";
import { createRunGate } from "./run-gate.js";
import { startWorker } from "./start-worker.js";

/** A worker's helpers. */
export interface Helpers {
  /** For `learnedDetector`. Throws WORKER when a helper died over a part. */
  readonly share: ShareHead;
  /** For `decodePng`. Throws WORKER likewise. */
  readonly unpack: UnpackRows;
  /** Starts the threads; before, and where one cannot start, the worker does everything alone. */
  start(): void;
  /** How many are there. */
  present(): number;
  /** Sends them home; the functions remain, and work alone. Any number of calls. */
  close(): Promise<void>;
}

/** Rows that are inflated sooner than another thread has woken up. */
const FEW_BYTES = 1 << 19;

/** Longest wait for the next thing that a helper finishes, ms. One takes less than one. */
const PATIENCE = 10_000;

/** Pages of a WebAssembly memory. */
const PAGE = 65_536;

/**
 * Helpers of the calling thread.
 * @param part the model's memory when the fast engine runs it.
 * @param count how many; more than `MOST_HELPERS` are not of use.
 * @returns null when there is nothing that they could do.
 */
export function createHelpers(part: ModelPart | null, count: number): Helpers | null {
  const most = Math.min(count, MOST_HELPERS);
  if (most < 1 || !hasSimd()) return null;
  const rows = new WebAssembly.Memory({ initial: 1, maximum: MOST_ROW_BYTES / PAGE + 1, shared: true });
  const team = newTeam({
    board: createPartBoard(HELPER_NUMBERS),
    present: new Int32Array(new SharedArrayBuffer(4)),
    rows,
    progress: new Int32Array(new SharedArrayBuffer(8)),
    part: part?.scratch ? part : null,
  });
  return {
    share: shareAmong(team),
    unpack: unpackWith(team),
    start: () => team.start(most),
    present: team.present,
    close: team.close,
  };
}

/** The threads, and what they and the worker have in common. */
interface Team extends Omit<HelperSetup, "present" | "index"> {
  start(count: number): void;
  present(): number;
  /** Somebody has not finished what it took: nobody is asked any more. Gives the error. */
  giveUp(): BlemishError;
  close(): Promise<void>;
}

function newTeam(common: Omit<HelperSetup, "index">): Team {
  const workers = new Set<Worker>();
  let exits: Promise<unknown>[] = [];
  let open = true;
  const end = () => {
    open = false;
    closeBoard(common.board);
  };
  return {
    ...common,
    present: () => (open && workers.size > 0 ? Atomics.load(common.present, 0) : 0),
    start(count) {
      if (!open || workers.size > 0) return;
      exits = Array.from({ length: count }, (_, index) => {
        const setup: HelperSetup = { ...common, index };
        const worker = startWorker(setup, createRunGate(), "workers/helper-worker");
        workers.add(worker);
        return exitOf(worker).then(() => workers.delete(worker));
      });
    },
    giveUp() {
      end();
      for (const worker of workers) void worker.terminate();
      const found = `nothing within ${PATIENCE / 1000} seconds`;
      return new BlemishError("WORKER", { subject: "A thread that helps a worker", found });
    },
    async close() {
      end();
      for (const worker of workers) worker.ref();
      await Promise.all(exits);
    },
  };
}

/** A helper keeps no thread alive, and one that cannot start is not missed. */
function exitOf(worker: Worker): Promise<void> {
  worker.unref();
  worker.on("error", () => {});
  return new Promise((resolve) => worker.once("exit", () => resolve()));
}

function shareAmong(team: Team): ShareHead {
  return (head, parts, work) => {
    if (team.part === null || team.present() === 0 || parts < 2 || parts > MOST_PARTS) {
      for (let part = 0; part < parts; part++) work(part);
      return;
    }
    putUp(team.board, distancesTask(head, parts));
    takeParts(team.board, (_, part) => work(part));
    if (!awaitParts(team.board, PATIENCE)) throw team.giveUp();
  };
}

/** A helper inflates, this thread undoes the filters. */
function unpackWith(team: Team): UnpackRows {
  const unpacker = rowUnpacker(team.rows);
  return (rows, out, goOn) => {
    const few = rows.height * (rows.rowBytes + 1) < FEW_BYTES;
    if (unpacker === null || few || team.present() === 0) return unpackAlone(rows, out, goOn);
    const stream = unpacker.place(rows);
    if (stream === null) return null;
    const collector = unpacker.collect(rows, stream, out);
    putUp(team.board, inflateTask(team.progress, stream));
    const wanted = goOn();
    // When nobody has come meanwhile.
    takeParts(team.board, (task: PartTask) => doInflate(unpacker, team.progress, task));
    const take = (bytes: number) => wanted && collector.take(bytes);
    const right = followInflate(team.progress, stream.length, take, PATIENCE);
    if (right === null || !awaitParts(team.board, PATIENCE)) throw team.giveUp();
    return right && collector.isWhole();
  };
}
