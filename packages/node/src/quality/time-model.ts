/** What a picture takes with a model on this machine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelFile } from "@blemish/core";
import { spreadOf } from "../bench/spread.js";
import type { DecodeLimits } from "../images/decode-limits.js";
import { open } from "../model/open.js";
import { saveModel } from "../training/save-model.js";

/** Pictures that are judged to find out the time, after some that do not count. */
const TIMED = 12;
const WARM_UP = 3;

/** A model's price. */
export interface ModelTime {
  /** Median milliseconds from picture file to decision, one picture at a time. */
  readonly ms: number;
  /** Bytes of the model's file. */
  readonly bytes: number;
}

/**
 * Times a model as a user would run it: from a file, one picture at a time on all cores.
 * @param pictures at least one; they are gone round.
 * @throws BlemishError CANCELLED, and what judging a picture throws.
 */
export async function timeModel(
  model: ModelFile,
  pictures: readonly string[],
  { limits, signal }: { readonly limits?: Partial<DecodeLimits>; readonly signal?: AbortSignal } = {},
): Promise<ModelTime> {
  const folder = await mkdtemp(join(tmpdir(), "blemish-choose-"));
  try {
    const path = join(folder, "candidate.blemish");
    const bytes = await saveModel(path, model);
    const opened = await open(path, { ...(limits && { limits }), ...(signal && { signal }) });
    try {
      const times: number[] = [];
      for (let i = 0; i < WARM_UP + TIMED; i++) {
        const started = performance.now();
        await opened.predict(pictures[i % pictures.length]!, {
          maps: false,
          validity: false,
          ...(signal && { signal }),
        });
        if (i >= WARM_UP) times.push(performance.now() - started);
      }
      return { ms: spreadOf(times).p50, bytes };
    } finally {
      await opened.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
