/** What the fast engine runs of a model file, in the facts that `inspect` gives for exported graphs. */
import type { EngineFacts } from "../anomalib/engine-facts.js";
import { detectorsOf } from "./detectors-of.js";
import type { DetectorManifest, ModelManifest } from "./manifest.js";

/** Every model file runs on the fast engine: it holds nothing else. Grid and channels are those of the first detector. */
export function modelFileEngine(manifest: ModelManifest): EngineFacts {
  const [{ grid, channels }] = detectorsOf(manifest) as [DetectorManifest];
  return { fast: true, cells: grid.width * grid.height, grid, channels, sigma: manifest.map.sigma };
}
