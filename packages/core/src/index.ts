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
export { bankPlan } from "./pipeline/patchcore-training.js";

// score-map
export { type ScoredMap, type ScoreMapSpec, scoreMapper } from "./stages/score-map/score-map.js";
export { imageScore, type ScoreRule } from "./stages/score-map/image-score.js";

// postprocess
export { type Components, connectedComponents } from "./stages/postprocess/connected-components.js";
export { normaliseMap, normaliseScore, standardise } from "./stages/postprocess/normalise.js";
export { type PostProcessOptions, postProcess } from "./stages/postprocess/post-process.js";
export { measureRegions } from "./stages/postprocess/regions.js";
export type { Box, ImageResult, Judgement, Region, Verdict } from "./stages/postprocess/result.js";

// visualise
export type { Colour } from "./stages/visualise/canvas.js";
export { drawBoxes } from "./stages/visualise/draw-boxes.js";
export { fullView } from "./stages/visualise/full-view.js";
export { heatMapOf } from "./stages/visualise/heat-map.js";
export { JET } from "./stages/visualise/jet.js";
export { addLabel, labelText } from "./stages/visualise/label.js";
export { markBoundaries } from "./stages/visualise/mark-boundaries.js";
export { type SuperimposeOptions, superimposeAnomalyMap } from "./stages/visualise/superimpose.js";
export { type VisualizationMode, visualize } from "./stages/visualise/visualize.js";

// pipeline
export {
  type PredictModel,
  type PredictOptions,
  type PredictTimings,
  predict,
} from "./pipeline/predict.js";
export { recipeFor } from "./pipeline/recipe.js";
export type {
  DetectorRecipe,
  PadimRecipe,
  PatchcoreRecipe,
  Recipe,
} from "./pipeline/recipe-types.js";
export type { HeadTraining, LeaveOneOutDistances } from "./pipeline/head-training.js";
export { padimTraining, padimTrainingBytes } from "./pipeline/padim-training.js";
export {
  freshBank,
  hasBank,
  trainingBytes,
  trainingHeads,
  widestPadim,
} from "./pipeline/training-heads.js";
export { type Breathe, type EmbeddedTraining, learn } from "./pipeline/learn.js";
export {
  calibrate,
  detectorUnits,
  LEAST_PICTURES,
  type LeaveOneOutCalibration,
  type PictureStream,
} from "./pipeline/calibrate.js";
export { preciseCalibration } from "./pipeline/precise-threshold.js";
export { type ImportRequest, importModel } from "./pipeline/import-model.js";
export { withParitySamples } from "./pipeline/parity-samples.js";
export { assembleModel, rangeAround, type TrainingParts } from "./pipeline/assemble-model.js";
export {
  embeddingBytes,
  type TrainingScale,
  type TrainingSize,
  trainingSize,
} from "./pipeline/training-size.js";
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

// metrics
export { median } from "./metrics/median.js";
export { CONFIDENCE, type FalseAlarmPromise, promiseFor, promiseOf, promiseWith } from "./metrics/promise.js";
export { adaptiveThreshold, auroc, averagePrecision, type LabelledScores, maxF1 } from "./metrics/ranking.js";
export { type ScoreChange, type ScoredSide, scoreChange } from "./metrics/score-change.js";
export { rankedByScore, type Suspect, suspectsOf } from "./metrics/suspects.js";
export { compareScores, nestedAuroc } from "./metrics/compare-scores.js";
export { binomialInterval, bootstrapInterval, type Interval } from "./metrics/intervals.js";

// dataset
export { arrangeFolders } from "./dataset/arrange-folders.js";
export type {
  Arrangement,
  Dataset,
  DatasetItem,
  DatasetLabel,
  DatasetLayout,
  DatasetSplit,
} from "./dataset/dataset.js";
export { describeDataset } from "./dataset/describe-dataset.js";
export { type FolderMeaning, folderMeaning, placeMeaning } from "./dataset/folder-words.js";
export {
  type CheckedFile,
  type CheckedPicture,
  comparePictures,
  finding,
  type HealthFinding,
  type HealthKind,
  type HealthReport,
  type HealthSeverity,
  sortFindings,
  type Thumbnail,
} from "./dataset/health.js";
export { checkGroups, readManifest } from "./dataset/manifest.js";
export { maskFromImage } from "./dataset/mask-from-image.js";
export { type CsvRow, type CsvTable, parseCsv } from "./dataset/parse-csv.js";
export { type PictureFacts, pictureFacts } from "./dataset/picture-facts.js";
export {
  groupByName,
  type SplitDatasetOptions,
  type SplitOptions,
  type SplitParts,
  splitByGroup,
  splitDataset,
} from "./dataset/split-dataset.js";
export { applyVisaTables, type VisaTables } from "./dataset/visa-tables.js";

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
export {
  type ArrayType,
  headerEnd,
  type NamedArray,
  readSafeTensors,
  type SafeTensors,
  writeSafeTensors,
} from "./bundle/safetensors.js";
export type {
  Calibration,
  DetectorManifest,
  ImportedManifest,
  ModelManifest,
  PadimManifest,
  ParitySample,
  PassManifest,
  ThresholdChange,
  TrainedManifest,
  TrainingFile,
} from "./bundle/manifest.js";
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
} from "./bundle/model-file.js";
export { byPass, detectorsOf } from "./bundle/detectors-of.js";
export { kindOf } from "./bundle/kind-of.js";
export { qualityOf } from "./bundle/quality-of.js";
export type {
  HeadChoice,
  Quality,
  RecipeOptions,
  ThresholdRule,
  TrainingProfile,
} from "./bundle/recipe-options.js";
export { describeModelFile } from "./bundle/describe-model-file.js";
export { modelFileDetails } from "./bundle/model-file-details.js";
export { modelFileEngine } from "./bundle/model-file-engine.js";
export { rawModel } from "./bundle/raw-model.js";
export { isTrained, requireTrained } from "./bundle/require-trained.js";

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
export { dataTypeName } from "./onnx/data-types.js";
export { type ExternalFile, externalDataFiles } from "./onnx/external-data.js";
export { type GraphIndex, indexGraph } from "./onnx/graph-index.js";
export type {
  OnnxAttribute,
  OnnxDim,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxOpset,
  OnnxTensor,
  OnnxValue,
  PackedField,
  TensorPayload,
} from "./onnx/onnx-model.js";
export { readOnnx } from "./onnx/read-onnx.js";
export { type ExternalFiles, type TensorValues, tensorValues } from "./onnx/tensor-values.js";
export { writeOnnx } from "./onnx/write-onnx.js";

// anomalib
export { type DescribeOptions, type DescribeRequest, describeModel } from "./anomalib/describe-model.js";
export type { BankFacts, EngineFacts } from "./anomalib/engine-facts.js";
export type { Blur } from "./anomalib/find-blur.js";
export type { Grid } from "./anomalib/find-padim.js";
export { layerNames, type Tap } from "./anomalib/find-taps.js";
export type { GraphPreprocessing } from "./anomalib/graph-preprocessing.js";
export type { GraphThreshold } from "./anomalib/graph-thresholds.js";
export {
  type InspectRequest,
  inspectModel,
  type ModelFacts,
  type NormalisationFacts,
  type ValueFacts,
} from "./anomalib/inspect-model.js";
export { type Metadata, parseMetadata } from "./anomalib/metadata.js";
export type {
  ModelDescription,
  ModelKind,
  Normalisation,
  Profile,
  Range,
  Task,
} from "./anomalib/model-description.js";
export type { KindDetails } from "./anomalib/model-kind.js";
export { type JsonObject, type JsonValue, parseJson } from "./anomalib/parse-json.js";
export type { NotRecognised } from "./anomalib/recognition.js";
export { type RecognisedPadim, recognisePadim } from "./anomalib/recognise-padim.js";
export { type RecognisedPatchcore, recognisePatchcore } from "./anomalib/recognise-patchcore.js";
export { parseTransform } from "./anomalib/transform.js";

// synth
export { DEFECT_TYPES, type DefectType, PART_KINDS, type PartKind } from "./synth/part-kinds.js";
export { pasteDefect } from "./synth/paste-defect.js";
export type { DefectOptions } from "./synth/place-defect.js";
export {
  type DrawnDefect,
  type DrawnPart,
  type PartOptions,
  renderPart,
  VISIBLE_LEVELS,
} from "./synth/render-part.js";
export {
  type SynthSetItem,
  type SynthSetOptions,
  type SynthSetPlace,
  synthPlaces,
  synthSet,
} from "./synth/synth-set.js";
