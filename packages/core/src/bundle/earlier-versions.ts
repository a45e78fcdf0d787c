/**
 * Model files of earlier format versions. They are read, never written: manifest and arrays are turned into today's form.
 *
 * - Version 1: only trained models; float32 statistics in tiles of 64 cells; what was fitted stands in the head.
 * - Version 2: one detector on one network input, whose size is that of the map; factors with all zeros of their triangles.
 */

import { packGaussians } from "../stages/padim/pack-gaussians.js";
import type { PackedGaussians } from "../stages/padim/packed-gaussians.js";
import { readWholeHead } from "./head-arrays.js";
import { type DetectorManifest, FORMAT_VERSION, type ModelManifest, type PadimManifest } from "./manifest.js";
import type { NamedArray } from "./safetensors.js";
import { detectorArrays, headSize, tiledShapes } from "./stored-detectors.js";
import type { TakeArray } from "./take-array.js";

type Json = Readonly<Record<string, unknown>>;

/** The version that a manifest which came out of JSON says; null for anything else. */
export function versionOf(json: unknown): unknown {
  return typeof json === "object" && json !== null ? (json as Json).version : null;
}

/** The manifest in today's form, not checked yet. */
export function manifestToday(json: unknown): unknown {
  const version = versionOf(json);
  if (version === 1) return fromVersion2(fromVersion1(json as Json));
  return version === 2 ? fromVersion2(json as Json) : json;
}

function fromVersion1(manifest: Json): Json {
  const { count, pool, ridge, ...head } = { ...(manifest.head as object) } as Record<string, unknown>;
  return {
    ...manifest,
    version: 2,
    origin: "blemish",
    head: { ...head, precision: "float32" },
    fit: { count, pool, ridge },
  };
}

function fromVersion2({ head, embedding, preprocessing, fit, training, ...rest }: Json): Json {
  const { channels, gridWidth: width, gridHeight: height, kind, precision } = { ...(head as object) } as Json;
  const detector = {
    embedding: { ...(embedding as object), neighbourhood: 1 },
    channels,
    grid: { width, height },
    factor: 1,
    unit: null,
    head: { kind, precision, fit: fit ?? null },
  };
  const today = {
    ...rest,
    version: FORMAT_VERSION,
    passes: [{ size: rest.size, preprocessing, detectors: [detector] }],
  };
  if (rest.origin !== "blemish") return today;
  const { count } = { ...(fit as object) } as Json;
  const options = optionsOfVersion2({ ...rest, head, training });
  return { ...today, training: { ...(training as object), count, turned: false, options } };
}

/** The options that the only recipe of that time follows from. */
function optionsOfVersion2({ profile, size, head, map, calibration, training }: Json): Json {
  const of = (value: unknown) => ({ ...(value as object) }) as Json;
  return {
    profile,
    head: "padim",
    size: of(size).width,
    channels: of(head).channels,
    score: of(map).score,
    falseAlarmRate: of(calibration).askedRate,
    seed: of(training).seed,
    ignoreBorder: of(map).ignoreBorder,
    factors: of(head).precision,
  };
}

/** Arrays that belonged to the one detector. */
const OF_THE_DETECTOR = /^(padim|embedding|statistics)\./;

/**
 * The arrays in today's form and under today's names.
 * @param manifest in today's form, checked.
 * @param take gives an array of the file or throws MODEL_BROKEN.
 */
export function arraysToday(
  version: unknown,
  arrays: Readonly<Record<string, NamedArray>>,
  manifest: ModelManifest,
  take: TakeArray,
): Readonly<Record<string, NamedArray>> {
  if (version !== 1 && version !== 2) return arrays;
  const renamed = Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [
      OF_THE_DETECTOR.test(name) ? `detectors.0.${name}` : name,
      array,
    ]),
  );
  const [detector] = manifest.passes[0].detectors as readonly [DetectorManifest];
  const head = detector.head as PadimManifest;
  const size = headSize(head, detector);
  const gaussians = version === 2 ? readWholeHead(size, take) : fromTiles(detector, take);
  const stored = { kind: "padim", gaussians, fit: null, statistics: null } as const;
  // The arrays of the old packing have other shapes under the same names.
  return { ...renamed, ...detectorArrays({ projection: null, head: stored }, detector, 0) };
}

/** Tiled float32 statistics in today's packing, not rounded any further. */
function fromTiles(detector: DetectorManifest, take: TakeArray): PackedGaussians {
  const { channels, grid } = detector;
  const { meanShape, factorShape } = tiledShapes(detector);
  const mean = Float64Array.from(take("padim.mean", "F32", meanShape) as Float32Array);
  const factor = Float64Array.from(take("padim.factor", "F32", factorShape) as Float32Array);
  return packGaussians({ channels, cells: grid.width * grid.height, mean, factor }, "float32");
}
