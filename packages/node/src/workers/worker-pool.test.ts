import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startTestWorker, type TestJob, type TestResult } from "../../../../tests/support/pool-worker.js";
import { WorkerPool } from "./worker-pool.js";

const pools: WorkerPool<TestJob, TestResult>[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

async function openPool(size: number, kinds: readonly string[] = []) {
  let started = 0;
  const workers: Worker[] = [];
  const start = vi.fn(() => {
    const worker = startTestWorker(kinds[started++] ?? "good");
    workers.push(worker);
    return worker;
  });
  const pool = await WorkerPool.open<TestJob, TestResult>({ size, start, subject: "model.onnx" });
  pools.push(pool);
  const run = (job: TestJob, signal?: AbortSignal) => pool.run(() => ({ value: job, transfer: [] }), signal);
  return { pool, run, start, workers };
}

describe("WorkerPool", () => {
  it("does jobs and gives their results", async () => {
    const { run, pool } = await openPool(2);
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => run({ echo: i, after: i % 3 })));
    expect(results.map(({ echo }) => echo)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(new Set(results.map(({ threadId }) => threadId)).size).toBe(2);
    expect(pool.capacity).toBe(6);
  });

  it("gives a worker three jobs at most", async () => {
    const { run } = await openPool(1);
    const jobs = [run({ after: 20 }), run({ after: 20 }), run({ after: 20 }), run({})];
    expect((await jobs[0]!).jobs).toBe(3);
    expect((await jobs[3]!).jobs).toBe(4);
    await Promise.all(jobs);
  });

  it("makes a message only when it is sent, and moves what it names", async () => {
    const { pool, run } = await openPool(1);
    const busy = [run({ after: 20 }), run({ after: 20 }), run({ after: 20 })];
    const bytes = Uint8Array.of(1, 2, 3);
    const pack = vi.fn(() => ({ value: { echo: bytes }, transfer: [bytes.buffer] }));
    const last = pool.run(pack);
    expect(pack).not.toHaveBeenCalled();
    expect((await last).echo).toEqual(Uint8Array.of(1, 2, 3));
    expect(bytes.length).toBe(0);
    await Promise.all(busy);
  });

  it("passes on the error of a job and goes on", async () => {
    const { run } = await openPool(1);
    await expect(run({ fail: true })).rejects.toMatchObject({ code: "IMAGE_EMPTY", subject: "a.png" });
    expect((await run({ echo: 1 })).echo).toBe(1);
  });

  it("refuses what cannot be sent", async () => {
    const { run } = await openPool(1);
    await expect(run({ echo: () => {} })).rejects.toMatchObject({ code: "OPTION_VALUE" });
    expect((await run({ echo: 1 })).echo).toBe(1);
  });
});

describe("a worker that dies", () => {
  it.each([
    ["throw", "a fault of ours"],
    ["exit", "exit code 7"],
    ["memory", "Worker terminated due to reaching memory limit: JS heap out of memory"],
  ] as const)(
    "of its job (%s) fails that one, does the others again, and is replaced",
    async (die, found) => {
      const { run, start } = await openPool(1);
      const jobs = [
        run({ echo: "a", after: 30 }),
        run({ die, after: 5 }),
        run({ echo: "c", after: 30 }),
        run({ echo: "d" }),
      ];
      expect((await jobs[0]!).echo).toBe("a");
      await expect(jobs[1]).rejects.toMatchObject({ code: "WORKER", found });
      expect((await jobs[2]!).echo).toBe("c");
      expect((await jobs[3]!).echo).toBe("d");
      // Once with others under way, once alone.
      expect(start).toHaveBeenCalledTimes(3);
    },
  );

  it("from outside loses no job", async () => {
    const { run, workers } = await openPool(2);
    const jobs = Array.from({ length: 8 }, (_, i) => run({ echo: i, after: 20 }));
    await workers[0]!.terminate();
    expect((await Promise.all(jobs)).map(({ echo }) => echo)).toEqual([...jobs.keys()]);
  });

  it("does what is cancelled not again", async () => {
    const { run, workers } = await openPool(1);
    const controller = new AbortController();
    const cancelled = run({ echo: "a", after: 50 }, controller.signal);
    const kept = run({ echo: "b", after: 50 });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
    await workers[0]!.terminate();
    // The new worker has been given the other job and this one.
    expect([(await kept).jobs, (await run({})).jobs]).toEqual([1, 2]);
  });

  it("and cannot be replaced, fails what is waiting; later jobs try again", async () => {
    const { run } = await openPool(1, ["good", "impossible"]);
    await expect(run({ die: "exit" })).rejects.toMatchObject({ code: "WORKER" });
    await expect(run({})).rejects.toMatchObject({ code: "WORKER", found: "no more threads" });
    expect((await run({ echo: 1 })).echo).toBe(1);
  });

  it("is replaced for jobs that come later", async () => {
    const { run } = await openPool(1);
    await expect(run({ die: "throw" })).rejects.toMatchObject({ code: "WORKER" });
    expect((await run({ echo: 1 })).echo).toBe(1);
  });

  it("fails what is waiting when its replacement cannot be opened", async () => {
    const { run } = await openPool(1, ["good", "broken"]);
    const jobs = [run({ die: "throw", after: 5 }), run({ after: 50 })];
    for (const job of jobs) await expect(job).rejects.toMatchObject({ code: "MODEL_BROKEN" });
    expect((await run({ echo: 1 })).echo).toBe(1);
  });

  it.each([
    ["broken", "MODEL_BROKEN"],
    ["dead", "WORKER"],
    ["impossible", "WORKER"],
  ])("while the pool opens (%s) keeps it from opening", async (kind, code) => {
    const before = process.listenerCount("exit");
    await expect(openPool(2, ["good", kind])).rejects.toMatchObject({ code });
    expect(process.listenerCount("exit")).toBe(before);
  });
});

describe("cancelling", () => {
  it("does not begin what was cancelled before", async () => {
    const { run } = await openPool(1);
    await expect(run({}, AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
    expect((await run({})).jobs).toBe(1);
  });

  it("drops what is queued and lets go of what runs", async () => {
    const { run } = await openPool(1);
    const controller = new AbortController();
    const jobs = Array.from({ length: 5 }, () => run({ after: 20 }, controller.signal));
    setTimeout(() => controller.abort(), 5);
    const outcomes = await Promise.allSettled(jobs);
    expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code)).toEqual(
      Array(5).fill("CANCELLED"),
    );
    expect((await run({})).jobs).toBe(4);
  });

  it("after the end changes nothing and leaves no listener behind", async () => {
    const { run } = await openPool(1);
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    expect((await run({ echo: 1 }, controller.signal)).echo).toBe(1);
    expect(removed).toHaveBeenCalledTimes(1);
    controller.abort();
    expect((await run({ echo: 2 })).echo).toBe(2);
  });
});

describe("closing", () => {
  it("finishes what runs, refuses what is queued and what comes later, any number of times", async () => {
    const { pool, run } = await openPool(1);
    const jobs = ["a", "b", "c"].map((echo) => run({ echo, after: 20 }));
    jobs.push(run({ echo: "d" }));
    const outcomes = Promise.allSettled(jobs);
    await Promise.all([pool.close(), pool.close()]);
    expect(await outcomes).toMatchObject([
      { value: { echo: "a" } },
      { value: { echo: "b" } },
      { value: { echo: "c" } },
      { reason: { code: "MODEL_CLOSED" } },
    ]);
    await expect(run({})).rejects.toMatchObject({ code: "MODEL_CLOSED", subject: "model.onnx" });
    await pool.close();
  });

  it("leaves the process as it was", async () => {
    const before = [process.listenerCount("exit"), process.getMaxListeners()];
    const { pool } = await openPool(1);
    expect(process.listenerCount("exit")).toBe(before[0]! + 1);
    await pool.close();
    expect([process.listenerCount("exit"), process.getMaxListeners()]).toEqual(before);
  });
});
