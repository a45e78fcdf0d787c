/** Checks that parsed JSON is a manifest this version can use, field by field. */
import { BlemishError } from "../errors.js";
import { parseBackboneManifest } from "../stages/backbone/manifest.js";
import { FORMAT_VERSION, type ModelManifest } from "./manifest.js";

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isCount: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 1e9;
const isPositive: Check = (value) => isCount(value) && (value as number) > 0;
const isRate: Check = (value) => isNumber(value) && (value as number) >= 0 && (value as number) <= 1;
const isText: Check = (value) => typeof value === "string";
const isBoolean: Check = (value) => typeof value === "boolean";
const oneOf =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const range = record({ min: isNumber, max: isNumber });

/** Every field besides `format`, `version` and `backbone`, by its path. */
const FIELDS: Record<string, Check> = {
  profile: oneOf("blemish", "anomalib-0.7"),
  task: oneOf("classification", "segmentation", "detection"),
  size: record({ width: isPositive, height: isPositive }),
  preprocessing: listOf(record({ type: oneOf("resize", "centerCrop", "normalize", "toFloat") })),
  embedding: record({
    grid: oneOf("finest", "coarsest"),
    scales: listOf(isNumber),
    channels: orNull(listOf(isCount)),
    projectionRows: isCount,
  }),
  head: record({
    kind: oneOf("padim"),
    channels: isPositive,
    gridWidth: isPositive,
    gridHeight: isPositive,
    count: isPositive,
    pool: oneOf(1, 3),
    ridge: isNumber,
  }),
  map: record({ sigma: isNumber, score: oneOf("max", "top1%"), ignoreBorder: isCount }),
  calibration: record({
    method: oneOf("leave-one-out", "adaptive-f1"),
    imageThreshold: isNumber,
    pixelThreshold: isNumber,
    askedRate: isRate,
    expectedRate: isRate,
    guaranteedRate: isRate,
    reached: isBoolean,
    imageRange: range,
    pixelRange: range,
    changes: listOf(record({ from: isNumber, to: isNumber, reason: isText })),
  }),
  training: record({ seed: isNumber, files: listOf(record({ path: isText, sha256: isText })) }),
  parity: listOf(record({ seed: isNumber, rawScore: isNumber, rawMap: listOf(isNumber) })),
};

/**
 * The manifest, checked.
 * @throws MODEL_VERSION when a later version wrote it; MODEL_BROKEN naming the first field that is wrong.
 */
export function checkManifest(json: unknown, subject: string): ModelManifest {
  const manifest = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  if (manifest.format !== "blemish-model") throw broken(subject, "format", "blemish-model");
  if (!isPositive(manifest.version)) throw broken(subject, "version", "a whole number");
  if ((manifest.version as number) > FORMAT_VERSION) {
    throw new BlemishError("MODEL_VERSION", {
      subject,
      expected: `version ${FORMAT_VERSION} or earlier`,
      found: `version ${manifest.version}`,
    });
  }
  parseBackboneManifest(manifest.backbone, subject);
  for (const [name, check] of Object.entries(FIELDS))
    if (!check(manifest[name])) throw broken(subject, name, "a value of the model format");
  return manifest as unknown as ModelManifest;
}

function broken(subject: string, field: string, expected: string): BlemishError {
  return new BlemishError("MODEL_BROKEN", {
    subject,
    expected: `manifest field ${field}: ${expected}`,
    found: "another",
  });
}
