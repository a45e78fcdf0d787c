/** Threads that work through a list of tasks, each taking the next when it is done. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Answer, Task, WorkerSetup } from "./worker.js";

/** Some threads with the same set-up. */
export interface Threads {
  /** Answers in the order of the tasks. */
  run(tasks: readonly Task[], each?: (done: number) => void): Promise<Answer[]>;
  close(): Promise<void>;
}

/** Starts threads from source. */
export function startThreads(count: number, setup: WorkerSetup): Threads {
  const register = new URL("../../packages/node/src/workers/register-typescript.mjs", import.meta.url);
  const execArgv = ["--conditions=blemish-source", "--import", register.href];
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL("./worker.ts", import.meta.url), { workerData: setup, execArgv }),
  );
  return {
    async run(tasks, each) {
      const answers: Answer[] = [];
      let [next, done] = [0, 0];
      const work = async (worker: Worker) => {
        while (next < tasks.length) {
          const index = next++;
          worker.postMessage(tasks[index]);
          [answers[index]] = (await once(worker, "message")) as [Answer];
          each?.(++done);
        }
      };
      await Promise.all(workers.map(work));
      return answers;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
