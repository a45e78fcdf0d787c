/**
 * A model as one file: manifest and arrays in a safetensors container, with one hash over everything. Bytes in, bytes
 * out; the hash function (SHA-256, hexadecimal) is handed in by the shell.
 */
import { BlemishError } from "../errors.js";
import {
  BLOCK_CELLS,
  blockCount,
  type PackedGaussians,
  packedRows,
  scaleRows,
} from "../stages/padim/packed-gaussians.js";
import { checkHead } from "./check-head.js";
import { checkManifest } from "./check-manifest.js";
import type { ImportedManifest, ModelManifest, TrainedManifest } from "./manifest.js";
import { headFromVersion1, isVersion1, manifestFromVersion1 } from "./read-version-1.js";
import {
  type NamedArray,
  readSafeTensors,
  readSafeTensorsMetadata,
  type SafeTensors,
  writeSafeTensors,
} from "./safetensors.js";

/** SHA-256 of the concatenated parts, as 64 lower-case hexadecimal digits. */
export type Sha256 = (parts: readonly Uint8Array[]) => string;

/** Sufficient statistics that allow more pictures to be added later (`moments.ts`), tiled float64. */
export interface KeptStatistics {
  readonly pilot: Float64Array;
  readonly sum: Float64Array;
  readonly scatter: Float64Array;
}

/** Arrays of an imported model's `cdf` normalisation: log map at model size, `[h · w]` each. */
export interface CdfArrays {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

/** Everything in a model file; its hash covers the manifest and every array's name, type, shape and bytes. */
export interface ModelFile<M extends ModelManifest = ModelManifest> {
  readonly manifest: M;
  /** The backbone's ONNX file. */
  readonly backbone: Uint8Array;
  readonly head: PackedGaussians;
  /** `[projectionRows, concatenated channels]`; null = none. */
  readonly projection: Float32Array | null;
  /** Leave-one-out score of every training picture, in the order of `manifest.training.files`; null = imported. */
  readonly scores: M extends TrainedManifest ? Float64Array : null;
  readonly statistics: KeptStatistics | null;
  /** null unless an imported model normalises by `cdf`. */
  readonly cdf: CdfArrays | null;
}

/** A model that Blemish trained. */
export type TrainedModelFile = ModelFile<TrainedManifest>;

/** A model that Anomalib trained and Blemish recognised. */
export type ImportedModelFile = ModelFile<ImportedManifest>;

const LANES = 64;

/**
 * The file's bytes; the same model gives the same bytes.
 * @param allocate where they are to be written; it may be shared memory.
 */
export function writeModelFile(
  model: ModelFile,
  sha256: Sha256,
  allocate?: (bytes: number) => Uint8Array,
): Uint8Array {
  const arrays = { ...commonArrays(model), ...trainedArrays(model) };
  const manifest = JSON.stringify(model.manifest, asPlainList);
  const metadata = { manifest, sha256: hashOf(manifest, arrays, sha256) };
  return writeSafeTensors({ metadata, arrays }, allocate);
}

/**
 * The model in a file; large arrays are views of `file`.
 * @param sha256 null = the bytes have been checked already: neither hash nor numbers are looked at again.
 * @throws MODEL_FORMAT when it is no model file; MODEL_VERSION for a later version; MODEL_BROKEN when damaged.
 */
export function readModelFile(file: Uint8Array, subject: string, sha256: Sha256 | null): ModelFile {
  const { metadata, arrays } = readSafeTensors(file, subject);
  const { manifest, old } = manifestIn(metadata, subject);
  if (sha256 !== null && hashOf(metadata.manifest ?? "", arrays, sha256) !== metadata.sha256)
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: "content that matches its hash",
      found: "changed bytes",
    });
  const take = reader(arrays, subject);
  const head = old ? version1Head(manifest, take) : packedHead(manifest, take);
  if (sha256 !== null) checkHead(head, subject);
  const rows = manifest.embedding.projectionRows;
  const common = {
    backbone: take("backbone.onnx", "U8", null) as Uint8Array,
    head,
    projection: rows === 0 ? null : (take("embedding.projection", "F32", null) as Float32Array),
  };
  return manifest.origin === "blemish"
    ? { ...common, manifest, ...trainedParts(manifest, arrays, take) }
    : { ...common, manifest, scores: null, statistics: null, cdf: cdfOf(manifest, take) };
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
  return manifestIn(readSafeTensorsMetadata(start, subject), subject);
}

/** True when the bytes begin like a safetensors file, as every model file does. */
export function looksLikeModelFile(start: Uint8Array): boolean {
  return start.length >= 9 && start[8] === 0x7b && start[6] === 0 && start[7] === 0;
}

function manifestIn(
  { manifest: text }: SafeTensors["metadata"],
  subject: string,
): { manifest: ModelManifest; old: boolean } {
  if (text === undefined)
    throw new BlemishError("MODEL_FORMAT", {
      subject,
      expected: "a model that blemish train made",
      found: "other arrays",
    });
  const json = parseJson(text, subject);
  const old = isVersion1(json);
  return { manifest: checkManifest(old ? manifestFromVersion1(json) : json, subject), old };
}

function commonArrays({ backbone, head, projection, manifest, cdf }: ModelFile): Record<string, NamedArray> {
  const { channels, cells, precision, mean, factor, scale } = head;
  const blocks = blockCount(cells);
  const arrays: Record<string, NamedArray> = {
    "backbone.onnx": { type: "U8", shape: [backbone.length], data: backbone },
    "padim.mean": { type: "F32", shape: [blocks, channels, BLOCK_CELLS], data: mean },
    "padim.factor": {
      type: FACTOR_TYPE[precision],
      shape: [blocks, packedRows(channels), BLOCK_CELLS],
      data: factor,
    },
  };
  if (scale !== null)
    arrays["padim.scale"] = { type: "F32", shape: [blocks, scaleRows(channels), BLOCK_CELLS], data: scale };
  if (projection !== null) {
    const rows = manifest.embedding.projectionRows;
    arrays["embedding.projection"] = {
      type: "F32",
      shape: [rows, projection.length / rows],
      data: projection,
    };
  }
  if (cdf !== null) {
    arrays["cdf.mean"] = { type: "F32", shape: [cdf.mean.length], data: cdf.mean };
    arrays["cdf.std"] = { type: "F32", shape: [cdf.std.length], data: cdf.std };
  }
  return arrays;
}

function trainedArrays({ scores, statistics, manifest }: ModelFile): Record<string, NamedArray> {
  const arrays: Record<string, NamedArray> = {};
  if (scores !== null) arrays["calibration.scores"] = { type: "F64", shape: [scores.length], data: scores };
  if (statistics === null) return arrays;
  const { meanShape, factorShape } = tiledShapes(manifest);
  arrays["statistics.pilot"] = { type: "F64", shape: meanShape, data: statistics.pilot };
  arrays["statistics.sum"] = { type: "F64", shape: meanShape, data: statistics.sum };
  arrays["statistics.scatter"] = { type: "F64", shape: factorShape, data: statistics.scatter };
  return arrays;
}

const FACTOR_TYPE = { float32: "F32", int16: "I16", int8: "I8" } as const;

type Take = ReturnType<typeof reader>;

function packedHead({ head }: ModelManifest, take: Take): PackedGaussians {
  const { channels, gridWidth, gridHeight, precision } = head;
  const cells = gridWidth * gridHeight;
  const blocks = blockCount(cells);
  const shape = (rows: number) => [blocks, rows, BLOCK_CELLS];
  const factor = take("padim.factor", FACTOR_TYPE[precision], shape(packedRows(channels)));
  return {
    channels,
    cells,
    precision,
    mean: take("padim.mean", "F32", shape(channels)) as Float32Array,
    factor: factor as PackedGaussians["factor"],
    scale:
      precision === "float32"
        ? null
        : (take("padim.scale", "F32", shape(scaleRows(channels))) as Float32Array),
  };
}

function version1Head(manifest: ModelManifest, take: Take): PackedGaussians {
  const { meanShape, factorShape } = tiledShapes(manifest);
  const mean = take("padim.mean", "F32", meanShape) as Float32Array;
  const factor = take("padim.factor", "F32", factorShape) as Float32Array;
  return headFromVersion1(manifest.head, mean, factor);
}

function trainedParts(manifest: TrainedManifest, arrays: SafeTensors["arrays"], take: Take) {
  const { meanShape, factorShape } = tiledShapes(manifest);
  const scores = take("calibration.scores", "F64", null) as Float64Array;
  if (arrays["statistics.sum"] === undefined) return { scores, statistics: null, cdf: null };
  const statistics = {
    pilot: take("statistics.pilot", "F64", meanShape) as Float64Array,
    sum: take("statistics.sum", "F64", meanShape) as Float64Array,
    scatter: take("statistics.scatter", "F64", factorShape) as Float64Array,
  };
  return { scores, statistics, cdf: null };
}

function cdfOf({ imported, size }: ImportedManifest, take: Take): CdfArrays | null {
  if (imported.description.normalisation.method !== "cdf") return null;
  const shape = [size.width * size.height];
  return {
    mean: take("cdf.mean", "F32", shape) as Float32Array,
    std: take("cdf.std", "F32", shape) as Float32Array,
  };
}

/** Shapes of tiled arrays (`stages/padim/tiles.ts`). */
function tiledShapes({ head: { channels, gridWidth, gridHeight } }: ModelManifest) {
  const tiles = Math.ceil((gridWidth * gridHeight) / LANES);
  return {
    meanShape: [tiles, channels, LANES],
    factorShape: [tiles, (channels * (channels + 1)) / 2, LANES],
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
