/** Starts a worker thread: from the built package as plain JavaScript, in development from the sources. */
import { Worker } from "node:worker_threads";
import { refuseTelemetry } from "../session/refuse-telemetry.js";
import type { WorkerData } from "./messages.js";
import type { RunGate } from "./run-gate.js";

/** Whether this is TypeScript being run, and not the built package. */
export const FROM_SOURCES = import.meta.url.endsWith(".ts");

/** The files that a worker can start with, without their suffix. */
export type WorkerEntry =
  | "workers/inspection-worker"
  | "workers/helper-worker"
  | "training/embedding-worker"
  | "training/tile-worker"
  | "datasets/synth-worker";

/**
 * A worker for `WorkerPool`. It does not take over the flags of this process, which were not meant for it; from
 * sources it gets those that let it read TypeScript.
 */
export function startWorker<Setup>(
  setup: Setup,
  gate: RunGate,
  entry: WorkerEntry = "workers/inspection-worker",
): Worker {
  refuseTelemetry();
  const workerData: WorkerData<Setup> = { setup, gate };
  const url = new URL(`../${entry}.${FROM_SOURCES ? "ts" : "js"}`, import.meta.url);
  return new Worker(url, { workerData, execArgv: FROM_SOURCES ? sourceFlags() : [] });
}

/** Flags of Node with which a thread or a process of its own reads the TypeScript sources. */
export function sourceFlags(): string[] {
  const register = new URL("./register-typescript.mjs", import.meta.url);
  return ["--conditions=blemish-source", "--import", register.href];
}
