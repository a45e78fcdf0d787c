/** What the fast engine runs of a model file, in the facts that `inspect` gives for exported graphs. */
import type { EngineFacts } from "../anomalib/engine-facts.js";
import type { ModelManifest } from "./manifest.js";

/** Every model file runs on the fast engine: it holds nothing else. */
export function modelFileEngine({ head, map }: ModelManifest): EngineFacts {
  const { gridWidth: width, gridHeight: height, channels } = head;
  return { fast: true, cells: width * height, grid: { height, width }, channels, sigma: map.sigma };
}
