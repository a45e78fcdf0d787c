/**
 * Model files of format version 2: whitening factors with every channel in its own order, and all zeros of their
 * triangles (`stages/padim/pack-whole.ts`). Read, never written.
 */
import { FORMAT_VERSION } from "./manifest.js";

/** Whether a manifest that came out of JSON is one of version 2. */
export function isVersion2(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && (json as { version?: unknown }).version === 2;
}

/** The manifest in today's form, not checked yet: nothing has changed but the number. */
export function manifestFromVersion2(manifest: Readonly<Record<string, unknown>>): unknown {
  return { ...manifest, version: FORMAT_VERSION };
}
