/** What the fast engine runs of a model file, in the facts that `inspect` gives for exported graphs. */

import type { BankFacts, EngineFacts } from "../anomalib/engine-facts.js";
import { cellCount } from "./cell-count.js";
import { detectorsOf } from "./detectors-of.js";
import type { DetectorManifest, ModelManifest } from "./manifest.js";

/** Every model file runs on the fast engine: it holds nothing else. Grid and channels are those of the first detector. */
export function modelFileEngine(manifest: ModelManifest): EngineFacts {
  const [first] = detectorsOf(manifest) as [DetectorManifest];
  const { grid, channels } = first;
  const facts = {
    fast: true,
    cells: cellCount(first),
    grid,
    channels,
    sigma: manifest.map.sigma,
  } as const;
  const bank = bankFacts(first, manifest);
  return bank === null ? facts : { ...facts, bank };
}

/** Of Anomalib's way of using a memory bank, which has choices of its own. */
function bankFacts({ head, embedding }: DetectorManifest, { map }: ModelManifest): BankFacts | null {
  if (head.kind !== "patchcore" || embedding.grid !== "finest") return null;
  return {
    rows: head.rows,
    neighbours: head.neighbours ?? 1,
    enlargement: embedding.enlargement ?? "nearest",
    upsampling: map.upsampling ?? "bilinear",
  };
}
