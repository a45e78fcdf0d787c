/** From a finished training to the content of a model file: manifest, arrays, and samples that prove parity elsewhere. */

import { byPass, detectorsOf } from "../../bundle/detectors-of.js";
import {
  type DetectorManifest,
  FORMAT_VERSION,
  type TrainedManifest,
  type TrainingFile,
  type UncertainManifest,
} from "../../bundle/manifest.js";
import type { Sha256, StoredHead, TrainedModelFile } from "../../bundle/model-file.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import type { StoredLooks } from "../../bundle/stored-looks.js";
import type { FalseAlarmPromise } from "../../metrics/promise.js";
import type { AlignmentModel, AlignmentRules } from "../../stages/alignment/alignment-model.js";
import type { BackboneManifest } from "../../stages/backbone/manifest.js";
import type { Embedding } from "../../stages/embedding/embed.js";
import type { RgbImage } from "../../stages/image/image.js";
import { bankPrecision } from "../../stages/patchcore/patch-bank.js";
import type { ValidityModel, ValidityRules } from "../../stages/validity/validity-rules.js";
import { paritySamples } from "../parity-samples.js";
import type { DetectorRecipe, Recipe } from "../recipe/recipe.js";
import type { LeaveOneOutCalibration } from "./calibrate.js";

/** What a training gives. */
export interface TrainingParts {
  readonly backbone: { readonly manifest: BackboneManifest; readonly modelBytes: Uint8Array };
  readonly recipe: Recipe;
  /** What the recipe was made from. */
  readonly options: RecipeOptions;
  /** In the order of the recipe's detectors. */
  readonly heads: readonly StoredHead[];
  readonly calibration: LeaveOneOutCalibration;
  /** In the order of the calibration's scores. */
  readonly files: readonly TrainingFile[];
  /** Whether the banks hold patches of turned pictures. */
  readonly turned: boolean;
  /** Rules that say which pictures can be judged; null or absent = none were learnt. */
  readonly validity?: ValidityModel | null;
  /** How its pictures were aligned; null or absent = they were not. */
  readonly alignment?: AlignmentModel | null;
  /** Embeds one more picture for each detector, the way the training did. */
  readonly embedPicture: (picture: RgbImage) => Promise<readonly Embedding[]>;
  /** Of the tensors of its samples; absent = they are not hashed. */
  readonly sha256?: Sha256;
}

/** The whole model; the same parts give the same content. */
export async function assembleModel(parts: TrainingParts): Promise<TrainedModelFile> {
  const { backbone, recipe, heads, calibration } = parts;
  const detectors = detectorsOf(recipe).map(({ embedding }, i) => ({
    projection: embedding.projection?.data ?? null,
    head: heads[i],
  }));
  const model: TrainedModelFile = {
    manifest: manifestOf(parts),
    backbone: backbone.modelBytes,
    detectors,
    scores: calibration.scores,
    peaks: calibration.peaks,
    cdf: null,
    ...looksOf(parts),
  };
  const parity = await paritySamples(model, parts.embedPicture, parts.sha256 ?? null);
  return { ...model, manifest: { ...model.manifest, parity } };
}

function manifestOf(parts: TrainingParts): TrainedManifest {
  const { backbone, recipe, calibration, files, options, turned } = parts;
  const detectors = byPass(
    recipe,
    detectorsOf(recipe).map((detector, i) => detectorManifest(detector, i, parts)),
  );
  return {
    format: "blemish-model",
    version: FORMAT_VERSION,
    origin: "blemish",
    profile: recipe.profile,
    task: "segmentation",
    backbone: backbone.manifest,
    ...(recipe.capture !== undefined && { capture: recipe.capture }),
    ...rulesOf(parts),
    size: recipe.size,
    passes: recipe.passes.map(({ detectors: _, ...pass }, i) => ({
      ...pass,
      detectors: detectors[i],
    })),
    map: mapManifest(recipe),
    ...(recipe.picture !== undefined && { picture: recipe.picture }),
    ...(calibration.decision !== undefined && { decision: calibration.decision }),
    calibration: calibrationOf(calibration, recipe),
    training: { seed: recipe.seed, count: calibration.scores.length, turned, options, files },
    parity: [],
  };
}

/** Rules of validity and alignment without their pictures, which are arrays of the file. */
function rulesOf({ validity, alignment }: TrainingParts): Pick<TrainedManifest, "validity" | "alignment"> {
  return {
    ...(validity && { validity: withoutLook(validity) }),
    ...(alignment && { alignment: withoutReference(alignment) }),
  };
}

function withoutLook({ look: _look, ...rules }: ValidityModel): ValidityRules {
  return rules;
}

function withoutReference({ reference: _reference, ...rules }: AlignmentModel): AlignmentRules {
  return rules;
}

function looksOf({ validity, alignment }: TrainingParts): StoredLooks {
  return {
    ...(validity?.look && { validityLook: validity.look }),
    ...(alignment && { alignmentReference: alignment.reference }),
  };
}

function detectorManifest(
  { embedding, channels, grid, cells, head }: DetectorRecipe,
  index: number,
  { heads, calibration }: TrainingParts,
): DetectorManifest {
  const { projection, places: _, ...rest } = embedding;
  return {
    embedding: { ...rest, projectionRows: projection?.rows ?? 0 },
    channels,
    grid,
    ...(cells !== undefined && { cells }),
    factor: calibration.factors[index],
    unit: calibration.units?.[index] ?? null,
    head: headManifest(heads[index], head),
  };
}

function mapManifest({ sigma, upsampling, score, ignoreBorder, judged }: Recipe): TrainedManifest["map"] {
  return {
    sigma,
    ...(upsampling !== undefined && { upsampling }),
    score,
    ignoreBorder,
    ...(judged !== undefined && { judged }),
  };
}

function headManifest(head: StoredHead, recipe: DetectorRecipe["head"]): DetectorManifest["head"] {
  if (head.kind === "patchcore") {
    const neighbours = recipe.kind === "patchcore" ? recipe.neighbours : undefined;
    return {
      kind: "patchcore",
      rows: head.bank.rows,
      precision: bankPrecision(head.bank),
      ...(neighbours !== undefined && { neighbours }),
    };
  }
  return { kind: "padim", precision: head.gaussians.precision, fit: head.fit };
}

function calibrationOf(
  { image, pixel, uncertain }: LeaveOneOutCalibration,
  { threshold }: Recipe,
): TrainedManifest["calibration"] {
  return {
    method: threshold === "precise" ? "five-fold" : "leave-one-out",
    imageThreshold: image.threshold,
    pixelThreshold: pixel.threshold,
    askedRate: image.asked,
    expectedRate: image.expectedRate,
    guaranteedRate: image.guaranteedRate,
    reached: image.reached,
    ...(uncertain !== undefined && { uncertain: uncertainManifest(uncertain) }),
    imageRange: rangeAround(image.threshold),
    pixelRange: rangeAround(pixel.threshold),
    changes: [],
  };
}

/** The lower threshold of a grey zone, as a manifest says it. */
export function uncertainManifest(promise: FalseAlarmPromise): UncertainManifest {
  const { threshold: imageThreshold, asked: askedRate, expectedRate, guaranteedRate, reached } = promise;
  return { imageThreshold, askedRate, expectedRate, guaranteedRate, reached };
}

/** Distances start at 0; with twice the threshold as 1 the threshold is shown as 0.5. */
export function rangeAround(threshold: number): { min: number; max: number } {
  return { min: 0, max: 2 * threshold };
}
