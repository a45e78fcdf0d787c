/** Checks that parsed JSON is a manifest this version can use, field by field. */
import { BlemishError } from "../errors.js";
import { parseBackboneManifest, tileUnit } from "../stages/backbone/manifest.js";
import { isCapture } from "../stages/image/capture.js";
import { MOST_SCORE_NEIGHBOURS } from "../stages/patchcore/patch-bank.js";
import type { View } from "../stages/region/mask-on-map.js";
import { isShape } from "../stages/region/parse-shape.js";
import { areRuns } from "../stages/region/runs.js";
import { FIT_POLICIES } from "../stages/region/trained-picture.js";
import { isDecision } from "./check-decision.js";
import { isAlignment, isValidity } from "./check-looks.js";
import { detectorsOf } from "./detectors-of.js";
import { FORMAT_VERSION, type ImportedManifest, type ModelManifest } from "./manifest.js";
import {
  anyOf,
  type Check,
  isBoolean,
  isCount,
  isNumber,
  isPositive,
  isRate,
  isText,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  record,
} from "./value-checks.js";

const range = record({ min: isNumber, max: isNumber });
const spread = record({ threshold: isNumber, range: isNumber });
const task = oneOf("classification", "segmentation", "detection");
const place = record({ x: isCount, y: isCount, width: isPositive, height: isPositive });
const runs = listOf(isCount);
const colour: Check = (value) => listOf(isNumber)(value) && (value as unknown[]).length === 3;
/** Whether parsed JSON is a list of `PreprocessStep`. */
export const areSteps = listOf(
  anyOf(
    record({ type: oneOf("resize", "centerCrop", "normalize", "toFloat") }),
    (value) => place(value) && record({ type: oneOf("crop") })(value),
    record({
      type: oneOf("pad"),
      left: isCount,
      top: isCount,
      width: isPositive,
      height: isPositive,
      colour,
    }),
    record({ type: oneOf("paint"), runs, colour }),
  ),
);
const isShapes: Check = listOf(isShape);
const emptyList: Check = (value) => Array.isArray(value) && value.length === 0;

const extent = record({ width: isPositive, height: isPositive });

const upsampling = orAbsent(oneOf("nearest", "bilinear"));

const padim = record({
  kind: oneOf("padim"),
  precision: oneOf("float32", "int16", "int8"),
  fit: orNull(record({ count: isPositive, pool: oneOf(1, 3, "all"), ridge: isNumber })),
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
  cells: orAbsent(runs),
  factor: (value) => isNumber(value) && (value as number) > 0,
  unit: orNull(record({ mean: isNumber, deviation: isNumber })),
  head: anyOf(padim, patchcore),
});

const pass = record({
  size: extent,
  tiles: orAbsent(record({ size: isPositive, margin: isCount })),
  preprocessing: areSteps,
  content: orAbsent(place),
  detectors: (value) => listOf(detector)(value) && (value as unknown[]).length > 0,
});

/** Whether parsed JSON is `TrainedPicture`. */
export const isTrainedPicture = record({
  width: isPositive,
  height: isPositive,
  fit: oneOf(...FIT_POLICIES),
  view: place,
  region: orAbsent(record({ include: isShapes, ignore: isShapes })),
  measured: orAbsent(record({ include: isShapes, ignore: isShapes })),
  aspectTolerance: orAbsent(isRate),
});

/** Whether parsed JSON is a list of `ParitySample`. */
export const areSamples = listOf(
  record({
    seed: isNumber,
    inputs: orAbsent(listOf(isText)),
    rawScore: isNumber,
    rawMap: listOf(isNumber),
  }),
);

/** Fields of every manifest besides `format`, `version`, `origin` and `backbone`. */
const COMMON: Record<string, Check> = {
  task,
  capture: orAbsent(isCapture),
  picture: orAbsent(isTrainedPicture),
  validity: orAbsent(isValidity),
  alignment: orAbsent(isAlignment),
  size: extent,
  passes: (value) => listOf(pass)(value) && (value as unknown[]).length > 0,
  map: record({
    sigma: isNumber,
    upsampling,
    score: oneOf("max", "top1%", "region"),
    ignoreBorder: isCount,
    judged: orAbsent(runs),
  }),
  parity: areSamples,
};

const TRAINED: Record<string, Check> = {
  profile: oneOf("blemish", "anomalib-0.7"),
  calibration: record({
    method: oneOf("leave-one-out", "five-fold", "adaptive-f1", "good-pictures"),
    imageThreshold: isNumber,
    pixelThreshold: isNumber,
    askedRate: isRate,
    expectedRate: isRate,
    guaranteedRate: isRate,
    reached: isBoolean,
    imageRange: range,
    pixelRange: range,
    uncertain: orAbsent(
      record({
        imageThreshold: isNumber,
        askedRate: isRate,
        expectedRate: isRate,
        guaranteedRate: isRate,
        reached: isBoolean,
      }),
    ),
    changes: listOf(record({ from: isNumber, to: isNumber, reason: isText })),
  }),
  training: record({
    seed: isNumber,
    count: isPositive,
    turned: isBoolean,
    options: record({}),
    files: listOf(record({ path: isText, sha256: isText })),
  }),
  sensitivity: orAbsent(
    record({
      measuredOn: oneOf("other-pictures", "held-out"),
      pictures: isPositive,
      places: isPositive,
      seed: isNumber,
      groups: listOf(
        record({
          by: oneOf("all", "type", "zone"),
          name: isText,
          cells: listOf(record({ size: isNumber, contrast: isNumber, tried: isCount, found: isCount })),
        }),
      ),
    }),
  ),
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
  preprocessing: areSteps,
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
  checkPlaces(checked, subject);
  checkDecision(checked, subject);
  checkTiles(checked, subject);
  return checked.origin === "anomalib" ? withTypedArrays(checked) : checked;
}

/** Rectangles lie in what they are a part of, and runs mark something of it. */
function checkPlaces({ picture, passes, map, size }: ModelManifest, subject: string): void {
  const mark = (marked: unknown, pixels: number) => areRuns(marked, pixels) && marked.length > 0;
  if (picture !== undefined && !isInside(picture.view, picture))
    throw broken(subject, "picture.view", "a part of it");
  for (const pass of passes) {
    if (pass.content !== undefined && !isInside(pass.content, pass.size))
      throw broken(subject, "passes.content", "a part of the input");
    for (const { cells, grid } of pass.detectors)
      if (cells !== undefined && !mark(cells, grid.width * grid.height))
        throw broken(subject, "cells", "runs of the grid's cells");
  }
  if (map.judged !== undefined && !mark(map.judged, size.width * size.height))
    throw broken(subject, "map.judged", "runs of the map's pixels");
}

function isInside(
  part: View,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  return part.x + part.width <= width && part.y + part.height <= height;
}

/** A score that is made of one bank's patches stands for the whole picture. */
function checkNeighbours(manifest: ModelManifest, subject: string): void {
  const detectors = detectorsOf(manifest);
  const weighed = detectors.some(({ head }) => head.kind === "patchcore" && head.neighbours !== undefined);
  if (weighed && (detectors.length > 1 || manifest.map.ignoreBorder > 0))
    throw broken(subject, "head.neighbours", "none beside other detectors or an ignored border");
}

/** The rule `region` is made of zones that lie on the map and share no pixel. */
function checkDecision({ map, decision, size }: ModelManifest, subject: string): void {
  if ((map.score === "region") === isDecision(decision, size.width * size.height)) return;
  if (map.score !== "region" && decision === undefined) return;
  throw broken(subject, "decision", "zones of the map, with the score region");
}

/** Tiles begin at whole cells of every tap, and something of them is used. */
function checkTiles({ backbone, passes }: ModelManifest, subject: string): void {
  const unit = tileUnit(backbone);
  for (const { tiles, size } of passes) {
    if (tiles === undefined) continue;
    const sides = [tiles.size, tiles.margin, size.width, size.height];
    const fits = sides.every((side) => side % unit === 0) && 2 * tiles.margin < tiles.size;
    if (fits && backbone.input.resizesTo === undefined) continue;
    throw broken(subject, "passes.tiles", `multiples of ${unit} pixels, with margins that leave something`);
  }
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
