/** Public names for Anomalib's exports: what their files say and what their graphs hold. */
export { type DescribeOptions, type DescribeRequest, describeModel } from "./describe-model.js";
export type { BankFacts, EngineFacts } from "./engine-facts.js";
export type { Blur } from "./find-blur.js";
export type { Grid } from "./find-padim.js";
export { layerNames, type Tap } from "./find-taps.js";
export type { GraphPreprocessing } from "./graph-preprocessing.js";
export type { GraphThreshold } from "./graph-thresholds.js";
export {
  type InspectRequest,
  inspectModel,
  type ModelFacts,
  type NormalisationFacts,
  type ValueFacts,
} from "./inspect-model.js";
export { type Metadata, parseMetadata } from "./metadata.js";
export type {
  ModelDescription,
  ModelKind,
  Normalisation,
  Profile,
  Range,
  Task,
} from "./model-description.js";
export type { KindDetails } from "./model-kind.js";
export { type JsonObject, type JsonValue, parseJson } from "./parse-json.js";
export { type RecognisedPadim, recognisePadim } from "./recognise-padim.js";
export { type RecognisedPatchcore, recognisePatchcore } from "./recognise-patchcore.js";
export type { NotRecognised } from "./recognition.js";
export { parseTransform } from "./transform.js";
