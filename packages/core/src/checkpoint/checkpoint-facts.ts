/**
 * What a checkpoint of Anomalib says of itself: method, layers, preprocessing, thresholds, ranges. Sources: Anomalib 0.7.0 and
 * 2.7.0, `AnomalyModule`, `PadimModel`, `PatchcoreModel`, `PostProcessor`, and the configurations that Lightning keeps.
 */
import type { Range } from "../anomalib/model-description.js";
import type { JsonValue } from "../anomalib/parse-json.js";
import { IMAGENET, parseTransform } from "../anomalib/transform.js";
import type { NamedArray } from "../bundle/safetensors.js";
import { BlemishError } from "../errors.js";
import type { PreprocessStep } from "../stages/preprocess/steps.js";
import { asDictionary, asObject, type PickleValue } from "./pickle-value.js";
import { at, plainValue } from "./plain-value.js";
import type { Checkpoint } from "./read-checkpoint.js";

/** Facts of a checkpoint. Thresholds and ranges are in the model's raw units. */
export interface CheckpointFacts {
  readonly profile: "anomalib-0.7" | "anomalib-2";
  readonly method: "padim" | "patchcore";
  /** Layers of the network, in the order of their concatenation. */
  readonly layers: readonly string[];
  readonly task: JsonValue;
  /** Steps from the picture on; of 2.x a resize without antialiasing, as its exports do it, and a normalize. */
  readonly steps: readonly PreprocessStep[];
  readonly imageThreshold: number | null;
  readonly pixelThreshold: number | null;
  readonly imageRange: Range | null;
  readonly pixelRange: Range | null;
  /** Normalised values that decide (2.x): 1 − sensitivity. */
  readonly decisions: { readonly image: number; readonly pixel: number };
  /** Neighbours of a bank's score. */
  readonly neighbours: number;
}

/** Anomalib's own defaults. */
const DEFAULTS = {
  padim: ["layer1", "layer2", "layer3"],
  patchcore: ["layer2", "layer3"],
  neighbours: 9,
} as const;

/** @throws BlemishError MODEL_ENGINE for a checkpoint of another method or version, METADATA_TRANSFORM for its transform. */
export function checkpointFacts(checkpoint: Checkpoint, subject: string): CheckpointFacts {
  const { tensors } = checkpoint;
  const names = Object.keys(tensors);
  const has = (end: string) => names.some((name) => name === end || name.endsWith(`.${end}`));
  const method = has("gaussian.inv_covariance") ? "padim" : has("memory_bank") ? "patchcore" : null;
  if (method === null)
    throw unknown(subject, "the Gaussians of PaDiM or the memory bank of PatchCore", "neither of them");
  const second = names.some((name) => name.startsWith("post_processor."));
  return second ? secondFacts(checkpoint, method, subject) : seventhFacts(checkpoint, method, subject);
}

/** 0.x: Lightning's checkpoint keeps the whole configuration, a saved module the metadata of an export. */
function seventhFacts(
  checkpoint: Checkpoint,
  method: CheckpointFacts["method"],
  subject: string,
): CheckpointFacts {
  const { root, tensors } = checkpoint;
  const config = plainValue(root.get("hyper_parameters"));
  const metadata = plainValue(root.get("metadata"));
  const numbers = (key: string, tensor: string) => numberOf(at(metadata, key)) ?? scalar(tensors, tensor);
  const min = numbers("min", "normalization_metrics.min");
  const max = numbers("max", "normalization_metrics.max");
  const range = min === null || max === null ? null : { min, max };
  const moduleState = stateOf(root.get("model"));
  return {
    profile: "anomalib-0.7",
    method,
    layers:
      texts(at(config, "model", "layers")) ??
      texts(plainValue(moduleState?.get("layers"))) ??
      DEFAULTS[method],
    task: at(metadata, "task") ?? at(config, "dataset", "task"),
    steps: seventhSteps(config, at(metadata, "transform"), subject),
    imageThreshold: numbers("image_threshold", "image_threshold.value"),
    pixelThreshold: numbers("pixel_threshold", "pixel_threshold.value"),
    imageRange: range,
    pixelRange: range,
    decisions: { image: 0.5, pixel: 0.5 },
    neighbours:
      numberOf(at(config, "model", "num_neighbors")) ??
      numberOf(plainValue(moduleState?.get("num_neighbors"))) ??
      DEFAULTS.neighbours,
  };
}

function seventhSteps(config: JsonValue, transform: JsonValue, subject: string): PreprocessStep[] {
  if (transform !== null) return parseTransform(transform, subject);
  const size = sides(at(config, "dataset", "image_size"));
  if (size === null)
    throw unknown(
      subject,
      "the preprocessing of Anomalib 0.x or 2.x",
      "none, as in a checkpoint of Anomalib 1.x",
    );
  const crop = sides(at(config, "dataset", "center_crop"));
  const plain = at(config, "dataset", "normalization") === "none";
  return [
    { type: "resize", ...size, interpolation: "linear" },
    ...(crop === null ? [] : [{ type: "centerCrop" as const, ...crop }]),
    plain
      ? { type: "toFloat", maxValue: 255 }
      : { type: "normalize", mean: IMAGENET.mean, std: IMAGENET.std, maxPixelValue: 255 },
  ];
}

/** 2.x: tensors of the post-processor, and the pre-processor as a configuration or as modules. */
function secondFacts(
  checkpoint: Checkpoint,
  method: CheckpointFacts["method"],
  subject: string,
): CheckpointFacts {
  const { root, tensors } = checkpoint;
  const config = plainValue(root.get("hyper_parameters"));
  const processing = plainValue(root.get("anomalib_post_processor_config"));
  const module = stateOf(root.get("model"));
  const inner = stateOf(asDictionary(module?.get("_modules"))?.get("model"));
  const own = (key: string) => scalar(tensors, `post_processor.${key}`);
  const rangeOf = (kind: string) => {
    const [min, max] = [own(`${kind}_min`), own(`${kind}_max`)];
    return min === null || max === null ? null : { min, max };
  };
  const processor = stateOf(asDictionary(module?.get("_modules"))?.get("post_processor"));
  const sensitivity = (kind: string) =>
    numberOf(at(processing, `${kind}_sensitivity`)) ??
    numberOf(plainValue(processor?.get(`${kind}_sensitivity`))) ??
    0.5;
  return {
    profile: "anomalib-2",
    method,
    layers: texts(at(config, "layers")) ?? texts(plainValue(inner?.get("layers"))) ?? DEFAULTS[method],
    task: null,
    steps: secondSteps(checkpoint, subject),
    imageThreshold: own("_image_threshold"),
    pixelThreshold: own("_pixel_threshold"),
    imageRange: rangeOf("image"),
    pixelRange: rangeOf("pixel"),
    decisions: { image: 1 - sensitivity("image"), pixel: 1 - sensitivity("pixel") },
    neighbours:
      numberOf(at(config, "num_neighbors")) ??
      numberOf(plainValue(inner?.get("num_neighbors"))) ??
      DEFAULTS.neighbours,
  };
}

function secondSteps({ root }: Checkpoint, subject: string): PreprocessStep[] {
  const listed = at(
    plainValue(root.get("anomalib_pre_processor_config")),
    "transform",
    "init_args",
    "transforms",
  );
  const steps = Array.isArray(listed)
    ? listed.map((one) => ({ name: at(one, "class_path"), settings: at(one, "init_args") }))
    : moduleTransforms(root.get("model"));
  return steps.map(({ name, settings }): PreprocessStep => {
    const size = sides(at(settings, "size"));
    const [mean, std] = [numbersOf(at(settings, "mean")), numbersOf(at(settings, "std"))];
    const kind = String(name).split(".").at(-1);
    if (kind === "Resize" && size !== null) return { type: "resize", ...size, interpolation: "linear" };
    if (kind === "CenterCrop" && size !== null) return { type: "centerCrop", ...size };
    if (kind === "Normalize" && mean !== null && std !== null)
      return { type: "normalize", mean, std, maxPixelValue: 1 };
    throw new BlemishError("METADATA_TRANSFORM", {
      subject,
      expected: "Resize to two sides, CenterCrop and Normalize",
      found: String(name),
    });
  });
}

/** Of a saved module: the transforms of its pre-processor, as objects. */
function moduleTransforms(model: PickleValue | undefined): { name: JsonValue; settings: JsonValue }[] {
  const processor = stateOf(asDictionary(stateOf(model)?.get("_modules"))?.get("pre_processor"));
  const compose = stateOf(asDictionary(processor?.get("_modules"))?.get("transform"));
  const transforms = compose?.get("transforms");
  if (!Array.isArray(transforms)) return [];
  return transforms.map((one) => ({
    name: asObject(one)?.name ?? null,
    settings: plainValue(stateOf(one) ?? null),
  }));
}

function stateOf(value: PickleValue | undefined) {
  return asDictionary(asObject(value)?.state);
}

function scalar(tensors: Readonly<Record<string, NamedArray>>, name: string): number | null {
  const tensor = tensors[name];
  return tensor?.data.length === 1 && Number.isFinite(Number(tensor.data[0])) ? Number(tensor.data[0]) : null;
}

function numberOf(value: JsonValue): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function numbersOf(value: JsonValue): number[] | null {
  return Array.isArray(value) && value.every((one) => typeof one === "number") ? (value as number[]) : null;
}

function texts(value: JsonValue): string[] | null {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string")
    ? (value as string[])
    : null;
}

/** `256` or `[height, width]`. */
function sides(value: JsonValue): { width: number; height: number } | null {
  if (typeof value === "number") return { width: value, height: value };
  const both = numbersOf(value);
  return both?.length === 2 ? { height: both[0] as number, width: both[1] as number } : null;
}

function unknown(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("MODEL_ENGINE", { subject, expected, found });
}
