/** A thread of `promises.ts`: fills its part of the pool, then does the repetitions that it is asked for. */
import { parentPort, workerData } from "node:worker_threads";
import { fillPool, openParts, type PartsSetup } from "./good-parts.js";
import { type Repetition, type RepetitionPlan, repeatOnce } from "./repetition.js";

/** What a thread starts with. */
export interface WorkerSetup {
  readonly parts: PartsSetup;
  /** Float32 `[parts, embeddings of all detectors]`, the same memory for all threads. */
  readonly pool: SharedArrayBuffer;
}

/** What it is asked, one thing at a time. */
export type Task =
  | { readonly type: "embed"; readonly from: number; readonly to: number }
  | { readonly type: "repeat"; readonly plan: RepetitionPlan };

/** What it answers: null after embedding. */
export type Answer = Repetition | null;

const { parts: setup, pool } = workerData as WorkerSetup;
const embeddings = new Float32Array(pool);
const parts = await openParts(setup);

parentPort!.on("message", async (task: Task) => {
  const answer: Answer =
    task.type === "repeat"
      ? await repeatOnce(embeddings, parts, task.plan)
      : await fillPool(parts, task.from, task.to, embeddings).then(() => null);
  parentPort!.postMessage(answer);
});
