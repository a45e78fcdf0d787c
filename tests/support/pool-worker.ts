/** A worker thread that speaks the language of `WorkerPool` and does as its jobs say: answer, fail, die. */
import { Worker } from "node:worker_threads";

/** What the worker is told to do with a job. */
export interface TestJob {
  readonly echo?: unknown;
  /** Milliseconds before it answers. */
  readonly after?: number;
  /** How it ends: an error nobody catches, an early end, or more memory than it may have. */
  readonly die?: "throw" | "exit" | "memory";
  readonly fail?: boolean;
}

/** What it answers. */
export interface TestResult {
  readonly echo: unknown;
  readonly threadId: number;
  /** How many jobs this worker has been given so far. */
  readonly jobs: number;
}

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
      if (job.die === "throw") throw new Error("a fault of ours");
      if (job.die === "exit") process.exit(7);
      if (job.die === "memory") for (const kept = []; ; ) kept.push(new Array(100_000).fill(job));
      if (job.fail) parentPort.postMessage({ type: "failed", id, error });
      else parentPort.postMessage({ type: "done", id, result: { echo: job.echo, threadId, jobs } });
      closeWhenDone();
    }, job.after ?? 0);
  });
  parentPort.postMessage({ type: "ready" });
}`;

/**
 * Starts one.
 * @param kind "good", or how its opening ends: "broken" (it says so), "dead" (it dies), "impossible" (no thread).
 */
export function startTestWorker(kind: string): Worker {
  if (kind === "impossible") throw new Error("no more threads");
  const resourceLimits = { maxOldGenerationSizeMb: 24 };
  return new Worker(SCRIPT, { eval: true, workerData: kind, resourceLimits });
}
