/** Whether a file can be written, known before any time is spent. */
import { stat } from "node:fs/promises";
import { BlemishError } from "@blemish/core";
import { prepareTarget } from "../output/write-result.js";

/**
 * Makes the file's folder.
 * @throws BlemishError OUTPUT_WRITE when the folder cannot be made or written; OPTION_VALUE when the path is a folder.
 */
export async function prepareOutput(option: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory())
    throw new BlemishError("OPTION_VALUE", {
      subject: option,
      expected: "a file",
      found: `the folder ${path}`,
    });
  await prepareTarget({ kind: "file", path });
}
