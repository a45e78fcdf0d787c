/**
 * A trained model as one file: manifest and arrays in a safetensors container, with one hash over everything. Bytes
 * in, bytes out; the hash function (SHA-256, hexadecimal) is handed in by the shell.
 */
import { BlemishError } from "../errors.js";
import { checkManifest } from "./check-manifest.js";
import type { ModelManifest } from "./manifest.js";
import { type NamedArray, readSafeTensors, type SafeTensors, writeSafeTensors } from "./safetensors.js";

/** SHA-256 of the concatenated parts, as 64 lower-case hexadecimal digits. */
export type Sha256 = (parts: readonly Uint8Array[]) => string;

/** Sufficient statistics that allow more pictures to be added later (`moments.ts`), tiled float64. */
export interface KeptStatistics {
  readonly pilot: Float64Array;
  readonly sum: Float64Array;
  readonly scatter: Float64Array;
}

/** Everything in a model file; its hash covers the manifest and every array's name, type, shape and bytes. */
export interface ModelFile {
  readonly manifest: ModelManifest;
  /** The backbone's ONNX file. */
  readonly backbone: Uint8Array;
  /** `[tiles, channels, LANES]`, see `stages/padim/tiles.ts`. */
  readonly mean: Float32Array;
  /** Whitening factors `[tiles, channels(channels+1)/2, LANES]`. */
  readonly factor: Float32Array;
  /** `[projectionRows, concatenated channels]`; null = none. */
  readonly projection: Float32Array | null;
  /** Leave-one-out score of every training picture, in the order of `manifest.training.files`. */
  readonly scores: Float64Array;
  readonly statistics: KeptStatistics | null;
}

const LANES = 64;

/** The file's bytes; the same model gives the same bytes. */
export function writeModelFile(model: ModelFile, sha256: Sha256): Uint8Array {
  const { channels } = model.manifest.head;
  const tiles = tileCount(model.manifest);
  const tiled = (rows: number) => [tiles, rows, LANES];
  const triangle = (channels * (channels + 1)) / 2;
  const arrays: Record<string, NamedArray> = {
    "backbone.onnx": { type: "U8", shape: [model.backbone.length], data: model.backbone },
    "calibration.scores": { type: "F64", shape: [model.scores.length], data: model.scores },
    "padim.mean": { type: "F32", shape: tiled(channels), data: model.mean },
    "padim.factor": { type: "F32", shape: tiled(triangle), data: model.factor },
  };
  if (model.projection !== null) {
    const rows = model.manifest.embedding.projectionRows;
    arrays["embedding.projection"] = {
      type: "F32",
      shape: [rows, model.projection.length / rows],
      data: model.projection,
    };
  }
  if (model.statistics !== null) {
    const { pilot, sum, scatter } = model.statistics;
    arrays["statistics.pilot"] = { type: "F64", shape: tiled(channels), data: pilot };
    arrays["statistics.sum"] = { type: "F64", shape: tiled(channels), data: sum };
    arrays["statistics.scatter"] = { type: "F64", shape: tiled(triangle), data: scatter };
  }
  const manifest = JSON.stringify(model.manifest);
  return writeSafeTensors({ metadata: { manifest, sha256: hashOf(manifest, arrays, sha256) }, arrays });
}

/**
 * The model in a file; large arrays are views of `file`.
 * @throws MODEL_FORMAT when it is no model file; MODEL_VERSION for a later version; MODEL_BROKEN when damaged.
 */
export function readModelFile(file: Uint8Array, subject: string, sha256: Sha256): ModelFile {
  const { metadata, arrays } = readSafeTensors(file, subject);
  if (metadata.manifest === undefined)
    throw new BlemishError("MODEL_FORMAT", {
      subject,
      expected: "a model that blemish train made",
      found: "other arrays",
    });
  const manifest = checkManifest(parseJson(metadata.manifest, subject), subject);
  if (hashOf(metadata.manifest, arrays, sha256) !== metadata.sha256)
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: "content that matches its hash",
      found: "changed bytes",
    });
  const take = reader(arrays, subject);
  const { channels } = manifest.head;
  const tiles = tileCount(manifest);
  const triangle = (channels * (channels + 1)) / 2;
  const rows = manifest.embedding.projectionRows;
  return {
    manifest,
    backbone: take("backbone.onnx", "U8", null) as Uint8Array,
    mean: take("padim.mean", "F32", [tiles, channels, LANES]) as Float32Array,
    factor: take("padim.factor", "F32", [tiles, triangle, LANES]) as Float32Array,
    projection: rows === 0 ? null : (take("embedding.projection", "F32", null) as Float32Array),
    scores: take("calibration.scores", "F64", null) as Float64Array,
    statistics:
      arrays["statistics.sum"] === undefined
        ? null
        : {
            pilot: take("statistics.pilot", "F64", [tiles, channels, LANES]) as Float64Array,
            sum: take("statistics.sum", "F64", [tiles, channels, LANES]) as Float64Array,
            scatter: take("statistics.scatter", "F64", [tiles, triangle, LANES]) as Float64Array,
          },
  };
}

/** True when the bytes begin like a safetensors file, as every model file does. */
export function looksLikeModelFile(start: Uint8Array): boolean {
  return start.length >= 9 && start[8] === 0x7b && start[6] === 0 && start[7] === 0;
}

function tileCount({ head }: ModelManifest): number {
  return Math.ceil((head.gridWidth * head.gridHeight) / LANES);
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

function reader(arrays: SafeTensors["arrays"], subject: string) {
  return (name: string, type: NamedArray["type"], shape: number[] | null): NamedArray["data"] => {
    const array = arrays[name];
    if (array?.type === type && (shape === null || shape.join() === array.shape.join())) return array.data;
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: `array ${name} of ${type}${shape === null ? "" : ` [${shape.join(", ")}]`}`,
      found: array === undefined ? "none" : `${array.type} [${array.shape.join(", ")}]`,
    });
  };
}
