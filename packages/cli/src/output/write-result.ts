/** Writes the files of one result: the drawn picture and the raw map. A failure is reported, not thrown. */
import { access, constants, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { BlemishError } from "@blemish/core";
import { encodeNpy, type SlimResult, writeFileAtomic } from "@blemish/node";
import { freePath, type OutputTarget, outputPath } from "./output-path.js";
import type { WrittenFiles } from "./result-line.js";

/** What is written. Null = not asked for. */
export interface WritePlan {
  readonly pictures: OutputTarget | null;
  readonly maps: OutputTarget | null;
}

/** Writes what the plan asks for and the result holds, never over an existing file. */
export async function writeResult(
  picture: string,
  { encoded, rawMap }: Pick<SlimResult, "encoded" | "rawMap">,
  plan: WritePlan,
): Promise<WrittenFiles> {
  let output: string | null = null;
  let map: string | null = null;
  try {
    if (plan.pictures !== null && encoded.visualization !== undefined) {
      output = await writeNew(outputPath(plan.pictures, picture, ".png"), encoded.visualization);
    }
    if (plan.maps !== null && rawMap !== null) {
      map = await writeNew(outputPath(plan.maps, picture, ".npy"), encodeNpy(rawMap));
    }
    return { output, map, error: null };
  } catch (error) {
    if (!(error instanceof BlemishError)) throw error;
    return { output, map, error };
  }
}

/**
 * Makes the target's folder, so that an unwritable place is known before any time is spent on pictures.
 * @throws BlemishError OUTPUT_WRITE
 */
export async function prepareTarget(target: OutputTarget): Promise<void> {
  const folder = target.kind === "folder" ? target.path : dirname(target.path);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("OUTPUT_WRITE", { subject: folder, found, cause });
  }
}

async function writeNew(wish: string, bytes: Uint8Array): Promise<string> {
  const path = await freePath(wish);
  await writeFileAtomic(path, bytes);
  return path;
}
