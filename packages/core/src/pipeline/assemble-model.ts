/** From a finished training to the content of a model file: manifest, arrays, and samples that prove parity elsewhere. */
import {
  FORMAT_VERSION,
  type ModelManifest,
  type ParitySample,
  type TrainingFile,
} from "../bundle/manifest.js";
import type { KeptStatistics, ModelFile } from "../bundle/model-file.js";
import { wasmKernels } from "../kernels/wasm-kernels.js";
import type { BackboneManifest } from "../stages/backbone/manifest.js";
import type { Embedding } from "../stages/embedding/embed.js";
import { formulaPicture } from "../stages/image/formula-picture.js";
import type { FloatMap, RgbImage } from "../stages/image/image.js";
import type { Gaussians } from "../stages/padim/gaussian.js";
import { detectorBytes, learnedScorer } from "./learned-detector.js";
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

/** Seeds and side of the formula pictures that a model is sampled with. */
const PARITY_SEEDS = [1, 2];
const PARITY_SIDE = 128;

/** The whole model; the same parts give the same content. */
export async function assembleModel(parts: TrainingParts): Promise<ModelFile> {
  const { backbone, recipe, gaussians, calibration, statistics } = parts;
  const model: ModelFile = {
    manifest: manifestOf(parts),
    backbone: backbone.modelBytes,
    mean: Float32Array.from(gaussians.mean),
    factor: Float32Array.from(gaussians.factor),
    projection: recipe.embedding.projection?.data ?? null,
    scores: calibration.scores,
    statistics: statistics && {
      pilot: statistics.pilot.slice(),
      sum: statistics.sum.slice(),
      scatter: statistics.scatter.slice(),
    },
  };
  const parity = await sample(model, parts.embedPicture);
  return { ...model, manifest: { ...model.manifest, parity } };
}

function manifestOf({ backbone, recipe, gaussians, calibration, files }: TrainingParts): ModelManifest {
  const { grid, scales, channels, projection } = recipe.embedding;
  const { image, pixel } = calibration;
  return {
    format: "blemish-model",
    version: FORMAT_VERSION,
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
      count: gaussians.count,
      pool: gaussians.pool,
      ridge: gaussians.ridge,
    },
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

async function sample(
  model: ModelFile,
  embedPicture: TrainingParts["embedPicture"],
): Promise<ParitySample[]> {
  const kernels = wasmKernels(detectorBytes(model, model.manifest.head.channels));
  const toMap = learnedScorer(model, kernels);
  const samples: ParitySample[] = [];
  for (const seed of PARITY_SEEDS) {
    const { embedding } = await embedPicture(formulaPicture(seed, PARITY_SIDE));
    const { map, score } = toMap(embedding);
    samples.push({ seed, rawScore: score, rawMap: places(map) });
  }
  return samples;
}

/** The map at the centres of a 4 × 4 grid, row-major. */
function places({ width, height, data }: FloatMap): number[] {
  const at = (length: number, i: number) => Math.floor(((i + 0.5) * length) / 4);
  return Array.from({ length: 16 }, (_, i) => data[at(height, Math.floor(i / 4)) * width + at(width, i % 4)]);
}
