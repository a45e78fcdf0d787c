/** What makes a model the model that it is: one hash for each part that decides about a picture. */

import { detectorsOf } from "./detectors-of.js";
import type { ModelFile, Sha256 } from "./model-file.js";
import { detectorArrays } from "./stored-detectors.js";

/** SHA-256 of the parts, 64 lower-case hexadecimal digits each. */
export interface ModelIdentity {
  /** The network's file. */
  readonly backbone: string;
  /** Gaussians and memory banks, as they are stored. */
  readonly statistics: string;
  /** What happens to a picture before the network. */
  readonly preprocessing: string;
  /** Thresholds and ranges, and how distances become map and score. */
  readonly decision: string;
}

/** The identity of a model; equal models have equal ones, whatever their files are called. */
export function modelIdentity(model: ModelFile, sha256: Sha256): ModelIdentity {
  const { manifest } = model;
  const ofText = (value: unknown) => sha256([new TextEncoder().encode(JSON.stringify(value))]);
  const arrays = detectorsOf(manifest).flatMap((one, number) =>
    Object.values(detectorArrays(model.detectors[number] as ModelFile["detectors"][number], one, number)),
  );
  const decision =
    manifest.origin === "blemish"
      ? manifest.calibration
      : [
          manifest.imported.normaliser,
          manifest.imported.decisions,
          manifest.imported.description.imageThreshold,
        ];
  return {
    backbone: sha256([model.backbone]),
    statistics: sha256(
      arrays.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    ),
    preprocessing: ofText([
      ...manifest.passes.map(({ preprocessing }) => preprocessing),
      ...present(manifest.capture, manifest.alignment),
    ]),
    decision: ofText([decision, manifest.map, manifest.size, ...present(manifest.decision)]),
  };
}

/** Optional parts that are there: a model without them keeps the hash that it had before they were thought of. */
function present(...parts: readonly unknown[]): unknown[] {
  return parts.filter((part) => part !== undefined);
}
