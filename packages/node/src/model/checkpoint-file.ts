/** Checkpoints that Anomalib saved (`model.ckpt`, `model.pt`) as models of our own, read without running anything of them. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import {
  BlemishError,
  type ImportedModelFile,
  importCheckpoint,
  looksLikeZip,
  readCheckpoint,
  type Sha256,
} from "@blemish/core";
import { firstBytes } from "./first-bytes.js";
import type { ReadModelOptions } from "./read-model-options.js";
import { readOptionsRefused } from "./read-options-refused.js";
import type { StoredPrecision } from "./stored-precision.js";

/** Whether a path is a file that begins like a checkpoint of torch. Decided by content, not by name. */
export async function isCheckpoint(path: string): Promise<boolean> {
  return looksLikeZip(await firstBytes(path, 4));
}

/**
 * The model of a checkpoint, without parity samples.
 * @param hash null for a model that is never written.
 * @throws BlemishError MODEL_NOT_FOUND, MODEL_FORMAT, MODEL_BROKEN, CHECKPOINT_CODE, OPTION_VALUE for metadata, another profile or
 *   another score, and those of core's `importCheckpoint`.
 */
export async function importCheckpointContent(
  path: string,
  { factors, bankPrecision, task, ...choices }: StoredPrecision & ReadModelOptions,
  hash: Sha256 | null,
): Promise<ImportedModelFile> {
  const content = await readFile(path).catch((cause: unknown) => {
    throw new BlemishError("MODEL_NOT_FOUND", { subject: path, cause });
  });
  const model = importCheckpoint({
    checkpoint: readCheckpoint(content, path),
    file: { name: basename(path), bytes: content.length, content },
    ...(factors !== undefined && { factors }),
    ...(bankPrecision !== undefined && { bankPrecision }),
    subject: path,
    sha256: hash,
  });
  const { imported } = model.manifest;
  readOptionsRefused(path, imported.description, choices);
  if (task === undefined) return model;
  const description = { ...imported.description, task };
  return { ...model, manifest: { ...model.manifest, task, imported: { ...imported, description } } };
}
