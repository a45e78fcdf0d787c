/** What the pipeline needs to know about a model file: the same description an export gets. */
import type { ModelDescription } from "../anomalib/model-description.js";
import { kindOf } from "./kind-of.js";
import type { ImportedManifest, PassManifest, TrainedManifest } from "./manifest.js";
import type { CdfArrays, ModelFile } from "./model-file.js";
import { describeLooks, type StoredLooks } from "./stored-looks.js";

/** The description of a trained model with its calibration, or of an imported one with what its export said. */
export function describeModelFile(
  model: Pick<ModelFile, "manifest" | "cdf" | keyof StoredLooks>,
): ModelDescription {
  const { manifest, cdf } = model;
  return manifest.origin === "blemish" ? describeTrained(manifest, model) : describeImported(manifest, cdf);
}

function describeTrained(manifest: TrainedManifest, looks: StoredLooks): ModelDescription {
  const { calibration, profile, backbone, passes } = manifest;
  const [{ size, preprocessing }] = passes as [PassManifest];
  return {
    profile,
    evidence: ["The file is a model that blemish train made; its manifest names the profile."],
    kind: kindOf(manifest),
    task: manifest.task,
    input: { name: backbone.input.name, height: size.height, width: size.width, batch: 1 },
    outputs: { map: null, score: null, label: null, mask: null },
    scoreSource: "output",
    preprocessing,
    imageThreshold: calibration.imageThreshold,
    pixelThreshold: calibration.pixelThreshold,
    normalisation: { method: "min_max", image: calibration.imageRange, pixel: calibration.pixelRange },
    ...(manifest.picture !== undefined && { picture: manifest.picture }),
    ...(manifest.map.judged !== undefined && { judged: manifest.map.judged }),
    ...(manifest.capture !== undefined && { capture: manifest.capture }),
    ...(manifest.decision !== undefined && { decision: manifest.decision }),
    ...(calibration.uncertain !== undefined && { uncertainThreshold: calibration.uncertain.imageThreshold }),
    ...describeLooks(manifest, looks),
    notes: calibration.changes.map(({ from, to, reason }) =>
      `The threshold was changed from ${from} to ${to}. ${reason}`.trim(),
    ),
  };
}

function describeImported({ imported }: ImportedManifest, cdf: CdfArrays | null): ModelDescription {
  const { description, file, sha256 } = imported;
  const { normalisation, evidence } = description;
  return {
    ...description,
    evidence: [
      ...evidence,
      `The file is a .blemish model made from ${file} (SHA-256 ${sha256.slice(0, 16)}…).`,
    ],
    normalisation:
      normalisation.method === "cdf" && cdf !== null ? { ...normalisation, pixel: cdf } : normalisation,
  };
}
