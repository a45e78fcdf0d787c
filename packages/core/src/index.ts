/** Every public name of `@blemish/core`, in pipeline order. */

// base
export {
  BlemishError,
  ERRORS,
  type ErrorCode,
  type ErrorDetails,
  type ErrorReport,
  type ErrorRow,
} from "./errors.js";
export { elementCount, type Tensor } from "./tensor.js";
export { type Random, seededRandom } from "./random.js";
export { type PythonRandom, pythonRandom } from "./python-random.js";
export { ANOMALIB_2_7_RESNET18_DRAWS, torchPermutation } from "./torch-random.js";

// image
export { centerCrop } from "./stages/image/center-crop.js";
export type {
  DecodedImage,
  DecodedTraits,
  FloatMap,
  ImageFormat,
  Mask,
  PixelArray,
  Raster8,
  RgbImage,
} from "./stages/image/image.js";
export { orient } from "./stages/image/orient.js";
export { type PixelRule, pixelRuleOf } from "./stages/image/pixel-rule.js";
export { resizeAntialias } from "./stages/image/resize-antialias.js";
export { resizeArea } from "./stages/image/resize-area.js";
export { resizeLinear } from "./stages/image/resize-linear.js";
export { resizeLinearMap } from "./stages/image/resize-linear-map.js";
export { resizeNearest } from "./stages/image/resize-nearest.js";
export { rgbFromPixels } from "./stages/image/rgb-from-pixels.js";
export { turnedPictures } from "./stages/image/turned-pictures.js";
export { toRgb } from "./stages/image/to-rgb.js";

// preprocess
export { preProcess, preProcessedSize } from "./stages/preprocess/pre-process.js";
export { maskAsSeen } from "./stages/preprocess/mask-as-seen.js";
export type { Interpolation, PreprocessStep } from "./stages/preprocess/steps.js";

// detector
export type { Detection, Detector, Session } from "./stages/detector/detector.js";
export type {
  DetectorExplanation,
  DeviatingChannel,
  NearestPatch,
  PlaceExplanation,
  RelativeBox,
  TypicalPatch,
} from "./stages/detector/explanation.js";
export { graphDetector } from "./stages/detector/graph-detector.js";
export {
  type GraphDecisions,
  type GraphNormaliser,
  normaliseAsGraph,
} from "./stages/detector/normalise-as-graph.js";

// backbone
export { extractTaps } from "./stages/backbone/extract-taps.js";
export {
  type BackboneManifest,
  type BackbonePrecision,
  backboneSteps,
  parseBackboneManifest,
  type Tap as BackboneTap,
  withPrecision,
} from "./stages/backbone/manifest.js";

// embedding
export { type Embedding, type EmbeddingSpec, embed } from "./stages/embedding/embed.js";

// padim
export type { Gaussians } from "./stages/padim/gaussian.js";
export type { SharePart } from "./stages/padim/packed-distances.js";
export type { FactorPrecision, PackedGaussians } from "./stages/padim/packed-gaussians.js";
export type { Moments } from "./stages/padim/moments.js";

// patchcore
export {
  type BankPrecision,
  bankBytes,
  makePatchBank,
  type PatchBank,
} from "./stages/patchcore/patch-bank.js";
export { patchDistanceBytes, patchDistances } from "./stages/patchcore/patch-distances.js";
export { placeBank } from "./stages/patchcore/place-bank.js";
export { bankPlan } from "./pipeline/training/patchcore-training.js";

// score-map
export { type ScoredMap, type ScoreMapSpec, scoreMapper } from "./stages/score-map/score-map.js";
export { imageScore, type ScoreRule } from "./stages/score-map/image-score.js";
export type { Upsampling } from "./stages/score-map/smoothing.js";

// postprocess
export { type Components, connectedComponents } from "./stages/postprocess/connected-components.js";
export { normaliseMap, normaliseScore, standardise } from "./stages/postprocess/normalise.js";
export { type PostProcessOptions, postProcess } from "./stages/postprocess/post-process.js";
export { measureRegions } from "./stages/postprocess/regions.js";
export type { Box, ImageResult, Judgement, Region, Verdict } from "./stages/postprocess/result.js";

// visualise
export type { Colour } from "./stages/visualise/canvas.js";
export { type ExplainedResult, explainedView, shownGoods } from "./stages/visualise/explained-view.js";
export { explanationWords, pixelPhrase } from "./stages/visualise/explanation-words.js";
export { drawBoxes } from "./stages/visualise/draw-boxes.js";
export { fullView } from "./stages/visualise/full-view.js";
export { heatMapOf } from "./stages/visualise/heat-map.js";
export { JET } from "./stages/visualise/jet.js";
export { addLabel, labelText } from "./stages/visualise/label.js";
export { markBoundaries } from "./stages/visualise/mark-boundaries.js";
export { outlineMask } from "./stages/visualise/outline-mask.js";
export {
  type ShownPatch,
  type ShownPatches,
  shownPatches,
  windowAround,
} from "./stages/visualise/shown-patches.js";
export { type SuperimposeOptions, superimposeAnomalyMap } from "./stages/visualise/superimpose.js";
export { type VisualizationMode, visualize } from "./stages/visualise/visualize.js";

// pipeline
export {
  type PredictModel,
  type PredictOptions,
  type PredictTimings,
  predict,
} from "./pipeline/predict.js";
export { optionsForHead } from "./pipeline/recipe/blemish-recipe.js";
export { backboneFor, recipeFor } from "./pipeline/recipe/recipe.js";
export type {
  DetectorRecipe,
  PadimRecipe,
  PatchcoreRecipe,
  Recipe,
} from "./pipeline/recipe/recipe-types.js";
export type { HeadTraining, LeaveOneOutDistances } from "./pipeline/training/head-training.js";
export { padimTraining, padimTrainingBytes } from "./pipeline/training/padim-training.js";
export {
  freshBank,
  hasBank,
  keepsMoments,
  trainingBytes,
  trainingHeads,
  widestPadim,
} from "./pipeline/training/training-heads.js";
export { picturesAddedBy, requireMergeable } from "./pipeline/training/merge-models.js";
export { type Breathe, type EmbeddedTraining, learn } from "./pipeline/training/learn.js";
export {
  calibrate,
  detectorUnits,
  LEAST_PICTURES,
  type LeaveOneOutCalibration,
  type PictureStream,
} from "./pipeline/training/calibrate.js";
export { preciseCalibration } from "./pipeline/training/precise-threshold.js";
export { type ImportRequest, importModel } from "./pipeline/import/import-model.js";
export { withParitySamples } from "./pipeline/parity-samples.js";
export { assembleModel, rangeAround, type TrainingParts } from "./pipeline/training/assemble-model.js";
export {
  embeddingBytes,
  type TrainingScale,
  type TrainingSize,
  trainingSize,
} from "./pipeline/training/training-size.js";
export {
  type AdaptiveCalibration,
  adoptAdaptive,
  changeThreshold,
  type ThresholdWish,
} from "./pipeline/change-threshold.js";
export { type AdaptiveCalibrator, adaptiveCalibrator } from "./pipeline/adaptive-calibrator.js";
export { helperBytes, helperWork } from "./pipeline/stored-head.js";
export {
  detectorBytes,
  embeddingSpec,
  headBytes,
  learnedDetector,
  learnedScorer,
  scoreMapSpec,
} from "./pipeline/learned-detector.js";
export {
  type Curve,
  type DefectFigures,
  type Evaluation,
  type Evaluator,
  evaluator,
  type LabelledPicture,
  type ScoredPicture,
} from "./pipeline/evaluate.js";

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
} from "./pipeline/miss-facts.js";

// metrics
export { median } from "./metrics/median.js";
export { CONFIDENCE, type FalseAlarmPromise, promiseFor, promiseOf, promiseWith } from "./metrics/promise.js";
export { adaptiveThreshold, auroc, averagePrecision, type LabelledScores, maxF1 } from "./metrics/ranking.js";
export { type ScoreChange, type ScoredSide, scoreChange } from "./metrics/score-change.js";
export { rankedByScore, type Suspect, suspectsOf } from "./metrics/suspects.js";
export { compareScores, nestedAuroc } from "./metrics/compare-scores.js";
export { binomialInterval, bootstrapInterval, type Interval } from "./metrics/intervals.js";

// dataset
export * from "./dataset/index.js";

// kernels
export {
  ALIGNMENT,
  type Arena,
  arenaOver,
  bufferOf,
  createArena,
  createKernelMemory,
  type KernelMemory,
} from "./kernels/arena.js";
export { fastRowFilters } from "./kernels/fast-row-filters.js";
export { unpackRowsHere } from "./kernels/fast-row-unpacker.js";
export { hasSimd } from "./kernels/has-simd.js";
export type { Kernels } from "./kernels/kernels.js";
export type { FilteredRows, RowFilters } from "./kernels/row-filters.js";
export {
  MOST_ROW_BYTES,
  type PackedRows,
  type PlacedStream,
  type RowCollector,
  type RowUnpacker,
  rowUnpacker,
} from "./kernels/row-unpacker.js";
export {
  kernelRoom,
  OPERATIONS,
  TASK_NUMBERS,
  type TileRunner,
  type TileTask,
  type TileWork,
  tileAfterTile,
  tileOperations,
} from "./kernels/tile-operations.js";
export { tileKernels, wasmKernels } from "./kernels/wasm-kernels.js";

// bundle
export * from "./bundle/index.js";

// backbones
export { type BackboneSource, readBackboneSource } from "./backbones/backbone-source.js";
export { cutGraph } from "./backbones/cut-graph.js";
export {
  IMAGENET_INPUT,
  type ImportedBackbone,
  type ImportOptions,
  importBackbone,
  type TapChoice,
} from "./backbones/import-backbone.js";
export type { ActivationFacts } from "./backbones/quantise/activation-steps.js";
export {
  type ActivationProbe,
  activationProbe,
  measureActivations,
  type ProbeInputs,
} from "./backbones/quantise/measure-activations.js";
export { quantiseNetwork } from "./backbones/quantise/quantise-network.js";
export { type ResnetGraph, resnetGraph } from "./backbones/resnet-graph.js";

// onnx
export * from "./onnx/index.js";

// anomalib
export * from "./anomalib/index.js";

// synth
export * from "./synth/index.js";
