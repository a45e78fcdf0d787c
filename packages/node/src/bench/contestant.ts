/** A setting that takes part in a measurement: its open models and what was measured of them so far. */
import type { ImageSource } from "../images/read-image.js";
import type { Model } from "../model/model.js";
import { type OpenOptions, open } from "../model/open.js";
import type { Arrangements } from "./arrangements.js";
import { type Lap, measureAlone, measureTogether, type Run } from "./measure-turn.js";

/** See above. Each list has an entry for each round. */
export interface Contestant {
  readonly setting: OpenOptions;
  readonly alone: Model;
  /** The same model where one arrangement serves both. */
  readonly together: Model;
  readonly laps: Lap[][];
  readonly files: Run[];
  readonly pixels: Run[];
}

/** What a contestant judges in its turn; `pixels` is empty where decoded pictures are not measured. */
export interface Turn {
  readonly alone: readonly string[];
  readonly files: readonly string[];
  readonly pixels: readonly ImageSource[];
}

/** Opens the model once or twice. @throws BlemishError of `open`; nothing is left open then. */
export async function openContestant(
  path: string,
  setting: OpenOptions,
  arrangements: Arrangements,
  signal: AbortSignal | undefined,
): Promise<Contestant> {
  const opening = signal === undefined ? {} : { signal };
  const alone = await open(path, { ...arrangements.alone, ...opening });
  const none = { setting, alone, laps: [], files: [], pixels: [] };
  if (arrangements.together === arrangements.alone) return { ...none, together: alone };
  try {
    return { ...none, together: await open(path, { ...arrangements.together, ...opening }) };
  } catch (error) {
    await alone.close();
    throw error;
  }
}

/**
 * Takes one turn.
 * @param kept false to warm up: what was measured is forgotten.
 * @throws BlemishError when a picture cannot be judged, CANCELLED.
 */
export async function takeTurn(
  { alone, together, ...measured }: Contestant,
  { alone: one, files, pixels }: Turn,
  kept: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const laps = await measureAlone(alone, one, signal);
  const fromFiles = await measureTogether(together, files, signal);
  const fromPixels = pixels.length === 0 ? null : await measureTogether(together, pixels, signal);
  if (!kept) return;
  measured.laps.push(laps);
  measured.files.push(fromFiles);
  if (fromPixels !== null) measured.pixels.push(fromPixels);
}

/** Closes its models. */
export async function closeContestant({ alone, together }: Contestant): Promise<void> {
  await Promise.all([alone.close(), together.close()]);
}
