/** Shapes of a region as a user names them: words, a mask picture, or a `.json` with shapes. */
import { readFile } from "node:fs/promises";
import {
  BlemishError,
  maskFromImage,
  maskShape,
  parseShape,
  parseShapes,
  type RegionShape,
} from "@blemish/core";
import { decodeImage } from "./decode-image.js";
import { readImageFile } from "./read-image-file.js";

/**
 * One shape of the command line's words, all shapes of a `.json`, or what a mask picture marks (not 0 = marked).
 * @throws BlemishError OPTION_VALUE for words that are none and for JSON that holds no shapes; the errors of reading a file.
 */
export async function readShapes(text: string): Promise<RegionShape[]> {
  const shape = parseShape(text);
  if (shape !== null) return [shape];
  if (text.toLowerCase().endsWith(".json")) return parseShapes(await readJson(text), text);
  return [maskShape(maskFromImage(await decodeImage(await readImageFile(text, {}), text)))];
}

/**
 * What a JSON file holds.
 * @throws BlemishError OPTION_VALUE when it cannot be read or is no JSON.
 */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new BlemishError("OPTION_VALUE", {
      subject: path,
      expected: "a file with JSON",
      found: cause instanceof SyntaxError ? "other text" : "no file that can be read",
      cause,
    });
  }
}
