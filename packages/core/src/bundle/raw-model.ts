/** An imported model in raw units, whatever its export normalises: for comparing scores that must not be cut off. */
import type { ImportedModelFile } from "./model-file.js";

/**
 * The model without the normalisation of an Anomalib 2.x graph, which cuts scores to 0–1: scores and thresholds are
 * raw, decisions the same but for values equal to a threshold. Other models are given back as they are.
 */
export function rawModel(model: ImportedModelFile): ImportedModelFile {
  const { manifest } = model;
  const { normaliser, decisions, description } = manifest.imported;
  if (normaliser === null || decisions === null) return model;
  // Normalised = (raw − threshold) / range + 0.5, the other way round.
  const raw = ({ threshold, range }: { threshold: number; range: number }, value: number) =>
    threshold + (value - 0.5) * range;
  const imported = {
    ...manifest.imported,
    description: {
      ...description,
      imageThreshold: raw(normaliser.image, decisions.image),
      pixelThreshold: decisions.pixel === null ? null : raw(normaliser.pixel, decisions.pixel),
      normalisation: { method: "none" } as const,
    },
    normaliser: null,
    decisions: null,
  };
  return { ...model, manifest: { ...manifest, imported } };
}
