/**
 * Albumentations' serialised transform, as Anomalib 0.5–0.7 writes it into metadata.json, as plain steps.
 * Only the deterministic transforms that Anomalib itself builds are known; every other one is refused by name,
 * because leaving one out would silently change the scores.
 */
import { BlemishError } from "../errors.js";
import type { Interpolation, PreprocessStep } from "../stages/preprocess/steps.js";
import { describeJson, isList, isObject, type JsonObject, type JsonValue, shorten } from "./parse-json.js";

/** OpenCV's interpolation codes that are reproduced. */
const INTERPOLATIONS: ReadonlyMap<number, Interpolation> = new Map([
  [0, "nearest"],
  [1, "linear"],
  [3, "area"],
]);
const INTERPOLATION_NAMES = ["nearest", "linear", "cubic", "area", "lanczos4"];

/** Means and standard deviations of ImageNet, RGB, for values 0–1: albumentations' own defaults. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** Longest side a transform may ask for, in pixels. */
const MAX_SIDE = 16_384;
const MAX_STEPS = 16;

/**
 * The steps of a serialised transform, nested Compose flattened (`Compose.to_dict()` of albumentations 1.1–1.3).
 * Unknown keys are ignored and missing ones take albumentations' defaults: interpolation 1 (linear),
 * max_pixel_value 255, p 1.
 *
 * @param value the value of the key `transform`, with or without the outer `{__version__, transform}`.
 * @throws BlemishError METADATA_TRANSFORM for a transform or a setting that is not known, METADATA_FORMAT for
 * a value of the wrong type.
 */
export function parseTransform(value: JsonValue, subject: string): PreprocessStep[] {
  const root = isObject(value) && value.has("transform") ? (value.get("transform") ?? null) : value;
  const steps: PreprocessStep[] = [];
  let finished = false;
  for (const { name, node } of flatten(root, subject)) {
    if (finished) throw unknownTransform(subject, `${name} after ToTensorV2`);
    if (name === "ToTensorV2") finished = true;
    else steps.push(stepOf(name, node, subject));
  }
  checkOrder(steps, subject);
  if (steps.length > MAX_STEPS)
    throw unknownTransform(subject, `${steps.length} steps, at most ${MAX_STEPS} are done`);
  return steps;
}

/** Height and width after the steps; null when no step fixes them. */
export function outputSize(steps: readonly PreprocessStep[]): { height: number; width: number } | null {
  let size: { height: number; width: number } | null = null;
  for (const step of steps) if ("height" in step) size = { height: step.height, width: step.width };
  return size;
}

interface NamedTransform {
  readonly name: string;
  readonly node: JsonObject;
}

/** All transforms that are no Compose, in order. */
function flatten(value: JsonValue, subject: string): NamedTransform[] {
  if (!isObject(value)) throw wrongType(subject, "transform", "an object", value);
  const className = value.get("__class_fullname__");
  if (typeof className !== "string")
    throw wrongType(subject, "transform.__class_fullname__", "text", className);
  const name = className.split(".").at(-1) ?? "";
  checkAlwaysRuns(name, value, subject);
  if (name !== "Compose") return [{ name, node: value }];
  const children = value.get("transforms");
  if (!isList(children)) throw wrongType(subject, "transform.transforms", "a list", children);
  return children.flatMap((child) => flatten(child, subject));
}

/** A transform with p below 1 runs by chance, also at inference, so no two runs would agree. */
function checkAlwaysRuns(name: string, node: JsonObject, subject: string): void {
  const p = node.get("p") ?? 1;
  if (typeof p !== "number" || !(p >= 0 && p <= 1))
    throw wrongType(subject, `${name}.p`, "a number from 0 to 1", p);
  if (p < 1 && node.get("always_apply") !== true) {
    throw unknownTransform(subject, `${shorten(name)} with p ${p}, which is random at inference`);
  }
}

function stepOf(name: string, node: JsonObject, subject: string): PreprocessStep {
  switch (name) {
    case "Resize":
      return {
        type: "resize",
        ...sizeOf(name, node, subject),
        interpolation: interpolationOf(node, subject),
      };
    case "CenterCrop":
      return { type: "centerCrop", ...sizeOf(name, node, subject) };
    case "Normalize":
      return normalizeOf(node, subject);
    case "ToFloat":
      // albumentations takes null as "by the type of the picture": 255 for 8 bits.
      return {
        type: "toFloat",
        maxValue: positive(node.get("max_value") ?? 255, "ToFloat.max_value", subject),
      };
    default:
      throw unknownTransform(subject, shorten(name) || "a transform without a name");
  }
}

function sizeOf(name: string, node: JsonObject, subject: string): { height: number; width: number } {
  return {
    height: side(node.get("height"), `${name}.height`, subject),
    width: side(node.get("width"), `${name}.width`, subject),
  };
}

function side(value: JsonValue | undefined, field: string, subject: string): number {
  const fits = typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAX_SIDE;
  if (!fits) throw wrongType(subject, field, `a whole number from 1 to ${MAX_SIDE}`, value);
  return value;
}

function interpolationOf(node: JsonObject, subject: string): Interpolation {
  const code = node.get("interpolation") ?? 1;
  if (typeof code !== "number") throw wrongType(subject, "Resize.interpolation", "a number", code);
  const interpolation = INTERPOLATIONS.get(code);
  if (interpolation !== undefined) return interpolation;
  const name = INTERPOLATION_NAMES[code];
  throw unknownTransform(
    subject,
    `Resize with interpolation ${code}${name === undefined ? "" : ` (${name})`}`,
  );
}

function normalizeOf(node: JsonObject, subject: string): PreprocessStep {
  const kind = node.get("normalization") ?? "standard";
  if (kind !== "standard")
    throw unknownTransform(subject, `Normalize with normalization ${describeJson(kind)}`);
  const std = triple(node.get("std") ?? [...IMAGENET.std], "Normalize.std", subject);
  if (std.some((value) => value <= 0)) throw wrongType(subject, "Normalize.std", "numbers above 0", std);
  return {
    type: "normalize",
    mean: triple(node.get("mean") ?? [...IMAGENET.mean], "Normalize.mean", subject),
    std,
    maxPixelValue: positive(node.get("max_pixel_value") ?? 255, "Normalize.max_pixel_value", subject),
  };
}

/** Three finite numbers; one number stands for all three channels, as NumPy broadcasts it. */
function triple(value: JsonValue, field: string, subject: string): number[] {
  const list = typeof value === "number" ? [value, value, value] : value;
  const fits = isList(list) && list.length === 3 && list.every((item) => Number.isFinite(item));
  if (!fits) throw wrongType(subject, field, "three numbers", value);
  return list.map(Number);
}

function positive(value: JsonValue, field: string, subject: string): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
    throw wrongType(subject, field, "a number above 0", value);
  }
  return value;
}

/** Sizes change on 8-bit pixels only, and values are scaled once; a crop cannot be larger than its resize. */
function checkOrder(steps: readonly PreprocessStep[], subject: string): void {
  let size: { height: number; width: number } | null = null;
  let scaled = false;
  for (const step of steps) {
    if (scaled) throw unknownTransform(subject, `${step.type} after the values were scaled`);
    if (step.type === "normalize" || step.type === "toFloat") {
      scaled = true;
      continue;
    }
    // The other steps stand in our own recipes only.
    if (step.type !== "resize" && step.type !== "centerCrop") continue;
    if (
      step.type === "centerCrop" &&
      size !== null &&
      (step.height > size.height || step.width > size.width)
    ) {
      throw new BlemishError("METADATA_FORMAT", {
        subject,
        expected: `a CenterCrop of at most ${size.width} × ${size.height} pixels`,
        found: `${step.width} × ${step.height}`,
      });
    }
    size = step;
  }
}

function wrongType(
  subject: string,
  field: string,
  expected: string,
  found: JsonValue | undefined,
): BlemishError {
  return new BlemishError("METADATA_FORMAT", {
    subject,
    expected: `${expected} as ${shorten(field)}`,
    found: describeJson(found),
  });
}

function unknownTransform(subject: string, found: string): BlemishError {
  return new BlemishError("METADATA_TRANSFORM", { subject, found });
}
