/** Telling devices and pipes, which are written into, from files, which are replaced whole. */
import { stat } from "node:fs/promises";

/**
 * Whether a path is there and is neither a file nor a folder: `/dev/null`, a terminal, a named pipe. Renaming a file onto it would
 * take its place, for everybody on the machine.
 */
export async function isStreamTarget(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory();
}
