/** From a finished training to the content of a model file: manifest, arrays, and samples that prove parity elsewhere. */
import { FORMAT_VERSION, type TrainedManifest, type TrainingFile } from "../bundle/manifest.js";
import type { KeptStatistics, TrainedModelFile } from "../bundle/model-file.js";
import type { BackboneManifest } from "../stages/backbone/manifest.js";
import type { Embedding } from "../stages/embedding/embed.js";
import type { RgbImage } from "../stages/image/image.js";
import type { Gaussians } from "../stages/padim/gaussian.js";
import { packGaussians } from "../stages/padim/pack-gaussians.js";
import { paritySamples } from "./parity-samples.js";
import type { Recipe } from "./recipe.js";
import type { LeaveOneOutCalibration } from "./train.js";

/** What a training gives. */
export interface TrainingParts {
  readonly backbone: { readonly manifest: BackboneManifest; readonly modelBytes: Uint8Array };
  readonly recipe: Recipe;
  readonly gaussians: Gaussians;
  readonly calibration: LeaveOneOutCalibration;
  /** In the order of the calibration's scores. */
  readonly files: readonly TrainingFile[];
  /** Kept in the file when not null. */
  readonly statistics: KeptStatistics | null;
  /** Embeds one more picture the way the training did. */
  readonly embedPicture: (picture: RgbImage) => Promise<{ readonly embedding: Embedding }>;
}

/** The whole model; the same parts give the same content. */
export async function assembleModel(parts: TrainingParts): Promise<TrainedModelFile> {
  const { backbone, recipe, gaussians, calibration, statistics } = parts;
  const model: TrainedModelFile = {
    manifest: manifestOf(parts),
    backbone: backbone.modelBytes,
    head: packGaussians(gaussians, recipe.factors),
    projection: recipe.embedding.projection?.data ?? null,
    scores: calibration.scores,
    statistics: statistics && {
      pilot: statistics.pilot.slice(),
      sum: statistics.sum.slice(),
      scatter: statistics.scatter.slice(),
    },
    cdf: null,
  };
  const parity = await paritySamples(model, parts.embedPicture);
  return { ...model, manifest: { ...model.manifest, parity } };
}

function manifestOf({ backbone, recipe, gaussians, calibration, files }: TrainingParts): TrainedManifest {
  const { grid, scales, channels, projection } = recipe.embedding;
  const { image, pixel } = calibration;
  return {
    format: "blemish-model",
    version: FORMAT_VERSION,
    origin: "blemish",
    profile: recipe.profile,
    task: "segmentation",
    backbone: backbone.manifest,
    size: recipe.size,
    preprocessing: recipe.preprocessing,
    embedding: { grid, scales, channels, projectionRows: projection?.rows ?? 0 },
    head: {
      kind: "padim",
      channels: recipe.channels,
      gridWidth: recipe.grid.width,
      gridHeight: recipe.grid.height,
      precision: recipe.factors,
    },
    fit: { count: gaussians.count, pool: gaussians.pool, ridge: gaussians.ridge },
    map: { sigma: recipe.sigma, score: recipe.score, ignoreBorder: recipe.ignoreBorder },
    calibration: {
      method: "leave-one-out",
      imageThreshold: image.threshold,
      pixelThreshold: pixel.threshold,
      askedRate: image.asked,
      expectedRate: image.expectedRate,
      guaranteedRate: image.guaranteedRate,
      reached: image.reached,
      imageRange: rangeAround(image.threshold),
      pixelRange: rangeAround(pixel.threshold),
      changes: [],
    },
    training: { seed: recipe.seed, files },
    parity: [],
  };
}

/** Distances start at 0; with twice the threshold as 1 the threshold is shown as 0.5. */
export function rangeAround(threshold: number): { min: number; max: number } {
  return { min: 0, max: 2 * threshold };
}
