/** A generated data set on the disk, in the layout of MVTec AD, drawn by worker threads. */
import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type PartKind, type SynthSetOptions, synthPlaces } from "@blemish/core";
import { mapInOrder } from "../workers/map-in-order.js";
import { startWorker } from "../workers/start-worker.js";
import { WorkerPool } from "../workers/worker-pool.js";
import { folderNotEmpty, type SynthJob } from "./synth-writer.js";

/** What is drawn, and how it runs. */
export interface WriteSynthSetOptions extends SynthSetOptions {
  /** Worker threads. Default: one for each core. The pictures do not depend on it. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Told after each picture. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Draws a set into a folder: `train/good`, `test/good`, `test/<defect>`, `ground_truth/<defect>`, PNG files, masks of
 * 0 and 255. Every file is whole; a cancelled set is not.
 *
 * @param folder new or empty.
 * @returns number of pictures.
 * @throws BlemishError OUTPUT_WRITE, OPTION_VALUE, CANCELLED.
 */
export async function writeSynthSet(
  kind: PartKind,
  folder: string,
  options: WriteSynthSetOptions,
): Promise<number> {
  const { workers = availableParallelism(), signal, onProgress, ...set } = options;
  if ((await readdir(folder).catch(() => [])).length > 0) throw folderNotEmpty(folder);
  const { train, testGood, testBad } = set;
  const total = train + testGood + testBad;
  const pool = await WorkerPool.open<SynthJob, string>({
    size: Math.max(1, Math.min(workers, total)),
    start: (gate) => startWorker(null, gate, "datasets/synth-worker"),
    subject: "The maker of pictures",
  });
  let done = 0;
  try {
    const draw = (job: SynthJob) => pool.run(() => ({ value: job, transfer: [] }), signal);
    const jobs = jobsOf(kind, folder, set);
    for await (const _path of mapInOrder(jobs, draw, { limit: pool.capacity, signal })) {
      onProgress?.(++done, total);
    }
  } finally {
    await pool.close();
  }
  return done;
}

function* jobsOf(kind: PartKind, folder: string, set: SynthSetOptions): Generator<SynthJob> {
  for (const { part, name, maskName } of synthPlaces(set)) {
    const maskPath = maskName === null ? null : join(folder, `${maskName}.png`);
    yield { kind, part, path: join(folder, `${name}.png`), maskPath };
  }
}
