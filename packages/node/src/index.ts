/** Every public name of `@blemish/node`. */
// backbones
export { type BackboneSessionOptions, backboneSession } from "./backbones/backbone-session.js";
export { importBackboneFile } from "./backbones/import-backbone-file.js";
export { type Backbone, EMBEDDED_BACKBONE, loadBackbone } from "./backbones/load-backbone.js";
export {
  type ImageSources,
  type QuantisableNetwork,
  type QuantiseOptions,
  quantiseBackbone,
  quantiseOnPictures,
} from "./backbones/quantise-backbone.js";
export { INT8_MODEL, type WrittenBackbone, writeBackbone } from "./backbones/write-backbone.js";
// base
export { sha256 } from "./sha256.js";
// bench
export { type BenchOptions, benchModel } from "./bench/bench-model.js";
export type {
  AloneFigures,
  BenchRatios,
  BenchStage,
  ModelBench,
  SettingBench,
  StartFigures,
  TogetherFigures,
} from "./bench/bench-result.js";
export { type MachineFacts, machineFacts } from "./bench/machine-facts.js";
export { medianOf, type OverRounds, overRounds, type Spread, spreadOf } from "./bench/spread.js";
// datasets
export { type CheckHealthOptions, checkHealth } from "./datasets/check-health.js";
export { readMask } from "./datasets/read-mask.js";
export { type RecognizeOptions, recognizeDataset } from "./datasets/recognize-dataset.js";
export { type WriteSynthSetOptions, writeSynthSet } from "./datasets/write-synth-set.js";
// evaluation
export { calibrateModel, type ModelCalibration } from "./evaluation/calibrate-model.js";
export { type EvaluateOptions, evaluateModel, type ModelEvaluation } from "./evaluation/evaluate-model.js";
export type { FailedItem, JudgedItem } from "./evaluation/labelled-pictures.js";
// export
export { type ExportFileOptions, exportModelFile, type WrittenExport } from "./export/export-model-file.js";
// explain
export { CANDIDATES } from "./explain/candidates.js";
export { type ExplainMissOptions, explainMiss, type MissExplanation } from "./explain/explain-miss.js";
export type { FalseAlarms, FurtherGoods } from "./explain/further-goods.js";
export type { DefectPlace, PixelBox } from "./explain/marked-place.js";
export type { TriedCandidate } from "./explain/try-candidates.js";
// images
export { decodeImage } from "./images/decode-image.js";
export { DEFAULT_LIMITS, type DecodeLimits } from "./images/decode-limits.js";
export { encodeNpy } from "./images/encode-npy.js";
export { encodeMaskPng, encodePng } from "./images/encode-png.js";
export { encodeWebp } from "./images/encode-webp.js";
export { type FoundImage, findImages, IMAGE_SUFFIXES } from "./images/find-images.js";
export { type NarrowedModel, type NarrowOptions, narrowWithGoods } from "./evaluation/narrow-with-goods.js";
export { readJson, readShapes } from "./images/read-shapes.js";
export { type ImageSource, type ReadImageOptions, readImage, readingOf } from "./images/read-image.js";
export { isStreamTarget } from "./images/is-stream-target.js";
export { writeFileAtomic } from "./images/write-file-atomic.js";
// model
export {
  type ImportedExport,
  type ImportModelOptions,
  importModelFile,
} from "./model/import-model-file.js";
export type { Model } from "./model/model.js";
export { type OpenOptions, open } from "./model/open.js";
export type { Engine, EngineOptions } from "./model/prepare-model.js";
export {
  type QuantisedModel,
  type QuantiseModelOptions,
  type QuantiseStage,
  quantiseModelBackbone,
} from "./model/quantise-model-backbone.js";
export { type ModelReport, readModel } from "./model/read-model.js";
export type { ReadModelOptions } from "./model/read-model-options.js";
export type {
  EncodedName,
  EncodeOptions,
  PictureFacts,
  PictureResult,
  Prediction,
  PredictOptions,
  SlimResult,
  StageTimings,
} from "./model/results.js";
export { MODES, type Mode, type Schedule, type ScheduleRequest, schedulesFor } from "./model/schedule.js";
export { isModelFile, loadModelFile, readTrainedModel } from "./model/trained-model-file.js";
// session
export { type ModelBytes, type OrtSessionOptions, ortSession } from "./session/ort-session.js";
// training
export { precisionChange } from "./training/precision-change.js";
export {
  checkMemory,
  type ForecastOptions,
  forecastTraining,
  type TrainingForecast,
} from "./training/forecast.js";
export { chooseFusion, type FusionChoice } from "./quality/choose-fusion.js";
export {
  type Candidate,
  type ChooseOptions,
  chooseQuality,
  type QualityChoice,
} from "./quality/choose-quality.js";
export {
  type LearningCurve,
  type LearningCurveOptions,
  type LearningPoint,
  learningCurve,
} from "./quality/learning-curve.js";
export { type HeldOutOptions, heldOutSensitivity } from "./quality/held-out-sensitivity.js";
export { keptSensitivity } from "./quality/kept-sensitivity.js";
export {
  measureSensitivity,
  type Sensitivity,
  type SensitivityOptions,
} from "./quality/measure-sensitivity.js";
export {
  SENSITIVITY_PLACES,
  type SensitivitySettings,
  type SensitivityWish,
} from "./quality/sensitivity-plan.js";
export { THUMBNAIL_BYTES } from "./training/thumbnail-limit.js";
export { saveModel } from "./training/save-model.js";
export { type TrainedModel, trainModel } from "./training/train-model.js";
export type { TrainingStage, TrainOptions } from "./training/train-options.js";
// verify
export {
  type CompareOptions,
  compareModels,
  type Disagreement,
  type ModelComparison,
} from "./verify/compare-models.js";
export type { VerifyOptions } from "./verify/compare-on-pictures.js";
export {
  type MissingEngine,
  type PreprocessingProof,
  type Verification,
  VERIFY_TOLERANCE,
  type VerifyRow,
} from "./verify/verification.js";
export { type ComparedPart, identityOf } from "./verify/identity-of.js";
export { verifyModel } from "./verify/verify-model.js";
export { requireVerified } from "./verify/require-verified.js";
export { importProblem } from "./verify/verify-graph.js";
export { requireSamples, samplesError, samplesProblem } from "./verify/verify-samples.js";
