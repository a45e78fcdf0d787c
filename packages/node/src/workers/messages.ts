/** What travels between the pool and its workers: types only. */
import type { ErrorReport } from "@blemish/core";
import type { RunGate } from "./run-gate.js";

/** What every worker is started with, as its `workerData`. */
export interface WorkerData<Setup> {
  readonly setup: Setup;
  readonly gate: RunGate;
}

/** Pool → worker: a job, or the request to finish what is under way and end. */
export type ToWorker<Job> =
  | { readonly type: "job"; readonly id: number; readonly job: Job }
  | { readonly type: "close" };

/** Worker → pool: it is open or could not be opened, and each job's outcome. */
export type FromWorker<Result> =
  | { readonly type: "ready" }
  | { readonly type: "broken"; readonly error: ErrorReport }
  | { readonly type: "done"; readonly id: number; readonly result: Result }
  | { readonly type: "failed"; readonly id: number; readonly error: ErrorReport };

/** A value to post and the memory that moves with it instead of being copied. */
export interface Parcel<T> {
  readonly value: T;
  readonly transfer: readonly ArrayBuffer[];
}
