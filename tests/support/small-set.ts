/** A small generated data set in MVTec layout for tests of training; drawn in this thread. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type PartKind, type SynthSetOptions, synthSet } from "@blemish/core";
import { encodeMaskPng, encodePng } from "@blemish/node";

/** Side of the pictures. */
export const SMALL_SIDE = 64;

/** Writes the set and gives its folder. */
export async function writeSmallSet(
  folder: string,
  options: Partial<SynthSetOptions> = {},
  kind: PartKind = "washer",
): Promise<string> {
  const size = { width: SMALL_SIDE, height: SMALL_SIDE };
  const set = { seed: 1, train: 10, testGood: 3, testBad: 5, ...size, ...options };
  const write = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  };
  for (const { name, maskName, image, mask } of synthSet(kind, set)) {
    await write(name, await encodePng(image));
    if (maskName !== null) await write(maskName, await encodeMaskPng(mask));
  }
  return folder;
}
