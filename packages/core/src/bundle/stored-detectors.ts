/** The detectors of a model file as named arrays: `detectors.<number>.<array>`, numbers in the order of the passes. */

import type { PackedGaussians } from "../stages/padim/packed-gaussians.js";
import { knowsSources, type PatchBank, UNKNOWN_SOURCE } from "../stages/patchcore/patch-bank.js";
import { cellCount } from "./cell-count.js";
import { type HeadSize, headArrays, readHead } from "./head-arrays.js";
import type { DetectorManifest, PadimManifest, PatchcoreManifest } from "./manifest.js";
import type { NamedArray } from "./safetensors.js";
import type { TakeArray } from "./take-array.js";

/** Sufficient statistics that allow more pictures to be added later (`moments.ts`), tiled float64. */
export interface KeptStatistics {
  readonly pilot: Float64Array;
  readonly sum: Float64Array;
  readonly scatter: Float64Array;
}

/** Gaussians of places. */
export interface StoredPadim {
  readonly kind: "padim";
  readonly gaussians: PackedGaussians;
  readonly fit: PadimManifest["fit"];
  /** null unless they were kept. */
  readonly statistics: KeptStatistics | null;
  /**
   * `[cells]`: the training picture that deviates least at each place, judged without itself; absent in imported models and
   * in files that were written before it was kept.
   */
  readonly typical?: Int32Array;
}

/** Remembered patches. */
export interface StoredPatchcore {
  readonly kind: "patchcore";
  readonly bank: PatchBank;
}

/** What judges patches. */
export type StoredHead = StoredPadim | StoredPatchcore;

/** Everything of a detector that the manifest does not say. */
export interface StoredDetector {
  /** `[projectionRows, concatenated channels]`; null = none. */
  readonly projection: Float32Array | null;
  readonly head: StoredHead;
}

const LANES = 64;

/** A detector's arrays by name. */
export function detectorArrays(
  { projection, head }: StoredDetector,
  manifest: DetectorManifest,
  number: number,
): Record<string, NamedArray> {
  const arrays = head.kind === "padim" ? padimArrays(head, manifest) : bankArrays(head.bank);
  if (projection !== null) {
    const rows = manifest.embedding.projectionRows;
    arrays["embedding.projection"] = {
      type: "F32",
      shape: [rows, projection.length / rows],
      data: projection,
    };
  }
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [`detectors.${number}.${name}`, array]),
  );
}

/** A detector from its arrays. @throws MODEL_BROKEN when they are not those of the manifest. */
export function readDetector(
  manifest: DetectorManifest,
  number: number,
  has: (name: string) => boolean,
  takeAny: TakeArray,
  subject: string,
): StoredDetector {
  const named = (name: string) => `detectors.${number}.${name}`;
  const take: TakeArray = (name, type, shape) => takeAny(named(name), type, shape);
  const { projectionRows } = manifest.embedding;
  const { head } = manifest;
  const known = ["bank.picture", "bank.cell"].some((name) => has(named(name)));
  return {
    projection: projectionRows === 0 ? null : (take("embedding.projection", "F32", null) as Float32Array),
    head:
      head.kind === "patchcore"
        ? { kind: "patchcore", bank: readBank(head, manifest.channels, known, take) }
        : {
            kind: "padim",
            gaussians: readHead(headSize(head, manifest), take, subject),
            fit: head.fit,
            statistics: has(named("statistics.sum")) ? readStatistics(manifest, take) : null,
            ...(has(named("padim.typical")) && { typical: readTypical(manifest, take) }),
          },
  };
}

function padimArrays(
  { gaussians, statistics, typical }: StoredPadim,
  manifest: DetectorManifest,
): Record<string, NamedArray> {
  const arrays = headArrays(gaussians);
  if (typical !== undefined)
    arrays["padim.typical"] = { type: "I32", shape: [typical.length], data: typical };
  if (statistics === null) return arrays;
  const { meanShape, factorShape } = tiledShapes(manifest);
  arrays["statistics.pilot"] = { type: "F64", shape: meanShape, data: statistics.pilot };
  arrays["statistics.sum"] = { type: "F64", shape: meanShape, data: statistics.sum };
  arrays["statistics.scatter"] = { type: "F64", shape: factorShape, data: statistics.scatter };
  return arrays;
}

/** What a manifest says of the sizes of a PaDiM head's arrays. */
export function headSize(head: PadimManifest, detector: DetectorManifest): HeadSize {
  const { precision } = head;
  const size = { channels: detector.channels, cells: cellCount(detector), precision };
  return sharesGaussian(head) ? { ...size, shared: true } : size;
}

function sharesGaussian(head: DetectorManifest["head"]): boolean {
  return head.kind === "padim" && head.fit?.pool === "all";
}

function readStatistics(manifest: DetectorManifest, take: TakeArray): KeptStatistics {
  const { meanShape, factorShape } = tiledShapes(manifest);
  return {
    pilot: take("statistics.pilot", "F64", meanShape) as Float64Array,
    sum: take("statistics.sum", "F64", meanShape) as Float64Array,
    scatter: take("statistics.scatter", "F64", factorShape) as Float64Array,
  };
}

function readTypical(detector: DetectorManifest, take: TakeArray): Int32Array {
  return take("padim.typical", "I32", [cellCount(detector)]) as Int32Array;
}

/** Shapes of tiled arrays (`stages/padim/tiles.ts`). */
export function tiledShapes(detector: DetectorManifest) {
  const { channels, head } = detector;
  const tiles = sharesGaussian(head) ? 1 : Math.ceil(cellCount(detector) / LANES);
  return {
    meanShape: [tiles, channels, LANES],
    factorShape: [tiles, (channels * (channels + 1)) / 2, LANES],
  };
}

function bankArrays({
  rows,
  channels,
  data,
  scale,
  norms,
  picture,
  cell,
}: PatchBank): Record<string, NamedArray> {
  const arrays: Record<string, NamedArray> = {
    "bank.rows": { type: scale === null ? "F32" : "I8", shape: [rows, channels], data },
    "bank.norms": { type: "F32", shape: [rows], data: norms },
  };
  if (knowsSources({ picture })) {
    arrays["bank.picture"] = { type: "I32", shape: [rows], data: picture };
    arrays["bank.cell"] = { type: "I32", shape: [rows], data: cell };
  }
  if (scale !== null) arrays["bank.scale"] = { type: "F32", shape: [rows], data: scale };
  return arrays;
}

/** @param known whether the file says where the rows are from: Anomalib's exports do not. */
function readBank(
  { rows, precision }: PatchcoreManifest,
  channels: number,
  known: boolean,
  take: TakeArray,
): PatchBank {
  const source = (name: string) =>
    known ? (take(name, "I32", [rows]) as Int32Array) : new Int32Array(rows).fill(UNKNOWN_SOURCE);
  const data = take("bank.rows", precision === "int8" ? "I8" : "F32", [rows, channels]);
  return {
    rows,
    channels,
    data: data as PatchBank["data"],
    scale: precision === "int8" ? (take("bank.scale", "F32", [rows]) as Float32Array) : null,
    norms: take("bank.norms", "F32", [rows]) as Float32Array,
    picture: source("bank.picture"),
    cell: source("bank.cell"),
  };
}
