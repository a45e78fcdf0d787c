/** The pictures that the inputs of a command mean, in the order in which they are judged. */
import { stat } from "node:fs/promises";
import { BlemishError } from "@blemish/core";
import { findImages } from "@blemish/node";

/** Paths to judge, and whether they come from exactly one input that is a file. */
export interface FoundPictures {
  readonly paths: readonly string[];
  readonly single: boolean;
}

/**
 * Looks the inputs up, each path once. A missing file among several inputs stays in the list: it becomes an invalid
 * picture and the others are still judged. A missing single input is an error.
 * @throws BlemishError IMAGE_NOT_FOUND, NO_IMAGES
 */
export async function findPictures(inputs: readonly string[]): Promise<FoundPictures> {
  const paths = new Set<string>();
  for (const input of inputs) {
    for (const path of await picturesOf(input, inputs.length > 1)) paths.add(path);
  }
  const only = inputs.length === 1 ? await stat(inputs[0] ?? "").catch(() => null) : null;
  return { paths: [...paths], single: only?.isFile() ?? false };
}

async function picturesOf(input: string, goOn: boolean): Promise<string[]> {
  try {
    return (await findImages([input])).map(({ path }) => path);
  } catch (error) {
    if (goOn && error instanceof BlemishError && error.code === "IMAGE_NOT_FOUND") return [input];
    throw error;
  }
}
