/** Reading a table of pictures as text. */
import { readFile } from "node:fs/promises";
import { BlemishError } from "@blemish/core";

/**
 * The text of a UTF-8 file (a byte order mark stays in front).
 *
 * @throws BlemishError DATASET when it cannot be opened or is not UTF-8
 */
export async function readTable(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("DATASET", { subject: path, found, cause });
  });
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new BlemishError("DATASET", {
      subject: path,
      expected: "text in UTF-8",
      found: "other bytes",
      cause,
    });
  }
}
