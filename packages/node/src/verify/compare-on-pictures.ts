/** Engines beside a reference on the formula pictures of the samples and on the pictures that are given. */
import { BlemishError, type ParitySample, parityPicture, type RgbImage } from "@blemish/core";
import { readImage } from "../images/read-image.js";
import type { Engine } from "./engines.js";
import { comparison, type Measure, type VerifyRow } from "./verification.js";
import type { Samples } from "./verify-samples.js";

/** How a model is verified. */
export interface VerifyOptions {
  /** Pictures to compare engines on, besides the formula pictures of the samples. */
  readonly pictures?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** An engine that is compared, and by which measure. */
export interface ComparedEngine {
  readonly engine: Engine;
  /** Default: that of the model. */
  readonly tolerance?: number;
  /** Default: true. */
  readonly decides?: boolean;
}

/** What the engines have in common. */
export interface ComparedModel {
  readonly samples: Omit<Samples, "parity" | "passes"> & {
    readonly parity: readonly Pick<ParitySample, "seed">[];
  };
  /** How its pictures are read. */
  readonly reading: Parameters<typeof readImage>[1];
  readonly measure: Measure;
}

/**
 * A row for each engine; none for none, and none where there is no picture.
 * @throws BlemishError CANCELLED, those of reading pictures and of the engines.
 */
export async function compareOnPictures(
  reference: Engine,
  compared: readonly ComparedEngine[],
  { samples, reading, measure }: ComparedModel,
  { pictures = [], signal, onProgress }: VerifyOptions,
): Promise<VerifyRow[]> {
  const formulas = samples.parity.map(({ seed }) => parityPicture(seed, samples));
  const sources: (RgbImage | string)[] = [...formulas, ...pictures];
  if (sources.length === 0) return [];
  const rows = compared.map(({ engine, ...own }) =>
    comparison({ engine: engine.name, against: reference.name, ...measure, ...own }),
  );
  for (const [done, source] of sources.entries()) {
    if (signal?.aborted)
      throw new BlemishError("CANCELLED", { subject: "The verification", cause: signal.reason });
    const image = typeof source === "string" ? await readImage(source, reading) : source;
    const expected = await reference.judge(image);
    for (const [i, { engine }] of compared.entries()) rows[i]!.add(await engine.judge(image), expected);
    onProgress?.(done + 1, sources.length);
  }
  return rows.map(({ row }) => row());
}
