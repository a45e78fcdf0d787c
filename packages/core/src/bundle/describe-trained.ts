/** What the pipeline needs to know about a model that Blemish trained: the same description an export gets. */
import type { ModelDescription } from "../anomalib/model-description.js";
import type { ModelManifest } from "./manifest.js";

/** The description of a trained model; thresholds and ranges are those of its calibration. */
export function describeTrained(manifest: ModelManifest): ModelDescription {
  const { calibration, head, profile, size, backbone } = manifest;
  return {
    profile,
    evidence: ["The file is a model that blemish train made; its manifest names the profile."],
    kind: head.kind,
    task: manifest.task,
    input: { name: backbone.input.name, height: size.height, width: size.width, batch: 1 },
    outputs: { map: null, score: null, label: null, mask: null },
    scoreSource: "output",
    preprocessing: manifest.preprocessing,
    imageThreshold: calibration.imageThreshold,
    pixelThreshold: calibration.pixelThreshold,
    normalisation: { method: "min_max", image: calibration.imageRange, pixel: calibration.pixelRange },
    notes: calibration.changes.map(({ from, to, reason }) =>
      `The threshold was changed from ${from} to ${to}. ${reason}`.trim(),
    ),
  };
}
