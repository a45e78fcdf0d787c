/** Public names of model files: manifest, arrays, reading and writing. */

export { cellCount } from "./cell-count.js";
export { describeModelFile } from "./describe-model-file.js";
export { byPass, detectorsOf } from "./detectors-of.js";
export { type ModelIdentity, modelIdentity } from "./identity.js";
export { withoutSensitivity, withSensitivity } from "./kept-sensitivity.js";
export { kindOf } from "./kind-of.js";
export type {
  Calibration,
  DetectorManifest,
  ImportedManifest,
  ModelManifest,
  PadimManifest,
  ParitySample,
  PassManifest,
  SensitivityManifest,
  ThresholdChange,
  TrainedManifest,
  TrainingFile,
} from "./manifest.js";
export {
  type ImportedModelFile,
  looksLikeModelFile,
  type ModelFile,
  readModelFile,
  readModelStart,
  type Sha256,
  type StoredDetector,
  type StoredHead,
  type TrainedModelFile,
  writeModelFile,
} from "./model-file.js";
export { modelFileDetails } from "./model-file-details.js";
export { modelFileEngine } from "./model-file-engine.js";
export { QUALITIES, qualityOf } from "./quality-of.js";
export { rawModel } from "./raw-model.js";
export type {
  FilterOptions,
  HeadChoice,
  Quality,
  RecipeOptions,
  StatisticsRule,
  ThresholdRule,
  TrainingProfile,
  ZoneOptions,
} from "./recipe-options.js";
export { isTrained, requireTrained } from "./require-trained.js";
export {
  type ArrayType,
  headerEnd,
  type NamedArray,
  readSafeTensors,
  type SafeTensors,
  writeSafeTensors,
} from "./safetensors.js";
export {
  type EncodedThumbnail,
  packThumbnails,
  picturesByUse,
  type StoredThumbnails,
  thumbnailOf,
} from "./thumbnails.js";
