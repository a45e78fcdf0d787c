/** The pool behind `mapInOrder`, as a batch runs it, with workers that fail and die at random. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuzzRuns } from "../../../../tests/support/fuzz.js";
import { startTestWorker, type TestJob, type TestResult } from "../../../../tests/support/pool-worker.js";
import { mapInOrder } from "./map-in-order.js";
import { WorkerPool } from "./worker-pool.js";

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Batch {
  readonly size: number;
  /** Picks of the workers that are killed from outside, each after a result. */
  readonly kills?: readonly number[];
  readonly signal?: AbortSignal;
  /** Milliseconds that the consumer takes for a result. */
  readonly consumer?: number;
}

/** Runs jobs as `predictMany` does; gives each one's echo or error code, and counts what went on. */
async function runBatch(jobs: readonly TestJob[], { size, kills = [], signal, consumer = 0 }: Batch) {
  const alive = new Set<ReturnType<typeof startTestWorker>>();
  const start = () => {
    const worker = startTestWorker("good");
    alive.add(worker);
    worker.once("exit", () => alive.delete(worker));
    return worker;
  };
  const pool = await WorkerPool.open<TestJob, TestResult>({ size, start, subject: "model.onnx" });
  const seen = { pulled: 0, ahead: 0, given: [] as unknown[], error: null as unknown, alive };
  function* sources() {
    for (const job of jobs) {
      seen.ahead = Math.max(seen.ahead, ++seen.pulled - seen.given.length);
      yield job;
    }
  }
  const outcome = (job: TestJob) =>
    pool
      .run(() => ({ value: job, transfer: [] }), signal)
      .then(
        ({ echo }) => echo,
        ({ code }: { code: string }) => code,
      );
  try {
    let results = 0;
    for await (const one of mapInOrder(sources(), outcome, { limit: pool.capacity, signal })) {
      seen.given.push(one);
      const kill = kills[results++];
      if (kill !== undefined) await [...alive][kill % alive.size]?.terminate();
      if (consumer > 0) await pause(consumer);
    }
  } catch (error) {
    seen.error = error;
  }
  await pool.close();
  return { ...seen, capacity: pool.capacity };
}

describe("a batch", () => {
  it("gives every source one outcome, its own, in order, whatever fails or dies", async () => {
    const kind = fc.constantFrom<Omit<TestJob, "echo">>(
      {},
      {},
      {},
      { fail: true },
      { die: "throw" },
      { die: "exit" },
    );
    const jobs = fc.array(fc.tuple(kind, fc.nat({ max: 8 })), { maxLength: 14 });
    const kills = fc.array(fc.nat({ max: 3 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(jobs, fc.integer({ min: 1, max: 3 }), kills, async (drawn, size, kill) => {
        const batch = drawn.map(([job, after], echo) => ({ ...job, after, echo }));
        const { given, error, ahead, capacity, alive } = await runBatch(batch, { size, kills: kill });
        expect(error).toBeNull();
        const expected = batch.map(({ echo, fail, die }) => (die ? "WORKER" : fail ? "IMAGE_EMPTY" : echo));
        expect(given.length).toBe(expected.length);
        // A worker that is killed while it is alone with a job takes that job with it; others are done again.
        const taken = given.filter((one, i) => one !== expected[i]);
        expect(taken.every((one) => one === "WORKER")).toBe(true);
        expect(taken.length).toBeLessThanOrEqual(kill.length);
        expect(ahead).toBeLessThanOrEqual(capacity + 1);
        expect(alive.size).toBe(0);
      }),
      { numRuns: fuzzRuns(12) },
    );
  });

  it("pulls no source before there is room, and stops while nobody takes results", async () => {
    const jobs = Array.from({ length: 30 }, (_, echo) => ({ echo }));
    const { ahead, capacity, given } = await runBatch(jobs, { size: 2, consumer: 3 });
    expect(given).toEqual([...jobs.keys()]);
    // One source more may be on its way while a result is being handed over.
    expect(ahead).toBeLessThanOrEqual(capacity + 1);
    expect(ahead).toBeGreaterThanOrEqual(capacity);
  });

  it("that is cancelled in the middle leaves no worker, no timer and no listener behind", async () => {
    const handles = () =>
      process
        .getActiveResourcesInfo()
        .filter((name) => name !== "Timeout")
        .sort();
    const before = [handles(), process.listenerCount("exit")];
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const jobs = Array.from({ length: 1000 }, (_, echo) => ({ echo, after: 5 }));
    const { error, given, pulled, alive } = await runBatch(jobs, { size: 2, signal: controller.signal });
    expect(error).toMatchObject({ code: "CANCELLED" });
    expect(given).toEqual([...given.keys()]);
    expect(pulled).toBeLessThan(500);
    expect(alive.size).toBe(0);
    expect([handles(), process.listenerCount("exit")]).toEqual(before);
  });
});
