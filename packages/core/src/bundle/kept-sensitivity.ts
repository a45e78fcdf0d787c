/** What was measured of a model's sensitivity, kept in its manifest as long as the model decides as it did. */
import type { SensitivityManifest, TrainedManifest } from "./manifest.js";

/** The manifest with what was measured. */
export function withSensitivity(
  manifest: TrainedManifest,
  sensitivity: SensitivityManifest,
): TrainedManifest {
  return { ...manifest, sensitivity };
}

/** The manifest of a model that from now on decides otherwise: what was measured holds no more. */
export function withoutSensitivity({ sensitivity: _, ...manifest }: TrainedManifest): TrainedManifest {
  return manifest;
}
