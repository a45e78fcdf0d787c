/**
 * The pictures of a training as streams of embeddings: read, embedded in worker threads, in order, as often as they are
 * wanted. What memory allows is kept from the first time, the rest is embedded again; every file must stay what it was.
 */
import { setImmediate } from "node:timers/promises";
import {
  type AlignmentModel,
  BlemishError,
  type EmbeddedTraining,
  type Embedding,
  type PictureMeasures,
  type RgbImage,
  type TrainingFile,
} from "@blemish/core";
import { mapInOrder } from "../workers/map-in-order.js";
import { startWorker } from "../workers/start-worker.js";
import { WorkerPool } from "../workers/worker-pool.js";
import type { EmbeddedPicture, EmbeddingJob } from "./embedder.js";
import { keepEmbeddings } from "./kept-embeddings.js";
import type { TrainingStage, TrainOptions } from "./train-options.js";
import { setupOf, type TrainingPlan } from "./training-plan.js";

/** Streams of a training's pictures, numbered in their order. */
export interface TrainingPictures {
  /** All pictures, each followed by its turned copies where the training has them. */
  round(stage: TrainingStage): AsyncGenerator<EmbeddedTraining, void, void>;
  /** Some pictures in the given order, with or without their copies. @param stage null = no progress is told. */
  some(
    numbers: readonly number[],
    stage: TrainingStage | null,
    copies: boolean,
  ): AsyncGenerator<EmbeddedTraining, void, void>;
  /** One more picture, for each detector. */
  embed(picture: RgbImage): Promise<readonly Embedding[]>;
  /** Path and hash of every picture; complete after the first round. */
  files(): TrainingFile[];
  /** Hash of what each picture shows, whatever its file; null for one that was not read yet. */
  pixels(): (string | null)[];
  /** What rules of validity are learnt from: of each picture that was read. */
  measures(): PictureMeasures[];
  close(): Promise<void>;
}

/** Kept pictures that are on their way besides those that the workers have. */
const KEPT_AHEAD = 16;

/** Starts the workers. @throws BlemishError BACKBONE, MEMORY, WORKER. */
export async function openTrainingPictures(
  plan: TrainingPlan,
  workers: number,
  { limits = {}, signal, onProgress }: TrainOptions,
  alignment: AlignmentModel | null = null,
): Promise<TrainingPictures> {
  const { paths, turned } = plan;
  const setup = setupOf(plan, limits, alignment);
  const pool = await WorkerPool.open<EmbeddingJob, EmbeddedPicture>({
    size: workers,
    start: (gate) => startWorker(setup, gate, "training/embedding-worker"),
    subject: "The training",
  });
  const hashes = [...plan.hashes];
  const pixels = new Map<number, string>();
  const measures = new Map<number, PictureMeasures>();
  const kept = keepEmbeddings(plan.kept, paths.length);
  const embedOne = (source: EmbeddingJob["source"], copies: boolean, asItLies = false) =>
    pool.run(() => ({ value: { source, turned: copies, asItLies }, transfer: [] }), signal);

  async function* some(numbers: readonly number[], stage: TrainingStage | null, copies: boolean) {
    const task = (number: number) => {
      const ready = kept.get(number);
      // Not at once: between the pictures others must have their turn.
      return ready === null ? embedOne(paths[number]!, copies && turned) : setImmediate(ready);
    };
    let done = 0;
    for await (const picture of mapInOrder(numbers, task, { limit: pool.capacity + KEPT_AHEAD, signal })) {
      const number = numbers[done++]!;
      hashes[number] ??= picture.sha256;
      if (hashes[number] !== picture.sha256) throw changed(paths[number]!);
      pixels.set(number, picture.pixels);
      measures.set(number, picture.measures);
      // What was embedded without its copies is no use to a round.
      if (copies || !turned) kept.keep(number, picture);
      if (stage !== null) onProgress?.(stage, done, numbers.length);
      for (const [copy, embeddings] of picture.copies.entries())
        if (copy === 0 || copies) yield { picture: number, turned: copy > 0, embeddings };
    }
  }

  const all = Array.from(paths.keys());
  return {
    round: (stage) => some(all, stage, true),
    some,
    embed: async (picture) => (await embedOne(picture, false, true)).copies[0]!,
    files: () => paths.map((path, i) => ({ path, sha256: hashes[i]! })),
    pixels: () => all.map((number) => pixels.get(number) ?? null),
    measures: () => all.flatMap((number) => measures.get(number) ?? []),
    close: () => pool.close(),
  };
}

/** Pictures must stay the same between the rounds, and between a training and its continuation. */
export function changed(path: string): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: `The training picture ${path}`,
    expected: "the same file as when the model was fitted",
    found: "another content",
  });
}
