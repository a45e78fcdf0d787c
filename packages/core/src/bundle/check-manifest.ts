/** Checks that parsed JSON is a manifest this version can use, field by field. */
import { BlemishError } from "../errors.js";
import { parseBackboneManifest } from "../stages/backbone/manifest.js";
import { MOST_SCORE_NEIGHBOURS } from "../stages/patchcore/patch-bank.js";
import { detectorsOf } from "./detectors-of.js";
import { FORMAT_VERSION, type ImportedManifest, type ModelManifest } from "./manifest.js";

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
const anyOf =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const range = record({ min: isNumber, max: isNumber });
const spread = record({ threshold: isNumber, range: isNumber });
const task = oneOf("classification", "segmentation", "detection");
const steps = listOf(record({ type: oneOf("resize", "centerCrop", "normalize", "toFloat") }));
const emptyList: Check = (value) => Array.isArray(value) && value.length === 0;

const extent = record({ width: isPositive, height: isPositive });

const upsampling = orAbsent(oneOf("nearest", "bilinear"));

const padim = record({
  kind: oneOf("padim"),
  precision: oneOf("float32", "int16", "int8"),
  fit: orNull(record({ count: isPositive, pool: oneOf(1, 3), ridge: isNumber })),
});

const patchcore = record({
  kind: oneOf("patchcore"),
  rows: isPositive,
  precision: oneOf("float32", "int8"),
  neighbours: orAbsent((value) => isPositive(value) && (value as number) <= MOST_SCORE_NEIGHBOURS),
});

const detector = record({
  embedding: record({
    grid: oneOf("finest", "coarsest"),
    neighbourhood: oneOf(1, 3),
    scales: listOf(isNumber),
    channels: orNull(listOf(isCount)),
    projectionRows: isCount,
    enlargement: upsampling,
  }),
  channels: isPositive,
  grid: extent,
  factor: (value) => isNumber(value) && (value as number) > 0,
  unit: orNull(record({ mean: isNumber, deviation: isNumber })),
  head: anyOf(padim, patchcore),
});

const pass = record({
  size: extent,
  preprocessing: steps,
  detectors: (value) => listOf(detector)(value) && (value as unknown[]).length > 0,
});

/** Fields of every manifest besides `format`, `version`, `origin` and `backbone`. */
const COMMON: Record<string, Check> = {
  task,
  size: extent,
  passes: (value) => listOf(pass)(value) && (value as unknown[]).length > 0,
  map: record({ sigma: isNumber, upsampling, score: oneOf("max", "top1%"), ignoreBorder: isCount }),
  parity: listOf(record({ seed: isNumber, rawScore: isNumber, rawMap: listOf(isNumber) })),
};

const TRAINED: Record<string, Check> = {
  profile: oneOf("blemish", "anomalib-0.7"),
  calibration: record({
    method: oneOf("leave-one-out", "five-fold", "adaptive-f1"),
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
  training: record({
    seed: isNumber,
    count: isPositive,
    turned: isBoolean,
    options: record({}),
    files: listOf(record({ path: isText, sha256: isText })),
  }),
};

const description = record({
  profile: oneOf("anomalib-0.7", "anomalib-1", "anomalib-2"),
  evidence: listOf(isText),
  kind: isText,
  task,
  input: record({ name: isText, height: orNull(isPositive), width: orNull(isPositive), batch: isPositive }),
  outputs: record({
    map: orNull(isText),
    score: orNull(isText),
    label: orNull(isText),
    mask: orNull(isText),
  }),
  scoreSource: oneOf("output", "map-max"),
  preprocessing: steps,
  imageThreshold: orNull(isNumber),
  pixelThreshold: orNull(isNumber),
  normalisation: anyOf(
    record({ method: oneOf("none", "in-graph") }),
    record({ method: oneOf("min_max"), image: range, pixel: range }),
    record({
      method: oneOf("cdf"),
      image: record({ mean: isNumber, std: isNumber }),
      pixel: record({ mean: emptyList, std: emptyList }),
    }),
  ),
  notes: listOf(isText),
});

const IMPORTED: Record<string, Check> = {
  profile: oneOf("anomalib-0.7", "anomalib-1", "anomalib-2"),
  imported: record({
    file: isText,
    bytes: isCount,
    sha256: isText,
    description,
    normaliser: orNull(record({ image: spread, pixel: spread })),
    decisions: orNull(record({ image: isNumber, pixel: orNull(isNumber) })),
  }),
};

/**
 * The manifest, checked. The arrays of a `cdf` normalisation, empty here, are typed arrays in it.
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
  const { origin } = manifest;
  if (origin !== "blemish" && origin !== "anomalib") throw broken(subject, "origin", "blemish or anomalib");
  parseBackboneManifest(manifest.backbone, subject);
  for (const [name, check] of Object.entries({ ...COMMON, ...(origin === "blemish" ? TRAINED : IMPORTED) }))
    if (!check(manifest[name])) throw broken(subject, name, "a value of the model format");
  const checked = manifest as unknown as ModelManifest;
  checkNeighbours(checked, subject);
  return checked.origin === "anomalib" ? withTypedArrays(checked) : checked;
}

/** A score that is made of one bank's patches stands for the whole picture. */
function checkNeighbours(manifest: ModelManifest, subject: string): void {
  const detectors = detectorsOf(manifest);
  const weighed = detectors.some(({ head }) => head.kind === "patchcore" && head.neighbours !== undefined);
  if (weighed && (detectors.length > 1 || manifest.map.ignoreBorder > 0))
    throw broken(subject, "head.neighbours", "none beside other detectors or an ignored border");
}

/** JSON gives lists where the description has typed arrays. */
function withTypedArrays(manifest: ImportedManifest): ImportedManifest {
  const { description: stored } = manifest.imported;
  if (stored.normalisation.method !== "cdf") return manifest;
  const pixel = { mean: new Float32Array(0), std: new Float32Array(0) };
  const normalisation = { ...stored.normalisation, pixel };
  return { ...manifest, imported: { ...manifest.imported, description: { ...stored, normalisation } } };
}

function broken(subject: string, field: string, expected: string): BlemishError {
  return new BlemishError("MODEL_BROKEN", {
    subject,
    expected: `manifest field ${field}: ${expected}`,
    found: "another",
  });
}
