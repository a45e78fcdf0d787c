/** The worker's side of the pool: opens what does the jobs, does them, reports each, and ends when it is told to. */
import type { MessagePort } from "node:worker_threads";
import { BlemishError } from "@blemish/core";
import type { FromWorker, Parcel, ToWorker } from "./messages.js";

/** What a worker serves. Jobs may overlap. */
export interface JobServer<Job, Result> {
  run(job: Job): Promise<Parcel<Result>>;
  close(): Promise<void>;
}

/**
 * Serves jobs from a port until it asks to close; then the jobs under way are finished, the server is closed and so
 * is the port. When `open` fails that is reported and the port is closed at once.
 */
export async function serveJobs<Job, Result>(
  port: MessagePort,
  open: () => Promise<JobServer<Job, Result>>,
): Promise<void> {
  const tell = (message: FromWorker<Result>, transfer: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, transfer);
  const underWay = new Set<Promise<void>>();
  const opened = open();

  const serve = async (id: number, job: Job) => {
    try {
      const { value, transfer } = await (await opened).run(job);
      tell({ type: "done", id, result: value }, transfer);
    } catch (error) {
      tell({ type: "failed", id, error: asBlemishError(error).toJSON() });
    }
  };
  const close = async () => {
    await Promise.all(underWay);
    await (await opened).close();
    port.close();
  };
  port.on("message", (message: ToWorker<Job>) => {
    if (message.type === "close") return void close();
    const served: Promise<void> = serve(message.id, message.job).finally(() => underWay.delete(served));
    underWay.add(served);
  });

  try {
    await opened;
    tell({ type: "ready" });
  } catch (error) {
    tell({ type: "broken", error: asBlemishError(error).toJSON() });
    port.close();
  }
}

/** Errors of the table as they are; anything else is a fault of ours, reported with its own words. */
function asBlemishError(error: unknown): BlemishError {
  if (error instanceof BlemishError) return error;
  const found = error instanceof Error ? error.message : String(error);
  return new BlemishError("WORKER", { subject: "The inspection", found, cause: error });
}
