/**
 * Real pictures and outputs of the real Anomalib that may not be part of the repository. Tests that need them
 * read them from a folder beside the checkout (or from BLEMISH_SHARED) and say so when they are skipped.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe } from "vitest";

const root = process.env.BLEMISH_SHARED ?? resolve(import.meta.dirname, "../../../shared");

/** Absolute path of a file in the shared folder. */
export function sharedPath(...parts: string[]): string {
  return resolve(root, ...parts);
}

/** `describe` that runs only where every needed shared path exists; otherwise it is skipped with the reason in its name. */
export function describeShared(name: string, needs: readonly string[], body: () => void): void {
  const missing = needs.filter((path) => !existsSync(sharedPath(path)));
  if (missing.length === 0) describe(name, body);
  else describe.skip(`${name} (skipped: no ${missing[0]} in the shared folder; set BLEMISH_SHARED)`, body);
}
