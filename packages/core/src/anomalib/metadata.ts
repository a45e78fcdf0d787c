/**
 * The metadata.json (up to 0.4: meta_data.json) that Anomalib 0.3–1.2 writes beside an exported model, in all
 * its variants: thresholds, ranges or log statistics for the normalisation, task and transform.
 */
import { BlemishError } from "../errors.js";
import type { PreprocessStep } from "../stages/preprocess/steps.js";
import type { Normalisation, Range, Task } from "./model-description.js";
import {
  describeJson,
  isList,
  isObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  shorten,
} from "./parse-json.js";
import { parseTransform } from "./transform.js";

/** What a metadata file says. Thresholds and ranges are in the model's raw units. */
export interface Metadata {
  /** null where the file names none (up to 0.4, and some 1.x). */
  readonly task: Task | null;
  /** null where the transform is not in the file: up to 0.4, and 1.x, which has it in the graph. */
  readonly transform: readonly PreprocessStep[] | null;
  readonly imageThreshold: number | null;
  readonly pixelThreshold: number | null;
  readonly normalisation: Exclude<Normalisation, { method: "in-graph" }>;
  /** Size of the per-pixel statistics of the `cdf` method, in pixels; null for the other methods. */
  readonly mapSize: { readonly height: number; readonly width: number } | null;
  /** True when images and pixels have ranges of their own (`pred_scores.*`, `anomaly_maps.*`): 1.1.1 to 1.2. */
  readonly separateRanges: boolean;
  /** What was left out or looked odd, a sentence each. */
  readonly notes: readonly string[];
}

const TASKS: readonly Task[] = ["classification", "segmentation", "detection"];

const KNOWN_KEYS = new Set([
  ...["task", "transform", "image_threshold", "pixel_threshold", "min", "max"],
  ...["image_mean", "image_std", "pixel_mean", "pixel_std"],
  ...["pred_scores.min", "pred_scores.max", "anomaly_maps.min", "anomaly_maps.max"],
  ...["box_scores.min", "box_scores.max"],
]);

/** Collects what is wrong and what is worth a note while the fields are read one by one. */
interface Findings {
  readonly faults: string[];
  readonly notes: string[];
}

/**
 * The content of a metadata file (Anomalib 0.7: `get_model_metadata`; 1.x: `export_mixin`).
 *
 * A threshold that is NaN or infinite counts as missing, with a note. Infinite ranges are what Anomalib itself
 * drops before any validation ran, so they count as missing, too.
 *
 * @throws BlemishError METADATA_FORMAT when the text is no JSON object or fields have wrong types or values
 * (every one is named), METADATA_TRANSFORM when the transform is not known.
 */
export function parseMetadata(text: string, subject: string): Metadata {
  const root = parseJson(text, subject);
  if (!isObject(root)) {
    throw new BlemishError("METADATA_FORMAT", {
      subject,
      expected: "a JSON object",
      found: describeJson(root),
    });
  }
  const findings: Findings = { faults: [], notes: [] };
  const task = taskOf(root, findings);
  const imageThreshold = thresholdOf(root, "image_threshold", findings);
  const pixelThreshold = thresholdOf(root, "pixel_threshold", findings);
  const { normalisation, mapSize } = normalisationOf(root, findings);
  noteUnknownKeys(root, findings);
  if (findings.faults.length > 0) {
    throw new BlemishError("METADATA_FORMAT", { subject, found: findings.faults.join("; ") });
  }
  const transform = root.get("transform") ?? null;
  return {
    task,
    transform: transform === null ? null : parseTransform(transform, subject),
    imageThreshold,
    pixelThreshold,
    normalisation,
    mapSize,
    separateRanges: root.has("pred_scores.min") || root.has("anomaly_maps.min"),
    notes: findings.notes,
  };
}

function taskOf(root: JsonObject, { faults }: Findings): Task | null {
  const value = root.get("task") ?? null;
  const task = TASKS.find((known) => known === value) ?? null;
  if (value !== null && task === null)
    faults.push(`task is ${describeJson(value)}, not one of ${TASKS.join(", ")}`);
  return task;
}

function thresholdOf(root: JsonObject, key: string, { faults, notes }: Findings): number | null {
  const value = root.get(key);
  if (value === undefined) return null;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (value === null || typeof value === "number") notes.push(`${key} is ${value} and counts as missing.`);
  else faults.push(`${key} is ${describeJson(value)}, not a number`);
  return null;
}

type NormalisationFields = Pick<Metadata, "normalisation" | "mapSize">;

function normalisationOf(root: JsonObject, findings: Findings): NormalisationFields {
  const both = rangeOf(root, "", findings);
  const image = rangeOf(root, "pred_scores.", findings) ?? both;
  const pixel = rangeOf(root, "anomaly_maps.", findings) ?? both;
  const cdf = cdfOf(root, findings);
  const range = image ?? pixel;
  if (range !== null && cdf !== null) findings.faults.push("both min/max and mean/std are given");
  if (cdf !== null) return cdf;
  if (range === null) return { normalisation: { method: "none" }, mapSize: null };
  if (image === null || pixel === null) {
    const [missing, used] =
      image === null ? ["pred_scores", "anomaly_maps"] : ["anomaly_maps", "pred_scores"];
    findings.notes.push(`The range of ${missing} is missing; that of ${used} is used for both.`);
  }
  const normalisation = { method: "min_max", image: image ?? range, pixel: pixel ?? range } as const;
  return { normalisation, mapSize: null };
}

function rangeOf(root: JsonObject, prefix: string, { faults, notes }: Findings): Range | null {
  const minKey = `${prefix}min`;
  const maxKey = `${prefix}max`;
  const min = root.get(minKey) ?? null;
  const max = root.get(maxKey) ?? null;
  if (min === null && max === null) return null;
  for (const [key, value] of [
    [minKey, min],
    [maxKey, max],
  ] as const) {
    if (value === null) faults.push(`${key} is missing`);
    else if (typeof value !== "number" || Number.isNaN(value))
      faults.push(`${key} is ${describeJson(value)}, not a number`);
  }
  if (typeof min !== "number" || typeof max !== "number" || Number.isNaN(min) || Number.isNaN(max))
    return null;
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    if (Number.isFinite(min) || Number.isFinite(max))
      faults.push(`${minKey} is ${min} but ${maxKey} is ${max}`);
    else notes.push(`${minKey} and ${maxKey} are infinite and count as missing.`);
    return null;
  }
  if (max <= min) faults.push(`${maxKey} ${max} is not above ${minKey} ${min}`);
  return { min, max };
}

function cdfOf(root: JsonObject, findings: Findings): NormalisationFields | null {
  const keys = ["image_mean", "image_std", "pixel_mean", "pixel_std"];
  if (!keys.some((key) => (root.get(key) ?? null) !== null)) return null;
  const imageMean = finite(root, "image_mean", findings);
  const imageStd = finite(root, "image_std", findings);
  if (imageStd <= 0) findings.faults.push(`image_std ${imageStd} is not above 0`);
  const mean = matrixOf(root.get("pixel_mean"), "pixel_mean", findings);
  const std = matrixOf(root.get("pixel_std"), "pixel_std", findings);
  if (std.data.some((value) => value <= 0))
    findings.faults.push("pixel_std holds values that are not above 0");
  if (mean.height !== std.height || mean.width !== std.width) {
    findings.faults.push("pixel_mean and pixel_std differ in size");
  }
  const image = { mean: imageMean, std: imageStd };
  return {
    normalisation: { method: "cdf", image, pixel: { mean: mean.data, std: std.data } },
    mapSize: { height: mean.height, width: mean.width },
  };
}

function finite(root: JsonObject, key: string, { faults }: Findings): number {
  const value = root.get(key);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  faults.push(`${key} is ${describeJson(value)}, not a finite number`);
  return Number.NaN;
}

/** A list of equally long rows of finite numbers, `[height, width]`. */
function matrixOf(value: JsonValue | undefined, key: string, { faults }: Findings) {
  const rows = isList(value) ? value : [];
  const [first] = rows;
  const width = isList(first) ? first.length : 0;
  const empty = { height: 0, width: 0, data: new Float32Array(0) };
  if (width === 0) {
    faults.push(`${key} is ${describeJson(value)}, not rows of numbers`);
    return empty;
  }
  // Checked before anything is allocated: one long row followed by many short ones must not be multiplied.
  const ragged = rows.findIndex((row) => !isList(row) || row.length !== width);
  if (ragged >= 0) {
    faults.push(`row ${ragged} of ${key} does not hold ${width} numbers`);
    return empty;
  }
  const data = new Float32Array(rows.length * width);
  for (const [y, row] of rows.entries()) {
    for (const [x, item] of (row as readonly JsonValue[]).entries()) {
      if (typeof item !== "number" || !Number.isFinite(item)) {
        faults.push(`${key} holds ${describeJson(item)} in row ${y}, column ${x}`);
        return empty;
      }
      data[y * width + x] = item;
    }
  }
  return { height: rows.length, width, data };
}

function noteUnknownKeys(root: JsonObject, { notes }: Findings): void {
  const unknown = [...root.keys()].filter((key) => !KNOWN_KEYS.has(key));
  if (unknown.length === 0) return;
  const shown = unknown.slice(0, 8).map((key) => JSON.stringify(shorten(key)));
  const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} more` : "";
  notes.push(`Keys that are not used: ${shown.join(", ")}${more}.`);
}
