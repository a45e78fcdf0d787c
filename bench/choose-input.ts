/** The model and the pictures that are measured when none are named. */
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { findImages } from "@blemish/node";
import { sharedPath } from "../tests/support/shared.js";

/** A model and pictures to judge with it. */
export interface BenchInput {
  readonly model: string;
  readonly pictures: readonly string[];
  /** What results call them: no paths of the machine. */
  readonly names: { readonly model: string; readonly pictures: string };
}

const FIXTURES = resolve(import.meta.dirname, "../fixtures/anomalib");

/**
 * What was asked for; else Anomalib's PaDiM on 900 × 900 pictures from the shared folder; else the tiny model and
 * pictures of the repository, whose network is too small for its shares to mean anything.
 */
export async function chooseInput(
  model: string | undefined,
  input: readonly string[] = [],
): Promise<BenchInput> {
  const golden = sharedPath("golden/padim070-bottle-256-n14");
  const bottles = sharedPath("data/mvtec-bottle-original/test");
  const shared = existsSync(golden) && existsSync(bottles);
  const chosen = model ?? (shared ? golden : resolve(FIXTURES, "padim-070-segmentation"));
  const defaults = shared ? bottles : resolve(FIXTURES, "pictures");
  const inputs = input.length > 0 ? input : [defaults];
  const found = (await findImages([...inputs])).map(({ path }) => path);
  const pictures = found.filter((path) => !path.includes("/masks/"));
  if (pictures.length === 0) throw new Error(`No pictures in ${inputs.join(", ")}`);
  return {
    model: chosen,
    pictures,
    names: { model: basename(chosen), pictures: inputs.map((path) => basename(resolve(path))).join(", ") },
  };
}

/** The list again and again until there are `count`. */
export function repeated<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => items[index % items.length]!);
}
