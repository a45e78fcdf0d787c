/** The pictures that models were trained on, as they are on the disk now. */
import { BlemishError, type TrainingFile } from "@blemish/core";
import { readImageFile } from "../images/read-image-file.js";
import { sha256 } from "../sha256.js";

/** How the files are looked for. */
export interface TrainingFilesOptions {
  /** What errors call the pictures. Default: "The training pictures". */
  readonly subject?: string;
  /** Other pictures, among which those that are gone may be found by their content. */
  readonly elsewhere?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Where each training picture is now, in order: at its own path, or somewhere else with the same content.
 * @throws BlemishError TRAINING_PICTURES when some are gone or changed, naming the first; CANCELLED.
 */
export async function presentFiles(
  files: readonly TrainingFile[],
  { subject = "The training pictures", elsewhere = [], signal }: TrainingFilesOptions = {},
): Promise<string[]> {
  const now = await hashesOf(
    files.map(({ path }) => path),
    signal,
  );
  const wrong = files.filter(({ sha256 }, i) => now[i] !== sha256);
  if (wrong.length === 0) return files.map(({ path }) => path);
  const others = new Map((await hashesOf(elsewhere, signal)).map((hash, i) => [hash, elsewhere[i]!]));
  const missing = wrong.filter(({ sha256 }) => !others.has(sha256));
  if (missing.length > 0) {
    const gone = files.filter((file, i) => now[i] === null && missing.includes(file)).length;
    const first = missing[0]!.path;
    throw new BlemishError("TRAINING_PICTURES", {
      subject,
      expected: `${files.length} pictures where they were, unchanged`,
      found: `${gone} that cannot be read and ${missing.length - gone} that changed, such as ${first}`,
    });
  }
  return files.map(({ path, sha256 }, i) => (now[i] === sha256 ? path : others.get(sha256)!));
}

/** SHA-256 of each file; null for one that cannot be read. @throws BlemishError CANCELLED. */
export async function hashesOf(paths: readonly string[], signal?: AbortSignal): Promise<(string | null)[]> {
  const hashes: (string | null)[] = [];
  for (const path of paths) {
    if (signal?.aborted)
      throw new BlemishError("CANCELLED", { subject: "The check of the pictures", cause: signal.reason });
    hashes.push(
      await readImageFile(path, {}).then(
        (bytes) => sha256([bytes]),
        () => null,
      ),
    );
  }
  return hashes;
}
