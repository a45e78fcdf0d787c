import { Worker } from "node:worker_threads";
import { deflateSync } from "node:zlib";
import { type RowUnpacker, rowUnpacker } from "@blemish/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  distancesTask,
  doInflate,
  followInflate,
  HELPER_NUMBERS,
  helperTasks,
  type InflateProgress,
  inflateTask,
} from "./helper-tasks.js";
import { createPartBoard } from "./part-board.js";

const newProgress = (): InflateProgress => new Int32Array(new SharedArrayBuffer(8));
const newRows = () => new WebAssembly.Memory({ initial: 1, maximum: 1025, shared: true });
const STREAM = { room: 1, source: 2, end: 3, out: 4, length: 9, strip: 6 };

/** An inflater that tells these bytes and then whether it was right. */
const telling = (steps: readonly number[], right: boolean) =>
  ({ inflate: (_, cameOut) => steps.every(cameOut) && right }) as Pick<RowUnpacker, "inflate"> as RowUnpacker;

afterEach(() => vi.unstubAllGlobals());

describe("an inflate task", () => {
  it("tells another thread where the stream is, in as many numbers as a board has", () => {
    const task = inflateTask(newProgress(), STREAM);
    expect(task).toEqual({ kind: expect.any(Number), parts: 1, numbers: [1, 2, 3, 4, 9, 6] });
    expect(task.numbers.length).toBeLessThanOrEqual(HELPER_NUMBERS);
    expect(distancesTask(1, 3)).toEqual({ kind: expect.any(Number), parts: 3, numbers: [1] });
    expect(distancesTask(1, 3).kind).not.toBe(task.kind);
    const placed = vi.fn(() => true);
    doInflate({ inflate: placed } as unknown as RowUnpacker, newProgress(), task);
    expect(placed).toHaveBeenCalledExactlyOnceWith(STREAM, expect.any(Function));
  });

  it.each([
    [true, [3, 9], true],
    [false, [3, 9], false],
    [true, [], true],
  ])("that ends %s after %j is followed to its end", (right, steps, expected) => {
    const progress = newProgress();
    doInflate(telling(steps, right), progress, inflateTask(progress, STREAM));
    const taken: number[] = [];
    expect(followInflate(progress, 9, (bytes) => taken.push(bytes) > 0, 1)).toBe(expected);
    expect(taken).toEqual(right ? [9] : []);
  });

  it("ends early when nobody wants the rest, and begins anew with the next", () => {
    const progress = newProgress();
    const task = inflateTask(progress, STREAM);
    Atomics.store(progress, 0, 3);
    const take = (bytes: number) => {
      expect(bytes).toBe(3);
      return false;
    };
    // What the other thread does meanwhile.
    const other = vi.spyOn(Atomics, "wait").mockImplementation(() => {
      expect(progress[1]).toBe(1);
      doInflate(telling([5, 7], true), progress, task);
      return "ok";
    });
    expect(followInflate(progress, 9, take, 1)).toBe(false);
    other.mockRestore();
    inflateTask(progress, STREAM);
    expect([...progress]).toEqual([0, 0]);
  });

  it("that goes on no more is given up", () => {
    const progress = newProgress();
    inflateTask(progress, STREAM);
    expect(followInflate(progress, 9, () => true, 5)).toBeNull();
  });

  it("is followed while another thread is at it", async () => {
    const progress = newProgress();
    inflateTask(progress, STREAM);
    const steps = `const { workerData: p } = require("node:worker_threads");
      for (const bytes of [1, 2, 3, 4, 5, 6, 7, 8, 9, -1]) {
        Atomics.wait(p, 1, 0, 3);
        Atomics.store(p, 0, bytes);
        Atomics.notify(p, 0);
      }`;
    const worker = new Worker(steps, { eval: true, workerData: progress });
    const taken: number[] = [];
    expect(followInflate(progress, 9, (bytes) => taken.push(bytes) > 0, 20_000)).toBe(true);
    expect(taken.at(-1)).toBe(9);
    expect(taken).toEqual(taken.toSorted((a, b) => a - b));
    await worker.terminate();
  });
});

describe("helperTasks", () => {
  const setup = (rows: WebAssembly.Memory) => ({
    ...{ board: createPartBoard(HELPER_NUMBERS), present: new Int32Array(new SharedArrayBuffer(4)) },
    ...{ rows, progress: newProgress(), part: null, index: 0 },
  });

  it("inflates in the memory of another's rows", () => {
    const rows = newRows();
    const here = setup(rows);
    const mine = rowUnpacker(rows)!;
    const data = Buffer.from([0, 1, 2, 3, 1, 4, 4, 4]);
    const packed = { pieces: [deflateSync(data)], height: 2, rowBytes: 3, pixelBytes: 1 };
    const stream = mine.place(packed)!;
    const out = Buffer.alloc(6);
    const collector = mine.collect(packed, stream, out);
    const task = inflateTask(here.progress, stream);
    helperTasks(here)!(task, 0);
    expect(followInflate(here.progress, stream.length, collector.take, 1)).toBe(true);
    expect(collector.isWhole()).toBe(true);
    expect([...out]).toEqual([1, 2, 3, 4, 8, 12]);
  });

  it("has no distances to do without a model, and nothing without kernels", () => {
    const here = setup(newRows());
    expect(() => helperTasks(here)!(distancesTask(0, 2), 1)).not.toThrow();
    vi.stubGlobal("WebAssembly", undefined);
    expect(helperTasks(here)).toBeNull();
  });
});
