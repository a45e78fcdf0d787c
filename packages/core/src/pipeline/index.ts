/** From pictures to results, and from good pictures to models: what of the pipeline is public. */

export { type AdaptiveCalibrator, adaptiveCalibrator } from "./adaptive-calibrator.js";
export {
  type AdaptiveCalibration,
  adoptAdaptive,
  changeThreshold,
  type ThresholdWish,
} from "./change-threshold.js";
export { type CoarserModel, coarserPrecisions } from "./coarser-precisions.js";
export { distanceGrids } from "./distance-grids.js";
export {
  type Curve,
  type DefectFigures,
  type Evaluation,
  type Evaluator,
  evaluator,
  type LabelledPicture,
  type ScoredPicture,
} from "./evaluate.js";
export { explainInPicture } from "./explain-in-picture.js";
export { describeExport, exportedSteps } from "./export/describe-export.js";
export type {
  ExportedPreprocessing,
  ExportForm,
  ExportOptions,
} from "./export/export-forms.js";
export { type ExportEvidence, type ExportedModel, exportModel } from "./export/export-model.js";
export { type ExportNotes, readExportNotes } from "./export/export-notes.js";
export { withInnerValues } from "./export/with-inner-values.js";
export { type CheckpointRequest, importCheckpoint } from "./import/import-checkpoint.js";
export { type ImportRequest, importModel } from "./import/import-model.js";
export {
  detectorBytes,
  embeddingSpec,
  headBytes,
  learnedDetector,
  learnedScorer,
  scoreMapSpec,
} from "./learned-detector.js";
export { maskPlacer } from "./mask-placer.js";
export {
  type CatchingThreshold,
  type HotPlace,
  type JudgedPicture,
  type JudgingModel,
  type MissFacts,
  missFacts,
  type RankAmongGoods,
  shortBelow,
  type ThresholdPromise,
} from "./miss-facts.js";
export { calibrateOnGoods, type GoodPicture, narrowModel } from "./narrow-model.js";
export {
  inputHashes,
  parityPicture,
  parityPlaces,
  tensorHash,
  withParitySamples,
} from "./parity-samples.js";
export {
  type PredictModel,
  type PredictOptions,
  type PredictTimings,
  predict,
} from "./predict.js";
export { optionsForHead } from "./recipe/blemish-recipe.js";
export { asksForPictureSize } from "./recipe/decision-recipe.js";
export { needsPicture } from "./recipe/picture-recipe.js";
export { backboneFor, recipeFor } from "./recipe/recipe.js";
export type {
  DetectorRecipe,
  PadimRecipe,
  PatchcoreRecipe,
  Recipe,
} from "./recipe/recipe-types.js";
export { type TurnedInput, turnedInputs } from "./recipe/turned-inputs.js";
export { helperBytes, helperWork, type ShareHead } from "./stored-head.js";
export { assembleModel, rangeAround, type TrainingParts } from "./training/assemble-model.js";
export {
  calibrate,
  detectorUnits,
  LEAST_PICTURES,
  type LeaveOneOutCalibration,
  type PictureStream,
} from "./training/calibrate.js";
export type { HeadTraining, LeaveOneOutDistances } from "./training/head-training.js";
export { type Breathe, type EmbeddedTraining, learn } from "./training/learn.js";
export { picturesAddedBy, requireMergeable } from "./training/merge-models.js";
export { padimTrainingBytes } from "./training/padim-statistics.js";
export { padimTraining } from "./training/padim-training.js";
export { preciseCalibration } from "./training/precise-threshold.js";
export {
  freshBank,
  hasBank,
  keepsMoments,
  trainingBytes,
  trainingHeads,
  widestPadim,
} from "./training/training-heads.js";
export {
  embeddingBytes,
  type TrainingScale,
  type TrainingSize,
  trainingSize,
} from "./training/training-size.js";
