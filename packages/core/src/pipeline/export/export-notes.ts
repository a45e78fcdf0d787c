/**
 * What an exported file says of itself: written into `metadata_props` of the ONNX file as `blemish.<name>`, and read back, so
 * that `inspect`, `verify` and `predict` know one of our exports from any other graph.
 */
import type { ModelKind, Task } from "../../anomalib/model-description.js";
import { areSamples, areSteps, isTrainedPicture } from "../../bundle/check-manifest.js";
import type { ModelIdentity } from "../../bundle/identity.js";
import type { Calibration, ModelManifest, ParitySample } from "../../bundle/manifest.js";
import {
  type Check,
  isNumber,
  isPositive,
  isText,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  record,
} from "../../bundle/value-checks.js";
import { BlemishError } from "../../errors.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import type { BackbonePrecision } from "../../stages/backbone/manifest.js";
import { type Capture, isCapture } from "../../stages/image/capture.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import type { TrainedPicture } from "../../stages/region/trained-picture.js";
import type { ExportedPreprocessing, ExportForm } from "./export-forms.js";
import type { ExportScale } from "./export-scale.js";
import type { RawValues } from "./graph-parts.js";

/** Everything that an export says of itself. */
export interface ExportNotes {
  readonly form: ExportForm;
  readonly profile: ModelManifest["profile"];
  /** Where pictures become tensors, and the steps for each network input. */
  readonly preprocessing: {
    readonly place: ExportedPreprocessing;
    readonly steps: readonly (readonly PreprocessStep[])[];
  };
  /** Size of the map, pixels, and how it and the score were made. */
  readonly map: ModelManifest["size"] & ModelManifest["map"];
  /** Thresholds and ranges, raw units. */
  readonly scale: ExportScale;
  /** Names of the values inside of the graph that are the raw map and score, whatever its outputs give. */
  readonly raw: RawValues & {
    /** Tensors that the network gets, where preprocessing is inside. */
    readonly inputs: readonly string[];
  };
  readonly model: {
    readonly kind: ModelKind;
    readonly task: Task;
    /** Numbers that the network computes with. */
    readonly precision: BackbonePrecision;
    /** Its pictures, where it can judge no others, and how they are taken. */
    readonly picture?: TrainedPicture;
    readonly capture?: Capture;
  };
  /** Samples of the model, raw units. */
  readonly parity: readonly ParitySample[];
  /** Hashes of the model that was exported; absent where the exporter had no hash. */
  readonly identity?: ModelIdentity;
  /** Thresholds and promises of a model that Blemish trained. */
  readonly calibration?: Calibration;
  /** What the file does not carry, a sentence each. */
  readonly leftBehind: readonly string[];
  /** What was wrong with the model and was exported all the same, a sentence each. */
  readonly warnings?: readonly string[];
}

const PREFIX = "blemish.";

/** Names of the notes in the file that are not those in code. */
const KEYS: Partial<Record<keyof ExportNotes, string>> = { leftBehind: "left-behind" };

const extent = { width: isPositive, height: isPositive };
const limit = record({ threshold: isNumber, range: record({ min: isNumber, max: isNumber }) });
const identity = record({ backbone: isText, statistics: isText, preprocessing: isText, decision: isText });
const calibration = record({
  uncertain: orAbsent(record({ imageThreshold: isNumber })),
  askedRate: isNumber,
  expectedRate: isNumber,
  guaranteedRate: isNumber,
});

/** What each note must be; the order is that of the file. */
const NOTES: Record<keyof ExportNotes, Check> = {
  form: oneOf("blemish", "anomalib-0.7", "anomalib-2"),
  profile: oneOf("blemish", "anomalib-0.7", "anomalib-1", "anomalib-2"),
  preprocessing: record({
    place: oneOf("inside", "outside"),
    steps: (value) => listOf(areSteps)(value) && (value as unknown[]).length > 0,
  }),
  map: record({ ...extent, score: oneOf("max", "top1%", "region") }),
  parity: areSamples,
  calibration: orAbsent(calibration),
  leftBehind: listOf(isText),
  model: record({
    kind: isText,
    precision: oneOf("float32", "int8"),
    task: oneOf("classification", "segmentation", "detection"),
    picture: orAbsent(isTrainedPicture),
    capture: orAbsent(isCapture),
  }),
  scale: record({ image: orNull(limit), pixel: orNull(limit) }),
  raw: record({ map: isText, score: isText, inputs: listOf(isText) }),
  identity: orAbsent(identity),
  warnings: orAbsent(listOf(isText)),
};

/** The notes as properties of an ONNX file: words as they are, the rest as JSON. */
export function noteProperties(notes: ExportNotes): OnnxModel["metadataProps"] {
  return (Object.keys(NOTES) as (keyof ExportNotes)[]).flatMap((name) => {
    const value = notes[name];
    if (value === undefined) return [];
    return [{ key: keyOf(name), value: typeof value === "string" ? value : JSON.stringify(value) }];
  });
}

/**
 * The notes of one of our exports; null for any other graph.
 * @throws BlemishError MODEL_BROKEN naming the property that is missing or damaged.
 */
export function readExportNotes(
  { metadataProps }: Pick<OnnxModel, "metadataProps">,
  subject: string,
): ExportNotes | null {
  const said = new Map(metadataProps.map(({ key, value }) => [key, value]));
  if (!said.has(keyOf("form"))) return null;
  const notes: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(NOTES)) {
    const key = keyOf(name as keyof ExportNotes);
    const text = said.get(key);
    const value = text === undefined || WORDS.has(name) ? text : parsed(text);
    if (!check(value))
      throw new BlemishError("MODEL_BROKEN", {
        subject,
        expected: `the property ${key} of an export of today`,
        found: text === undefined ? "none" : "another",
      });
    if (value !== undefined) notes[name] = value;
  }
  return notes as unknown as ExportNotes;
}

const WORDS = new Set<string>(["form", "profile"]);

function keyOf(name: keyof ExportNotes): string {
  return PREFIX + (KEYS[name] ?? name);
}

/** undefined for what is no JSON; no note is that. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
