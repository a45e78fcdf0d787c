/**
 * Where threads that share the parts of a task meet: one after the other takes the next part until none is left. It is
 * only numbers in shared memory, so taking a part costs nothing and nobody has to be awake for it.
 */

/** Work that falls into parts, which any thread may do, in any order. */
export interface PartTask {
  /** What it is; those who share a board know the kinds. */
  readonly kind: number;
  readonly parts: number;
  readonly numbers: readonly number[];
}

/** What threads are given: whole numbers, and those of the task. */
export interface PartBoard {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly task: Float64Array<SharedArrayBuffer>;
}

/** Round and next part in one number, so that a thread which has slept through a round cannot take a part of the next. */
const NEXT = 0;
/** Parts that are finished. */
const DONE = 1;
const PARTS = 2;
const ROUND = 3;
const STATES = 4;

const CLOSED = -1;
const PART_BITS = 16;
/** More parts than this cannot be counted. */
export const MOST_PARTS = (1 << PART_BITS) - 1;
const ROUNDS = 1 << 14;

/** A board without a task. @param numbers that a task has at most. */
export function createPartBoard(numbers: number): PartBoard {
  return {
    state: new Int32Array(new SharedArrayBuffer(4 * STATES)),
    task: new Float64Array(new SharedArrayBuffer(8 * (1 + numbers))),
  };
}

/** Puts up a task for all threads. The one before must be finished. */
export function putUp({ state, task }: PartBoard, { kind, parts, numbers }: PartTask): void {
  task.set([kind, ...numbers]);
  Atomics.store(state, PARTS, parts);
  Atomics.store(state, DONE, 0);
  const round = (Atomics.load(state, ROUND) + 1) % ROUNDS;
  Atomics.store(state, ROUND, round);
  Atomics.store(state, NEXT, round << PART_BITS);
  Atomics.notify(state, NEXT);
}

/** Takes parts of the task that is up until none is left to take. @returns how many it did. */
export function takeParts(board: PartBoard, work: (task: PartTask, part: number) => void): number {
  const { state } = board;
  let done = 0;
  for (;;) {
    const next = Atomics.load(state, NEXT);
    const part = next & MOST_PARTS;
    if (next === CLOSED || part >= Atomics.load(state, PARTS)) return done;
    // What is read here is this round's when the exchange succeeds: till then the round cannot end.
    const task = taskOf(board);
    if (Atomics.compareExchange(state, NEXT, next, next + 1) !== next) continue;
    work(task, part);
    done++;
    if (Atomics.add(state, DONE, 1) + 1 === task.parts) Atomics.notify(state, DONE);
  }
}

/** Sleeps until another task is up. @returns false when the board is closed. */
export function awaitTask({ state }: PartBoard): boolean {
  for (;;) {
    const next = Atomics.load(state, NEXT);
    if (next === CLOSED) return false;
    if ((next & MOST_PARTS) < Atomics.load(state, PARTS)) return true;
    Atomics.wait(state, NEXT, next);
  }
}

/**
 * Blocks until all parts of the task are finished.
 * @param patience milliseconds without a finished part after which it gives up.
 * @returns false when it gave up.
 */
export function awaitParts({ state }: PartBoard, patience: number): boolean {
  const parts = Atomics.load(state, PARTS);
  for (let done = Atomics.load(state, DONE); done < parts; ) {
    Atomics.wait(state, DONE, done, patience);
    const now = Atomics.load(state, DONE);
    if (now === done) return false;
    done = now;
  }
  return true;
}

/** Sends the threads home. */
export function closeBoard({ state }: PartBoard): void {
  Atomics.store(state, NEXT, CLOSED);
  Atomics.notify(state, NEXT);
}

function taskOf({ state, task }: PartBoard): PartTask {
  const [kind = 0, ...numbers] = task;
  return { kind, parts: Atomics.load(state, PARTS), numbers };
}
