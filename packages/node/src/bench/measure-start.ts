/**
 * A model in a process of its own: how long it takes from nothing to the first result, and how much memory it needs.
 * The files are in the disk's cache, as they are for every start but the first after the machine's own.
 */
import { fork } from "node:child_process";
import { BlemishError, type ErrorReport } from "@blemish/core";
import type { OpenOptions } from "../model/open.js";
import { FROM_SOURCES, sourceFlags } from "../workers/start-worker.js";

/** What the process is asked for. */
export interface StartTask {
  readonly model: string;
  readonly options: OpenOptions;
  /** The first is judged alone, the others as many at once. */
  readonly pictures: readonly string[];
}

/** Process → parent. */
export type FromStartProcess =
  | { readonly type: "first"; readonly openMs: number; readonly firstMs: number }
  | { readonly type: "done"; readonly peakRss: number }
  | { readonly type: "failed"; readonly error: ErrorReport };

/** One start. Milliseconds, and bytes. */
export interface Start {
  /** From the start of the process to its first result. */
  readonly startMs: number;
  /** Opening the model: its files, its workers. Part of `startMs`. */
  readonly openMs: number;
  /** The first picture, which also compiles what every later one uses. Part of `startMs`. */
  readonly firstMs: number;
  /** Highest resident memory, after all pictures. */
  readonly peakRss: number;
}

/**
 * Starts a process that opens the model and judges the pictures, and waits until it has ended.
 *
 * @param task at least one picture.
 * @throws BlemishError what opening and judging throw, WORKER when the process dies, CANCELLED after `signal`.
 */
export async function measureStart(task: StartTask, signal?: AbortSignal): Promise<Start> {
  const entry = new URL(`./start-process.${FROM_SOURCES ? "ts" : "js"}`, import.meta.url);
  const started = performance.now();
  const child = fork(entry, [JSON.stringify(task)], {
    execArgv: FROM_SOURCES ? sourceFlags() : [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const stop = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", stop);
  try {
    if (signal?.aborted) stop();
    return await new Promise<Start>((resolve, reject) => {
      let first: Omit<Start, "peakRss"> | null = null;
      let start: Start | null = null;
      child.on("message", (message: FromStartProcess) => {
        if (message.type === "failed") reject(BlemishError.fromJSON(message.error));
        else if (message.type === "done") start = first && { ...first, peakRss: message.peakRss };
        else {
          const { openMs, firstMs } = message;
          first = { startMs: performance.now() - started, openMs, firstMs };
        }
      });
      const subject = `The process that opens ${task.model}`;
      child.on("error", (cause) =>
        reject(new BlemishError("WORKER", { subject, found: cause.message, cause })),
      );
      child.on("close", (code, killed) => {
        if (start !== null) resolve(start);
        else if (signal?.aborted)
          reject(new BlemishError("CANCELLED", { subject: "The measurement", cause: signal.reason }));
        else reject(new BlemishError("WORKER", { subject, found: killed ?? `exit code ${code}` }));
      });
    });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
