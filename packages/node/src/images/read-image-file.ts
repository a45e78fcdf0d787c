/** The bytes of a picture's file, refused before reading when there are too many. */
import { readFile, stat } from "node:fs/promises";
import { BlemishError } from "@blemish/core";
import { checkBytes, DEFAULT_LIMITS, type DecodeLimits } from "./decode-limits.js";

/**
 * Reads an encoded picture.
 * @throws BlemishError IMAGE_NOT_FOUND when the path is no file that can be read; IMAGE_TOO_LARGE beyond the limit.
 */
export async function readImageFile(path: string, limits: Partial<DecodeLimits>): Promise<Uint8Array> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) {
      const found = facts.isDirectory() ? "a folder" : "something that is not a file";
      throw new BlemishError("IMAGE_NOT_FOUND", { subject: path, expected: "a file", found });
    }
    checkBytes(facts.size, path, { ...DEFAULT_LIMITS, ...limits });
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof BlemishError) throw cause;
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("IMAGE_NOT_FOUND", { subject: path, found, cause });
  }
}
