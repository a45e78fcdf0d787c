/** Test pictures that the model was trained on: a test on them proves nothing. */
import { readFile } from "node:fs/promises";
import type { DatasetItem, TrainedManifest } from "@blemish/core";
import { sha256 } from "@blemish/node";

/** Those items whose files, byte for byte, took part in the training. Unreadable files are not among them. */
export async function leakedPictures(
  { training }: Pick<TrainedManifest, "training">,
  items: readonly DatasetItem[],
): Promise<DatasetItem[]> {
  const known = new Set(training.files.map(({ sha256 }) => sha256));
  const leaked: DatasetItem[] = [];
  for (const item of items) {
    const bytes = await readFile(item.path).catch(() => null);
    if (bytes !== null && known.has(sha256([bytes]))) leaked.push(item);
  }
  return leaked;
}

/** What is said about them; "" for none. */
export function leakWarning(leaked: readonly DatasetItem[], tested: number): string {
  if (leaked.length === 0) return "";
  const of = `${leaked.length} of ${tested} test ${tested === 1 ? "picture" : "pictures"}`;
  return `${of} took part in the training, such as ${leaked[0]?.path}: the test makes the model look better than it is.`;
}
