/** Writes a backbone's folder, whole or not at all. */
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type BackboneManifest, BlemishError, type ImportedBackbone } from "@blemish/core";
import { writeFileAtomic } from "../images/write-file-atomic.js";
import { sha256 } from "../sha256.js";

/** File name of an int8 network beside the other one. */
export const INT8_MODEL = "model-int8.onnx";

/** What a folder is to hold. */
export interface WrittenBackbone extends Pick<ImportedBackbone, "manifest" | "model"> {
  /** The int8 form of the network, see `quantiseBackbone`. */
  readonly int8?: Uint8Array;
}

/**
 * Writes `manifest.json`, completed by hashes, and the networks into a folder of their own. They are written
 * to a temporary folder beside it that is renamed at the end. Missing parent folders are made.
 *
 * @param folder does not exist yet, or is empty.
 * @returns The manifest as it was written.
 * @throws BlemishError OUTPUT_WRITE; nothing is left behind then.
 */
export async function writeBackbone(
  folder: string,
  { manifest: draft, model, int8 }: WrittenBackbone,
): Promise<BackboneManifest> {
  const manifest: BackboneManifest = {
    ...draft,
    sha256: sha256([model]),
    ...(int8 !== undefined && { int8: { model: INT8_MODEL, sha256: sha256([int8]) } }),
  };
  const target = resolve(folder);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 80)}.${randomUUID()}.tmp`);
  try {
    await mkdir(temporary, { recursive: true });
    await writeFileAtomic(join(temporary, manifest.model), model);
    if (int8 !== undefined) await writeFileAtomic(join(temporary, INT8_MODEL), int8);
    await writeFileAtomic(join(temporary, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    await removeEmpty(target);
    await rename(temporary, target);
    return manifest;
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw outputError(cause, folder);
  }
}

/** Systems differ in whether a folder can be renamed over an empty one, so it goes first. */
async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
}

function outputError(cause: unknown, folder: string): BlemishError {
  const found = cause instanceof BlemishError ? cause.found : codeOf(cause);
  const taken = ["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(found);
  return new BlemishError("OUTPUT_WRITE", {
    subject: folder,
    ...(taken && { expected: "a folder that does not exist yet or is empty" }),
    found,
    cause,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
