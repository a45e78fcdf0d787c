import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WorkerPool } from "./worker-pool.js";

/** What the test worker is told to do with a job. */
interface Job {
  readonly echo?: unknown;
  /** Milliseconds before it answers. */
  readonly after?: number;
  readonly die?: boolean;
  readonly fail?: boolean;
  /** Answers how many jobs it has been given so far. */
  readonly count?: boolean;
}

/** A worker that speaks the pool's language; `start` decides whether it opens. */
const SCRIPT = `
const { parentPort, threadId, workerData } = require("node:worker_threads");
const error = { code: "IMAGE_EMPTY", message: "m", subject: "a.png", expected: "", found: "" };
let jobs = 0;
let open = 0;
let closing = false;
const closeWhenDone = () => closing && open === 0 && parentPort.close();
if (workerData === "broken") {
  parentPort.postMessage({ type: "broken", error: { ...error, code: "MODEL_BROKEN" } });
} else if (workerData === "dead") {
  throw new Error("stillborn");
} else {
  parentPort.on("message", (message) => {
    if (message.type === "close") {
      closing = true;
      return closeWhenDone();
    }
    const { id, job } = message;
    jobs++;
    open++;
    setTimeout(() => {
      open--;
      if (job.die) throw new Error("out of memory");
      if (job.fail) parentPort.postMessage({ type: "failed", id, error });
      else parentPort.postMessage({ type: "done", id, result: { echo: job.echo, threadId, jobs } });
      closeWhenDone();
    }, job.after ?? 0);
  });
  parentPort.postMessage({ type: "ready" });
}`;

interface Result {
  readonly echo: unknown;
  readonly threadId: number;
  readonly jobs: number;
}

const pools: WorkerPool<Job, Result>[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

async function openPool(size: number, kinds: readonly string[] = []) {
  let started = 0;
  const start = vi.fn(() => new Worker(SCRIPT, { eval: true, workerData: kinds[started++] ?? "good" }));
  const pool = await WorkerPool.open<Job, Result>({ size, start, subject: "model.onnx" });
  pools.push(pool);
  const run = (job: Job, signal?: AbortSignal) => pool.run(() => ({ value: job, transfer: [] }), signal);
  return { pool, run, start };
}

describe("WorkerPool", () => {
  it("does jobs and gives their results", async () => {
    const { run, pool } = await openPool(2);
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => run({ echo: i, after: i % 3 })));
    expect(results.map(({ echo }) => echo)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(new Set(results.map(({ threadId }) => threadId)).size).toBe(2);
    expect(pool.capacity).toBe(4);
  });

  it("gives a worker two jobs at most", async () => {
    const { run } = await openPool(1);
    const jobs = [run({ after: 20 }), run({ after: 20 }), run({})];
    expect((await jobs[0]!).jobs).toBe(2);
    expect((await jobs[2]!).jobs).toBe(3);
    await Promise.all(jobs);
  });

  it("makes a message only when it is sent, and moves what it names", async () => {
    const { pool, run } = await openPool(1);
    const busy = [run({ after: 20 }), run({ after: 20 })];
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
  it("fails its oldest job, gives the others back, and is replaced", async () => {
    const { run, start } = await openPool(1);
    const [killed, waiting, queued] = [
      run({ die: true, after: 5 }),
      run({ echo: "b", after: 50 }),
      run({ echo: "c" }),
    ];
    await expect(killed).rejects.toMatchObject({ code: "WORKER", found: "out of memory" });
    expect((await waiting).echo).toBe("b");
    expect((await queued).echo).toBe("c");
    expect(start).toHaveBeenCalledTimes(2);
  });

  it("is replaced for jobs that come later", async () => {
    const { run } = await openPool(1);
    await expect(run({ die: true })).rejects.toMatchObject({ code: "WORKER" });
    expect((await run({ echo: 1 })).echo).toBe(1);
  });

  it("fails what is waiting when its replacement cannot be opened", async () => {
    const { run } = await openPool(1, ["good", "broken"]);
    const jobs = [run({ die: true, after: 5 }), run({ after: 50 })];
    await expect(jobs[0]).rejects.toMatchObject({ code: "WORKER" });
    await expect(jobs[1]).rejects.toMatchObject({ code: "MODEL_BROKEN" });
    expect((await run({ echo: 1 })).echo).toBe(1);
  });

  it.each([
    ["broken", "MODEL_BROKEN"],
    ["dead", "WORKER"],
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
    expect((await run({})).jobs).toBe(3);
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
    const jobs = [run({ echo: "a", after: 20 }), run({ echo: "b", after: 20 }), run({ echo: "c" })];
    const outcomes = Promise.allSettled(jobs);
    await Promise.all([pool.close(), pool.close()]);
    expect(await outcomes).toMatchObject([
      { value: { echo: "a" } },
      { value: { echo: "b" } },
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
