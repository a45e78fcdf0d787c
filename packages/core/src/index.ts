/** Every public name of `@blemish/core`, in pipeline order. */

// base
export {
  BlemishError,
  ERRORS,
  type ErrorCode,
  type ErrorDetails,
  type ErrorReport,
  type ErrorRow,
  type RuleEvidence,
} from "./errors.js";
export { elementCount, type Tensor, type TensorParts } from "./tensor.js";
export { type Random, seededRandom } from "./random.js";
export { type PythonRandom, pythonRandom } from "./python-random.js";
export { ANOMALIB_2_7_RESNET18_DRAWS, torchPermutation } from "./torch-random.js";

// image
export {
  BAYER_PATTERNS,
  type BayerPattern,
  type Capture,
  checkCapture,
} from "./stages/image/capture.js";
export { applyCapture } from "./stages/image/apply-capture.js";
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
export { cropAt } from "./stages/image/crop-at.js";
export { resizeArea } from "./stages/image/resize-area.js";
export { resizeLinear } from "./stages/image/resize-linear.js";
export { resizeLinearMap } from "./stages/image/resize-linear-map.js";
export { resizeNearest } from "./stages/image/resize-nearest.js";
export { rgbFromPixels } from "./stages/image/rgb-from-pixels.js";
export { turnedPictures } from "./stages/image/turned-pictures.js";
export { toRgb } from "./stages/image/to-rgb.js";

// region
export { judgedMask, rasterise } from "./stages/region/rasterise.js";
export { maskOnMap, type View } from "./stages/region/mask-on-map.js";
export { maskShape, parseShape, parseShapes } from "./stages/region/parse-shape.js";
export { areRuns, markedPixels, maskOfRuns, runsOf } from "./stages/region/runs.js";
export { shapeText } from "./stages/region/check-shape.js";
export {
  checkPictureSize,
  FIT_POLICIES,
  type FitPolicy,
  isSizeJudged,
  judgedArea,
  type TrainedPicture,
  viewOf,
} from "./stages/region/trained-picture.js";
export type { RegionOfInterest, RegionShape, Runs } from "./stages/region/shapes.js";

// validity
export { checkValidity, validityError } from "./stages/validity/check-validity.js";
export { LEAST_LEARNT, learnValidity } from "./stages/validity/learn-validity.js";
export { measurePicture, type PictureMeasures } from "./stages/validity/measure-picture.js";
export {
  RULE_NAMES,
  type RuleName,
  type RuleNotLearnt,
  type ValidityModel,
  type ValidityRule,
  type ValidityRules,
} from "./stages/validity/validity-rules.js";

// alignment
export { type Aligner, type AlignedPicture, aligner, alignerOf } from "./stages/alignment/align-picture.js";
export { alignmentLook, cellSize } from "./stages/alignment/alignment-look.js";
export {
  ALIGN_MODES,
  type AlignMode,
  type AlignmentModel,
  type AlignmentRules,
  type PictureAlignment,
} from "./stages/alignment/alignment-model.js";
export { type AlignmentSample, learnAlignment, MOST_SAMPLES } from "./stages/alignment/learn-alignment.js";
export type { MapView, Pose } from "./stages/alignment/pose.js";

// preprocess
export {
  pixelsAsSeen,
  preProcess,
  preProcessParts,
  preProcessedSize,
} from "./stages/preprocess/pre-process.js";
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
  countTiles,
  isCut,
  isTiled,
  type TileSpec,
  tileAxis,
  tilePixels,
} from "./stages/backbone/tile-plan.js";
export {
  type BackboneManifest,
  type BackbonePrecision,
  backboneSteps,
  parseBackboneManifest,
  type Tap as BackboneTap,
  tileUnit,
  withPrecision,
} from "./stages/backbone/manifest.js";

// embedding
export { type Embedding, type EmbeddingSpec, embed } from "./stages/embedding/embed.js";

// padim
export type { Gaussians } from "./stages/padim/gaussian.js";
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

// decision
export type { Decision, DecisionZone, RegionFilter } from "./stages/decision/decision.js";
export { type RegionScorer, regionScorer } from "./stages/decision/region-score.js";
export { zoneLabels } from "./stages/decision/zone-labels.js";
export { zonesInPicture } from "./stages/decision/zones-in-picture.js";

// postprocess
export { type Components, connectedComponents } from "./stages/postprocess/connected-components.js";
export { normaliseMap, normaliseScore, standardise } from "./stages/postprocess/normalise.js";
export { type PostProcessOptions, postProcess } from "./stages/postprocess/post-process.js";
export { measureRegions } from "./stages/postprocess/regions.js";
export type {
  Box,
  FilteredRegion,
  FilterReason,
  ImageResult,
  Judgement,
  Region,
  RegionExtent,
  Verdict,
  ZoneJudgement,
} from "./stages/postprocess/result.js";

// visualise
export type { Colour } from "./stages/visualise/canvas.js";
export { type ExplainedResult, explainedView, shownGoods } from "./stages/visualise/explained-view.js";
export { explanationWords, pixelPhrase } from "./stages/visualise/explanation-words.js";
export { drawBoxes } from "./stages/visualise/draw-boxes.js";
export { fullView } from "./stages/visualise/full-view.js";
export { dimUnjudged } from "./stages/visualise/dim-unjudged.js";
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
export * from "./pipeline/index.js";

// metrics
export { median } from "./metrics/median.js";
export { CONFIDENCE, type FalseAlarmPromise, promiseFor, promiseOf, promiseWith } from "./metrics/promise.js";
export { adaptiveThreshold, auroc, averagePrecision, type LabelledScores, maxF1 } from "./metrics/ranking.js";
export { type ScoreChange, type ScoredSide, scoreChange } from "./metrics/score-change.js";
export {
  type CountedGroup,
  FOUND_SHARE,
  type SensitivityCell,
  type SensitivityCount,
  type SensitivityGroup,
  type SensitivityLimit,
  type SensitivityTry,
  sensitivityGroups,
  sensitivityOf,
} from "./metrics/sensitivity.js";
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
  MOST_KERNEL_BYTES,
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
export { receptiveField } from "./backbones/receptive-field.js";
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

// checkpoint
export * from "./checkpoint/index.js";
export * from "./openvino/index.js";

// synth
export * from "./synth/index.js";
