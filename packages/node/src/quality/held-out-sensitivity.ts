/** The sensitivity of a training for whose model there are no other good pictures: of one that leaves some out. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlemishError } from "@blemish/core";
import { open } from "../model/open.js";
import { saveModel } from "../training/save-model.js";
import { trainModel } from "../training/train-model.js";
import type { TrainOptions } from "../training/train-options.js";
import { holdOut } from "./hold-out.js";
import { measureSensitivity, type Sensitivity, type SensitivityOptions } from "./measure-sensitivity.js";

/** How it is gone about. */
export interface HeldOutOptions {
  /** Of the training. */
  readonly training: Omit<TrainOptions, "addTo" | "merge">;
  readonly wish?: SensitivityOptions;
  /** Told while defects are tried, as `SensitivityOptions.onProgress`; the training tells its own progress. */
  readonly onProgress?: SensitivityOptions["onProgress"];
}

/**
 * Trains once more without a third of the pictures, at most 40, and measures that model on them: it is a little worse than
 * one of all pictures.
 * @throws BlemishError MODEL_STATISTICS for fewer than six pictures; what `trainModel` and `measureSensitivity` throw.
 */
export async function heldOutSensitivity(
  pictures: readonly string[],
  { training, wish = {}, onProgress }: HeldOutOptions,
): Promise<Sensitivity> {
  const { rest, held } = holdOut(pictures);
  if (held.length === 0) throw tooFew(pictures.length);
  const { model } = await trainModel(rest, training);
  const folder = await mkdtemp(join(tmpdir(), "blemish-sensitivity-"));
  try {
    const path = join(folder, "held-out.blemish");
    await saveModel(path, model);
    const { signal } = training;
    const opened = await open(path, { mode: "throughput", ...(signal && { signal }) });
    try {
      return await measureSensitivity(opened, held, {
        ...wish,
        learnt: model.manifest.training.files,
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
      });
    } finally {
      await opened.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tooFew(found: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The sensitivity without other good pictures",
    expected: "at least 6 pictures, so that some can be left out of a training",
    found: String(found),
  });
}
