/**
 * Worker threads that share a queue of jobs. It knows nothing of pictures: a job goes to the worker with the
 * fewest jobs, a worker that dies is replaced and its jobs are done again, an idle pool does not keep the process alive.
 */
import { setMaxListeners } from "node:events";
import type { Worker } from "node:worker_threads";
import { BlemishError } from "@blemish/core";
import type { FromWorker, Parcel, ToWorker } from "./messages.js";
import { createRunGate, type RunGate, shutGate } from "./run-gate.js";

/** Jobs that a worker has at a time: one in the network and two whose pictures are being read or written. */
export const JOBS_PER_WORKER = 3;

/** How a pool is made. */
export interface WorkerPoolOptions {
  /** Number of workers. */
  readonly size: number;
  /** Starts one; it must speak `messages.ts` (`serve-jobs.ts` does) and do native work behind the gate. */
  readonly start: (gate: RunGate) => Worker;
  /** What errors call the thing that the workers serve. */
  readonly subject: string;
}

interface PendingJob<Job, Result> {
  /** Made when the job is posted, and again if its worker dies: transferred memory is gone after the first time. */
  readonly pack: () => Parcel<Job>;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: BlemishError) => void;
  /** Nobody waits for it any more. */
  cancelled: boolean;
  /** A worker died with it and others: it gets a worker to itself, which tells whether it was the cause. */
  alone: boolean;
}

interface Slot<Job, Result> {
  readonly worker: Worker;
  readonly gate: RunGate;
  readonly jobs: Map<number, PendingJob<Job, Result>>;
  readonly exited: Promise<void>;
  ready: boolean;
}

/** A pool of equal workers. It must be closed, or left idle at the end of the process. */
export class WorkerPool<Job, Result> {
  readonly #options: WorkerPoolOptions;
  readonly #slots = new Set<Slot<Job, Result>>();
  readonly #onProcessExit = () => this.#shutGates();
  #queue: PendingJob<Job, Result>[] = [];
  #nextId = 0;
  #opening: { readonly resolve: () => void; readonly reject: (error: BlemishError) => void } | null = null;
  #closing: Promise<void> | null = null;

  private constructor(options: WorkerPoolOptions) {
    this.#options = options;
    process.setMaxListeners(process.getMaxListeners() + 1);
    process.on("exit", this.#onProcessExit);
  }

  /** Starts all workers. @throws BlemishError when one of them cannot be opened; none is left running then. */
  static async open<Job, Result>(options: WorkerPoolOptions): Promise<WorkerPool<Job, Result>> {
    const pool = new WorkerPool<Job, Result>(options);
    try {
      await new Promise<void>((resolve, reject) => {
        pool.#opening = { resolve, reject };
        pool.#fill();
      });
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    } finally {
      pool.#opening = null;
    }
  }

  /** Jobs that can be under way at once: more would only wait in the queue. */
  get capacity(): number {
    return this.#options.size * JOBS_PER_WORKER;
  }

  /**
   * Does one job.
   *
   * @param pack makes the message just before it is posted.
   * @throws BlemishError CANCELLED after `signal` (a job that already runs is finished for nothing), MODEL_CLOSED
   *   after `close()`, WORKER when the worker dies, and what the job itself throws.
   */
  async run(pack: () => Parcel<Job>, signal?: AbortSignal): Promise<Result> {
    const { subject } = this.#options;
    if (this.#closing !== null) throw new BlemishError("MODEL_CLOSED", { subject });
    if (signal?.aborted) throw cancelled(signal);
    let abort = () => {};
    // Any number of jobs may share a signal; Node would warn of a leak at the eleventh.
    if (signal !== undefined) setMaxListeners(0, signal);
    try {
      return await new Promise<Result>((resolve, reject) => {
        const job = { pack, resolve, reject, cancelled: false, alone: false };
        abort = () => this.#cancel(job, signal);
        signal?.addEventListener("abort", abort);
        this.#queue.push(job);
        this.#fill();
        this.#assign();
      });
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Refuses the jobs in the queue, lets those under way finish, and ends the workers. Any number of calls. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { subject } = this.#options;
    for (const job of this.#queue.splice(0)) job.reject(new BlemishError("MODEL_CLOSED", { subject }));
    const slots = [...this.#slots];
    for (const { worker } of slots) {
      worker.ref();
      worker.postMessage({ type: "close" } satisfies ToWorker<Job>);
    }
    await Promise.all(slots.map(({ exited }) => exited));
    process.off("exit", this.#onProcessExit);
    process.setMaxListeners(process.getMaxListeners() - 1);
  }

  #cancel(job: PendingJob<Job, Result>, signal: AbortSignal | undefined): void {
    this.#queue = this.#queue.filter((queued) => queued !== job);
    job.cancelled = true;
    job.reject(cancelled(signal));
  }

  /** Starts workers until there are as many as there should be; without any there is nobody to wait for. */
  #fill(): void {
    try {
      while (this.#slots.size < this.#options.size) this.#slots.add(this.#startWorker());
    } catch (cause) {
      const error = this.#workerError(cause);
      this.#opening?.reject(error);
      if (this.#slots.size === 0) for (const job of this.#queue.splice(0)) job.reject(error);
    }
  }

  #startWorker(): Slot<Job, Result> {
    const gate = createRunGate();
    const worker = this.#options.start(gate);
    let fatal: unknown = null;
    const exited = new Promise<void>((resolve) => {
      worker.on("exit", (code) => {
        this.#onExit(slot, fatal ?? `exit code ${code}`);
        resolve();
      });
    });
    const slot: Slot<Job, Result> = { worker, gate, jobs: new Map(), exited, ready: false };
    worker.on("error", (error) => {
      fatal = error;
    });
    worker.on("message", (message: FromWorker<Result>) => this.#onMessage(slot, message));
    return slot;
  }

  #onMessage(slot: Slot<Job, Result>, message: FromWorker<Result>): void {
    if (message.type === "ready") {
      slot.ready = true;
      if ([...this.#slots].every(({ ready }) => ready)) this.#opening?.resolve();
    } else if (message.type === "broken") {
      this.#onBroken(slot, BlemishError.fromJSON(message.error));
    } else {
      const job = slot.jobs.get(message.id);
      slot.jobs.delete(message.id);
      if (message.type === "done") job?.resolve(message.result);
      else job?.reject(BlemishError.fromJSON(message.error));
    }
    this.#assign();
    this.#keepAliveWhileBusy(slot);
  }

  /** Hands queued jobs to the ready workers with the fewest, in their order. */
  #assign(): void {
    while (this.#queue.length > 0) {
      const slot = this.#freestFor(this.#queue[0]!);
      if (slot === null) return;
      this.#post(slot, this.#queue.shift()!);
    }
  }

  #freestFor({ alone }: PendingJob<Job, Result>): Slot<Job, Result> | null {
    let freest: Slot<Job, Result> | null = null;
    for (const slot of this.#slots) {
      if (!slot.ready || slot.jobs.size >= (alone ? 1 : JOBS_PER_WORKER)) continue;
      if ([...slot.jobs.values()].some((job) => job.alone)) continue;
      if (freest === null || slot.jobs.size < freest.jobs.size) freest = slot;
    }
    return freest;
  }

  #post(slot: Slot<Job, Result>, job: PendingJob<Job, Result>): void {
    const id = this.#nextId++;
    try {
      const { value, transfer } = job.pack();
      slot.worker.postMessage({ type: "job", id, job: value } satisfies ToWorker<Job>, transfer);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      job.reject(new BlemishError("OPTION_VALUE", { subject: "The picture or its options", found, cause }));
      return;
    }
    slot.jobs.set(id, job);
    this.#keepAliveWhileBusy(slot);
  }

  /** A worker that is being opened or has jobs keeps the process alive; an idle one does not. */
  #keepAliveWhileBusy({ worker, ready, jobs }: Slot<Job, Result>): void {
    if (this.#closing !== null) return;
    if (!ready || jobs.size > 0) worker.ref();
    else worker.unref();
  }

  /** A worker that could not be opened ends by itself; when it was the last one there is nobody left to wait for. */
  #onBroken(slot: Slot<Job, Result>, error: BlemishError): void {
    this.#slots.delete(slot);
    this.#opening?.reject(error);
    if (this.#slots.size === 0) for (const job of this.#queue.splice(0)) job.reject(error);
  }

  /**
   * The job that a dead worker was alone with is taken for the cause. Of several any may have been it: they go back to
   * the head of the queue, and each gets a worker to itself.
   */
  #onExit(slot: Slot<Job, Result>, cause: unknown): void {
    if (!this.#slots.delete(slot)) return;
    const error = this.#workerError(cause);
    const jobs = [...slot.jobs.values()];
    const lost = jobs.filter((job) => !job.cancelled);
    if (jobs.length === 1 || this.#closing !== null) {
      for (const job of lost) job.reject(error);
    } else {
      for (const job of lost) job.alone = true;
      this.#queue.unshift(...lost);
    }
    if (this.#closing !== null) return;
    if (!slot.ready) this.#onBroken(slot, error);
    else if (this.#queue.length > 0) this.#fill();
    this.#assign();
  }

  #workerError(cause: unknown): BlemishError {
    const found = cause instanceof Error ? cause.message : String(cause);
    return new BlemishError("WORKER", { subject: `A worker of ${this.#options.subject}`, found, cause });
  }

  #shutGates(): void {
    for (const { gate } of this.#slots) shutGate(gate);
  }
}

function cancelled(signal: AbortSignal | undefined): BlemishError {
  return new BlemishError("CANCELLED", { subject: "The prediction", cause: signal?.reason });
}
