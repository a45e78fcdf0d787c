/**
 * From an ONNX graph and its metadata to everything the pipeline needs to know: the one place where profile,
 * preprocessing, outputs, thresholds and normalisation of an Anomalib export are decided, each with a reason.
 */
import { BlemishError } from "../errors.js";
import { indexGraph } from "../onnx/graph-index.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { PreprocessStep } from "../stages/preprocess/steps.js";
import { detectProfile } from "./detect-profile.js";
import { findPreprocessing } from "./graph-preprocessing.js";
import { findDecision } from "./graph-thresholds.js";
import type { Metadata } from "./metadata.js";
import type { ModelDescription, Profile, Task } from "./model-description.js";
import { modelKind } from "./model-kind.js";
import { type ModelPorts, modelPorts } from "./model-ports.js";
import { IMAGENET, outputSize } from "./transform.js";

/** Normalised value of the threshold: Anomalib's sensitivity of 0.5. */
const DEFAULT_DECISION = 0.5;

/** What a caller may decide instead of the files. */
export interface DescribeOptions {
  readonly profile?: Profile;
  readonly task?: Task;
  /** Where the image score comes from: see {@link ModelDescription.scoreSource}. */
  readonly scoreSource?: "output" | "map-max";
}

/** A model and what belongs to it. */
export interface DescribeRequest {
  readonly model: OnnxModel;
  /** What errors call the model. */
  readonly subject: string;
  /** null when there is none; only Anomalib 2.x does without. */
  readonly metadata: Metadata | null;
  /** What errors call the metadata file, or where it was looked for. */
  readonly metadataSubject?: string | null;
  readonly options?: DescribeOptions;
}

/**
 * The description of an Anomalib export.
 *
 * Thresholds that the metadata lacks stay null. Anomalib 2.x decides inside the graph (strictly above), so its
 * thresholds are those of the normalised values.
 *
 * @throws BlemishError MODEL_NOT_ANOMALY or MODEL_INPUT when the graph does not fit, METADATA_NOT_FOUND when
 * metadata is needed and missing, METADATA_FORMAT when it belongs to another model, OPTION_VALUE when an option
 * contradicts the model.
 */
export function describeModel(request: DescribeRequest): ModelDescription {
  const { model, subject, metadata, options = {} } = request;
  const metadataSubject = request.metadataSubject ?? `The metadata of ${subject}`;
  const index = indexGraph(model.graph);
  const ports = modelPorts(index, subject);
  const preprocessing = findPreprocessing(index, ports.input.name);
  const { profile, evidence } = detectProfile({ model, ports, preprocessing, metadata }, options.profile);
  const notes = [...ports.notes];
  const common = {
    profile,
    evidence,
    kind: modelKind(index),
    task: taskOf(request, ports, notes),
    input: ports.input,
    outputs: ports.outputs,
    scoreSource: scoreSourceOf(ports, options.scoreSource, notes),
    preprocessing: stepsFor(profile, request, ports, notes),
  };
  if (profile === "anomalib-2") {
    if (metadata !== null) notes.push("The metadata file is not used: this graph holds its own thresholds.");
    const { label, score, mask, map } = ports.outputs;
    return {
      ...common,
      imageThreshold: findDecision(index, label, score) ?? DEFAULT_DECISION,
      pixelThreshold: map === null ? null : (findDecision(index, mask, map) ?? DEFAULT_DECISION),
      normalisation: { method: "in-graph" },
      notes,
    };
  }
  if (metadata === null) throw new BlemishError("METADATA_NOT_FOUND", { subject: metadataSubject });
  checkMapSize(metadata, ports, metadataSubject);
  notes.push(...metadata.notes);
  const { imageThreshold, pixelThreshold, normalisation } = metadata;
  if (imageThreshold === null) notes.push("The metadata has no image threshold.");
  if (pixelThreshold === null && ports.outputs.map !== null)
    notes.push("The metadata has no pixel threshold.");
  if (normalisation.method === "none") notes.push("The metadata has no ranges: scores and maps stay raw.");
  return { ...common, imageThreshold, pixelThreshold, normalisation, notes };
}

function taskOf({ metadata, options }: DescribeRequest, ports: ModelPorts, notes: string[]): Task {
  const known = options?.task ?? metadata?.task;
  if (known !== undefined && known !== null) return known;
  const task = ports.outputs.map === null ? "classification" : "segmentation";
  notes.push(`No task is named; ${task} is assumed.`);
  return task;
}

function scoreSourceOf(
  ports: ModelPorts,
  wanted: ModelDescription["scoreSource"] | undefined,
  notes: string[],
): ModelDescription["scoreSource"] {
  const { map, score } = ports.outputs;
  if (wanted === "output" && score === null) {
    throw scoreError("output", "a score among the outputs", "only a map");
  }
  if (wanted === "map-max" && map === null)
    throw scoreError("map-max", "a map among the outputs", "only a score");
  if (wanted === "map-max" && score !== null && ports.named) {
    throw scoreError("map-max", "raw scores", "a map that is normalised with another range than the score");
  }
  if (wanted === undefined && map !== null && score !== null && !ports.named) {
    notes.push(
      `The output ${score} is the image score, for which the threshold was fitted; Anomalib's OpenVINO inferencer takes the map's maximum instead.`,
    );
  }
  return wanted ?? (score === null ? "map-max" : "output");
}

function scoreError(source: string, expected: string, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject: `The score source ${source}`, expected, found });
}

/** What happens to the picture outside the graph. */
function stepsFor(
  profile: Profile,
  { metadata, subject, metadataSubject }: DescribeRequest,
  ports: ModelPorts,
  notes: string[],
): readonly PreprocessStep[] {
  const { height, width } = ports.input;
  const size = height === null || width === null ? null : { height, width };
  if (profile !== "anomalib-0.7") {
    const toFloat = { type: "toFloat", maxValue: 255 } as const;
    if (size === null) return [toFloat];
    notes.push(
      `Pictures of other sizes are first resized, antialiased, to ${size.width} × ${size.height} pixels.`,
    );
    return [{ type: "resize", ...size, interpolation: "antialias" }, toFloat];
  }
  const transform = metadata?.transform ?? null;
  if (transform !== null) {
    checkTransform(transform, size, subject, metadataSubject ?? "its metadata", notes);
    return transform;
  }
  if (size === null) return [];
  notes.push(
    `The metadata names no transform; a linear resize to ${size.width} × ${size.height} pixels and ImageNet's normalisation are assumed.`,
  );
  return [
    { type: "resize", ...size, interpolation: "linear" },
    { type: "normalize", mean: [...IMAGENET.mean], std: [...IMAGENET.std], maxPixelValue: 255 },
  ];
}

function checkTransform(
  transform: readonly PreprocessStep[],
  size: { height: number; width: number } | null,
  subject: string,
  metadataSubject: string,
  notes: string[],
): void {
  const made = outputSize(transform);
  if (size === null) return;
  if (made === null) {
    notes.push(`The transform does not resize: pictures must be ${size.width} × ${size.height} pixels.`);
    return;
  }
  if (made.height === size.height && made.width === size.width) return;
  throw new BlemishError("MODEL_INPUT", {
    subject,
    expected: `${size.width} × ${size.height} pixels`,
    found: `${made.width} × ${made.height} from the transform of ${metadataSubject}`,
  });
}

/** Per-pixel statistics belong to one map size. */
function checkMapSize({ mapSize }: Metadata, ports: ModelPorts, subject: string): void {
  if (mapSize === null || ports.mapSize === null) return;
  if (mapSize.height === ports.mapSize.height && mapSize.width === ports.mapSize.width) return;
  throw new BlemishError("METADATA_FORMAT", {
    subject,
    expected: `pixel statistics of ${ports.mapSize.width} × ${ports.mapSize.height}, the model's map`,
    found: `${mapSize.width} × ${mapSize.height}`,
  });
}
