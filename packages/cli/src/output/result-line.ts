/**
 * The record of one picture: what a JSON line holds and what CSV and the one-line report are made from.
 * `docs/predict-result.schema.json` describes it; a change of meaning raises SCHEMA_VERSION.
 */
import type {
  BlemishError,
  Box,
  ErrorReport,
  FilteredRegion,
  ImageResult,
  Judgement,
  PictureAlignment,
  PlaceExplanation,
  Region,
  RuleEvidence,
  Verdict,
  ZoneJudgement,
} from "@blemish/core";

/** Version of the JSON line's fields and their meaning. */
export const SCHEMA_VERSION = 1;

/** One picture's record. Fields are null where they do not apply; an invalid picture has no judgement at all. */
export interface ResultLine {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** The picture, as found from the input. */
  readonly path: string;
  readonly verdict: Verdict;
  /** Normalised score, 0–1 with the threshold at 0.5; raw for models without normalisation. */
  readonly predScore: number | null;
  /** Score in the model's raw units; null where the graph gives only normalised values. */
  readonly rawScore: number | null;
  /** The threshold that decided, in the units of rawScore, or of predScore where rawScore is null. */
  readonly imageThreshold: number | null;
  /** From it to imageThreshold a picture is uncertain; null without a grey zone. */
  readonly uncertainThreshold: number | null;
  /** Where the threshold came from: the model, or `--threshold`. */
  readonly thresholdFrom: "model" | "option" | null;
  /** True = anomalous. */
  readonly predLabel: boolean | null;
  readonly predBoxes: readonly Box[] | null;
  readonly boxLabels: readonly number[] | null;
  readonly regions: readonly Region[] | null;
  /** Regions that a filter left out, with the reason; they decide nothing. */
  readonly filtered: readonly FilteredRegion[] | null;
  /** Each zone of the model by itself; null without zones. */
  readonly zones: readonly ZoneJudgement[] | null;
  /** Each rule of the model about which pictures can be judged, and what it found; null for models without rules. */
  readonly validity: readonly RuleEvidence[] | null;
  /** How the part lay; null for models that do not align. */
  readonly alignment: PictureAlignment | null;
  /** Why the hottest places are hot (`--explain`); null when nobody asked. */
  readonly explanations: readonly PlaceExplanation[] | null;
  /** Size of the picture in pixels. */
  readonly width: number | null;
  readonly height: number | null;
  /** The model file, as given. */
  readonly model: string;
  /** Milliseconds from reading the picture to its result. */
  readonly ms: number | null;
  /** The picture that was written, or null. */
  readonly output: string | null;
  /** The raw map that was written, or null. */
  readonly map: string | null;
  /** Why the picture is invalid, or what could not be written for it. */
  readonly error: ErrorReport | null;
}

/** What a record holds besides the judgement itself. */
export interface LineContext {
  readonly path: string;
  readonly model: string;
  readonly ms: number | null;
  /** True when `--threshold` was given. */
  readonly thresholdGiven: boolean;
}

/** Files written for a picture, and the error that kept one from being written. */
export interface WrittenFiles {
  readonly output: string | null;
  readonly map: string | null;
  readonly error: BlemishError | null;
}

/** The record of a judged picture. */
export function judgedLine(
  judgement: Judgement & Pick<ImageResult, "explanations" | "validity" | "alignment">,
  size: { readonly width: number; readonly height: number },
  context: LineContext,
  written: WrittenFiles,
): ResultLine {
  const { verdict, predScore, rawScore, imageThreshold, predLabel, predBoxes, boxLabels, regions } =
    judgement;
  const { uncertainThreshold, filtered, zones } = judgement;
  return {
    schemaVersion: SCHEMA_VERSION,
    path: context.path,
    verdict,
    predScore,
    rawScore,
    imageThreshold,
    uncertainThreshold,
    thresholdFrom: context.thresholdGiven ? "option" : "model",
    predLabel,
    predBoxes,
    boxLabels,
    regions,
    filtered,
    zones,
    validity: judgement.validity,
    alignment: judgement.alignment,
    explanations: judgement.explanations,
    width: size.width,
    height: size.height,
    model: context.model,
    ms: context.ms === null ? null : roundMs(context.ms),
    output: written.output,
    map: written.map,
    error: written.error?.toJSON() ?? null,
  };
}

/** The record of a picture that could not be judged. */
export function invalidLine(error: BlemishError, context: LineContext): ResultLine {
  return {
    schemaVersion: SCHEMA_VERSION,
    path: context.path,
    verdict: "invalid",
    predScore: null,
    rawScore: null,
    imageThreshold: null,
    uncertainThreshold: null,
    thresholdFrom: null,
    predLabel: null,
    predBoxes: null,
    boxLabels: null,
    regions: null,
    filtered: null,
    zones: null,
    validity: error.evidence,
    alignment: null,
    explanations: null,
    width: null,
    height: null,
    model: context.model,
    ms: null,
    output: null,
    map: null,
    error: withoutEvidence(error),
  };
}

/** The evidence stands beside the error, where judged pictures have it. */
function withoutEvidence(error: BlemishError): ErrorReport {
  const { evidence: _evidence, ...report } = error.toJSON();
  return report;
}

function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}
