/** The method of a model in one word. */
import { detectorsOf } from "./detectors-of.js";
import type { ModelManifest } from "./manifest.js";

/** `fusion` where different methods judge together. */
export function kindOf(manifest: ModelManifest): "padim" | "patchcore" | "fusion" {
  const kinds = new Set(detectorsOf(manifest).map(({ head }) => head.kind));
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? only : "fusion";
}
