/** Writing a file so that nobody ever sees half of it, even when the disk fills up or the process dies. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BlemishError } from "@blemish/core";
import { isStreamTarget } from "./is-stream-target.js";

/** What a file is to hold; parts are written one after another, so that they need never stand in one piece. */
export type FileContent = Uint8Array | string | readonly Uint8Array[];

/**
 * Writes `bytes` to a hidden temporary file in the same folder, flushes it to the disk and renames it to `path`,
 * replacing what was there. Missing parent folders are made. On failure the temporary file is removed, the old file
 * stays, and OUTPUT_WRITE is thrown with the system's code (ENOSPC, EACCES, ENOTDIR, …). A device or a pipe is written into.
 */
export async function writeFileAtomic(path: string, bytes: FileContent): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path).slice(0, 80)}.${randomUUID()}.tmp`);
  try {
    if (await isStreamTarget(path)) return await writeFile(path, bytes);
    await mkdir(folder, { recursive: true });
    await writeFlushed(temporary, bytes);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("OUTPUT_WRITE", { subject: path, found, cause });
  }
}

async function writeFlushed(path: string, bytes: FileContent): Promise<void> {
  const file = await open(path, "wx");
  try {
    // Parts are written one by one, which its type does not say.
    await file.writeFile(bytes as Uint8Array);
    await file.sync();
  } finally {
    await file.close();
  }
}
