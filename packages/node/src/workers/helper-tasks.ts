/**
 * What a worker with several cores lets other threads do for it: parts of a picture's distances, and inflating a PNG file
 * while it undoes the filters of what has come out. These are the tasks on their board, and what a helper does with them.
 */
import {
  arenaOver,
  bufferOf,
  helperWork,
  type PlacedStream,
  type RowUnpacker,
  readModelFile,
  rowUnpacker,
} from "@blemish/core";
import { helperPlaces, type ModelPart } from "../model/shared-model.js";
import type { PartBoard, PartTask } from "./part-board.js";

/** What a helper is started with. */
export interface HelperSetup {
  readonly board: PartBoard;
  /** How many helpers are there. */
  readonly present: Int32Array<SharedArrayBuffer>;
  /** Where rows of pictures are inflated. */
  readonly rows: WebAssembly.Memory;
  readonly progress: InflateProgress;
  /** The model and the worker's part of its memory; null = there are no distances to share. */
  readonly part: ModelPart | null;
  /** Which of the part's helpers it is. */
  readonly index: number;
}

/** Of the stream that is being inflated: the bytes so far, or below 0 how it ended; and 1 where nobody wants the rest. */
export type InflateProgress = Int32Array<SharedArrayBuffer>;

const BYTES = 0;
const UNWANTED = 1;
const RIGHT = -1;
const WRONG = -2;

/** Numbers that a task has at most. */
export const HELPER_NUMBERS = 6;

/** Bytes after which a thread that waits is woken: waking takes as long as inflating a hundredth of it. */
const WORTH_WAKING = 1 << 18;

const DISTANCES = 0;
const INFLATE = 1;

/** The distances of one of the model's heads, in so many parts. */
export function distancesTask(head: number, parts: number): PartTask {
  return { kind: DISTANCES, parts, numbers: [head] };
}

/** A stream, which cannot be divided. Its progress begins anew. */
export function inflateTask(progress: InflateProgress, stream: PlacedStream): PartTask {
  Atomics.store(progress, UNWANTED, 0);
  Atomics.store(progress, BYTES, 0);
  const { room, source, end, out, length, strip } = stream;
  return { kind: INFLATE, parts: 1, numbers: [room, source, end, out, length, strip] };
}

/** Does an inflate task and tells its progress. It may be in another thread than the rest of `unpacker`'s steps. */
export function doInflate(unpacker: RowUnpacker, progress: InflateProgress, { numbers }: PartTask): void {
  const [room, source, end, out, length, strip] = numbers as [number, number, number, number, number, number];
  let told = 0;
  const tell = (value: number) => {
    Atomics.store(progress, BYTES, value);
    if (value >= 0 && value - told < WORTH_WAKING) return;
    told = value;
    Atomics.notify(progress, BYTES);
  };
  const right = unpacker.inflate({ room, source, end, out, length, strip }, (bytes) => {
    tell(bytes);
    return Atomics.load(progress, UNWANTED) === 0;
  });
  tell(right ? RIGHT : WRONG);
}

/**
 * Follows the inflating, in this thread or another, to its end.
 * @param take is given the bytes so far, ever more of them; false = the rest is not wanted.
 * @param patience milliseconds without progress after which it gives up.
 * @returns whether the stream was right and all of it wanted; null when it gave up.
 */
export function followInflate(
  progress: InflateProgress,
  length: number,
  take: (bytes: number) => boolean,
  patience: number,
): boolean | null {
  let wanted = true;
  for (let seen = 0; ; ) {
    const now = Atomics.load(progress, BYTES);
    if (now < 0) return now === RIGHT && wanted && take(length);
    if (now === seen) {
      if (Atomics.wait(progress, BYTES, seen, patience) === "timed-out") return null;
      continue;
    }
    seen = now;
    if (!wanted || take(now)) continue;
    wanted = false;
    Atomics.store(progress, UNWANTED, 1);
  }
}

/** What a helper does; null where it could do nothing. */
export function helperTasks(setup: HelperSetup): ((task: PartTask, part: number) => void) | null {
  const unpacker = rowUnpacker(setup.rows);
  if (unpacker === null) return null;
  const distances = distancesOf(setup);
  return (task, part) => {
    if (task.kind === INFLATE) doInflate(unpacker, setup.progress, task);
    else distances?.(task.numbers[0]!, part);
  };
}

function distancesOf({ part, index }: HelperSetup): ((head: number, part: number) => void) | null {
  if (part === null || part.scratch === null) return null;
  const { memory, fileStart, fileLength } = part;
  const model = readModelFile(new Uint8Array(bufferOf(memory), fileStart, fileLength), "the model", null);
  const { detector, helpers } = helperPlaces(part.scratch, model.manifest);
  const own = helpers[index]!;
  return helperWork(
    model,
    arenaOver(memory, detector.start, detector.end),
    arenaOver(memory, own.start, own.end),
  );
}
