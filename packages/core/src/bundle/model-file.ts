/**
 * A model as one file: manifest and arrays in a safetensors container, with one hash over everything. Bytes in, bytes
 * out; the hash function (SHA-256, hexadecimal) is handed in by the shell.
 */
import { BlemishError } from "../errors.js";
import { checkHead } from "./check-head.js";
import { checkManifest } from "./check-manifest.js";
import { detectorsOf } from "./detectors-of.js";
import { arraysToday, manifestToday, versionOf } from "./earlier-versions.js";
import {
  FORMAT_VERSION,
  type ImportedManifest,
  type ModelManifest,
  type TrainedManifest,
} from "./manifest.js";
import {
  type NamedArray,
  readSafeTensors,
  readSafeTensorsMetadata,
  type SafeTensors,
  writeSafeTensors,
} from "./safetensors.js";
import { detectorArrays, readDetector, type StoredDetector } from "./stored-detectors.js";
import { lookArrays, readLooks, type StoredLooks } from "./stored-looks.js";
import { type TakeArray, takeArray } from "./take-array.js";
import { checkThumbnails, readThumbnails, type StoredThumbnails, thumbnailArrays } from "./thumbnails.js";

export type { KeptStatistics, StoredDetector, StoredHead } from "./stored-detectors.js";

/** SHA-256 of the concatenated parts, as 64 lower-case hexadecimal digits. */
export type Sha256 = (parts: readonly Uint8Array[]) => string;

/** Arrays of an imported model's `cdf` normalisation: log map at model size, `[h · w]` each. */
export interface CdfArrays {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

/** Everything in a model file; its hash covers the manifest and every array's name, type, shape and bytes. */
export interface ModelFile<M extends ModelManifest = ModelManifest> extends StoredLooks {
  readonly manifest: M;
  /** The backbone's ONNX file. */
  readonly backbone: Uint8Array;
  /** One for each detector of the manifest, in the order of its passes. */
  readonly detectors: readonly StoredDetector[];
  /** Leave-one-out score of every training picture, in the order of `manifest.training.files`; null = imported. */
  readonly scores: M extends TrainedManifest ? Float64Array : null;
  /** Highest value of the leave-one-out map of every training picture, in the same order; files of before do not have it. */
  readonly peaks?: Float64Array;
  /** null unless an imported model normalises by `cdf`. */
  readonly cdf: CdfArrays | null;
  /** Small copies of training pictures; absent where none were kept. */
  readonly thumbnails?: StoredThumbnails;
}

/** A model that Blemish trained. */
export type TrainedModelFile = ModelFile<TrainedManifest>;

/** A model that Anomalib trained and Blemish recognised. */
export type ImportedModelFile = ModelFile<ImportedManifest>;

/**
 * The file's bytes; the same model gives the same bytes.
 * @param sha256 null = the bytes stay in memory: they carry no hash, and only a reader that asks for none takes them.
 * @param allocate where they are to be written; it may be shared memory.
 */
export function writeModelFile(
  model: ModelFile,
  sha256: Sha256 | null,
  allocate?: (bytes: number) => Uint8Array,
): Uint8Array {
  const arrays = arraysOf(model);
  const manifest = JSON.stringify(model.manifest, asPlainList);
  const metadata = { manifest, ...(sha256 !== null && { sha256: hashOf(manifest, arrays, sha256) }) };
  return writeSafeTensors({ metadata, arrays }, allocate);
}

/**
 * The model in a file; large arrays are views of `file`.
 * @param sha256 null = the bytes have been checked already: neither hash nor numbers are looked at again.
 * @throws MODEL_FORMAT when it is no model file; MODEL_VERSION for a later version; MODEL_BROKEN when damaged.
 */
export function readModelFile(file: Uint8Array, subject: string, sha256: Sha256 | null): ModelFile {
  const { metadata, arrays: stored } = readSafeTensors(file, subject);
  const { manifest, version } = manifestIn(metadata, subject);
  if (sha256 !== null && hashOf(metadata.manifest ?? "", stored, sha256) !== metadata.sha256)
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: "content that matches its hash",
      found: "changed bytes",
    });
  const arrays = arraysToday(version, stored, manifest, takeArray(stored, subject));
  const take = takeArray(arrays, subject);
  const has = (name: string) => arrays[name] !== undefined;
  const detectors = detectorsOf(manifest).map((one, number) => {
    const detector = readDetector(one, number, has, take, subject);
    if (sha256 !== null) checkHead(detector.head, one, subject);
    return detector;
  });
  const common = { backbone: take("backbone.onnx", "U8", null) as Uint8Array, detectors };
  if (manifest.origin !== "blemish") return { ...common, manifest, scores: null, cdf: cdfOf(manifest, take) };
  const scores = take("calibration.scores", "F64", null) as Float64Array;
  const peaks = has("calibration.peaks") ? take("calibration.peaks", "F64", [scores.length]) : null;
  const thumbnails = has("thumbnails.bytes") ? readThumbnails(take) : null;
  if (thumbnails !== null && sha256 !== null)
    checkThumbnails(thumbnails, manifest.training.files.length, subject);
  return {
    ...common,
    manifest,
    scores,
    ...(peaks && { peaks: peaks as Float64Array }),
    cdf: null,
    ...(thumbnails && { thumbnails }),
    ...readLooks(manifest, take),
  };
}

/**
 * The manifest of a model file whose arrays need not be there yet.
 * @param start the beginning of the file, at least up to `headerEnd`.
 * @returns `old`: the file is of an earlier version, and its arrays are not those that prediction works on.
 * @throws MODEL_FORMAT, MODEL_VERSION, MODEL_BROKEN.
 */
export function readModelStart(
  start: Uint8Array,
  subject: string,
): { manifest: ModelManifest; old: boolean } {
  const { manifest, version } = manifestIn(readSafeTensorsMetadata(start, subject), subject);
  return { manifest, old: version !== FORMAT_VERSION };
}

/** True when the bytes begin like a safetensors file, as every model file does. */
export function looksLikeModelFile(start: Uint8Array): boolean {
  return start.length >= 9 && start[8] === 0x7b && start[6] === 0 && start[7] === 0;
}

/** The manifest in today's form, and the version that was written. */
function manifestIn(
  { manifest: text }: SafeTensors["metadata"],
  subject: string,
): { manifest: ModelManifest; version: unknown } {
  if (text === undefined)
    throw new BlemishError("MODEL_FORMAT", {
      subject,
      expected: "a model that blemish train made",
      found: "other arrays",
    });
  const json = parseJson(text, subject);
  return { manifest: checkManifest(manifestToday(json), subject), version: versionOf(json) };
}

function arraysOf(model: ModelFile): Record<string, NamedArray> {
  const { backbone, detectors, scores, peaks, manifest, cdf, thumbnails } = model;
  const arrays: Record<string, NamedArray> = {
    "backbone.onnx": { type: "U8", shape: [backbone.length], data: backbone },
  };
  for (const [number, one] of detectorsOf(manifest).entries())
    Object.assign(arrays, detectorArrays(detectors[number], one, number));
  if (scores !== null) arrays["calibration.scores"] = { type: "F64", shape: [scores.length], data: scores };
  if (peaks !== undefined) arrays["calibration.peaks"] = { type: "F64", shape: [peaks.length], data: peaks };
  if (cdf !== null) {
    arrays["cdf.mean"] = { type: "F32", shape: [cdf.mean.length], data: cdf.mean };
    arrays["cdf.std"] = { type: "F32", shape: [cdf.std.length], data: cdf.std };
  }
  if (thumbnails !== undefined) Object.assign(arrays, thumbnailArrays(thumbnails));
  Object.assign(arrays, lookArrays(model));
  return arrays;
}

function cdfOf({ imported, size }: ImportedManifest, take: TakeArray): CdfArrays | null {
  if (imported.description.normalisation.method !== "cdf") return null;
  const shape = [size.width * size.height];
  return {
    mean: take("cdf.mean", "F32", shape) as Float32Array,
    std: take("cdf.std", "F32", shape) as Float32Array,
  };
}

/** JSON has no typed arrays. */
function asPlainList(_name: string, value: unknown): unknown {
  return value instanceof Float32Array ? Array.from(value) : value;
}

function hashOf(manifest: string, arrays: SafeTensors["arrays"], sha256: Sha256): string {
  const sorted = Object.entries(arrays).sort(([a], [b]) => (a < b ? -1 : 1));
  const described = JSON.stringify([manifest, sorted.map(([name, { type, shape }]) => [name, type, shape])]);
  const bytes = sorted.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return sha256([new TextEncoder().encode(described), ...bytes]);
}

function parseJson(text: string, subject: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: "a manifest in JSON",
      found: "damaged text",
      cause,
    });
  }
}
