/**
 * The bytes of a picture's file, refused before reading when there are too many. In a worker thread a run of the
 * network holds up every step that comes back through the event loop, so there is one: the reading itself.
 */
import { closeSync, openSync, read, statSync } from "node:fs";
import { promisify } from "node:util";
import { BlemishError } from "@blemish/core";
import { checkBytes, DEFAULT_LIMITS, type DecodeLimits } from "./decode-limits.js";

const readPart = promisify(read);

/**
 * Reads an encoded picture.
 * @throws BlemishError IMAGE_NOT_FOUND when the path is no file that can be read; IMAGE_EMPTY; IMAGE_TOO_LARGE beyond the limit.
 */
export async function readImageFile(path: string, limits: Partial<DecodeLimits>): Promise<Uint8Array> {
  try {
    const facts = statSync(path);
    if (!facts.isFile()) {
      const found = facts.isDirectory() ? "a folder" : "something that is not a file";
      throw new BlemishError("IMAGE_NOT_FOUND", { subject: path, expected: "a file", found });
    }
    checkBytes(facts.size, path, { ...DEFAULT_LIMITS, ...limits });
    return await readBytes(path, facts.size);
  } catch (cause) {
    if (cause instanceof BlemishError) throw cause;
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("IMAGE_NOT_FOUND", { subject: path, found, cause });
  }
}

/** The first `size` bytes; fewer when the file has become shorter. */
async function readBytes(path: string, size: number): Promise<Uint8Array> {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await readPart(file, bytes, filled, size - filled, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}
