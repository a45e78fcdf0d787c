/** The small model as files of format versions 1 and 2, as they were written then. */
import type {
  DetectorManifest,
  ModelManifest,
  PadimManifest,
  PassManifest,
  TrainedManifest,
} from "../../packages/core/src/bundle/manifest.js";
import { type ModelFile, writeModelFile } from "../../packages/core/src/bundle/model-file.js";
import {
  type NamedArray,
  readSafeTensors,
  type SafeTensors,
  writeSafeTensors,
} from "../../packages/core/src/bundle/safetensors.js";
import type { StoredDetector, StoredPadim } from "../../packages/core/src/bundle/stored-detectors.js";
import { packedRows } from "../../packages/core/src/stages/padim/packed-gaussians.js";
import { sha256, smallModel } from "./small-model.js";
import { version2Factor } from "./version-2.js";

/** Cells in a tile of version 1. */
export const LANES = 64;

/**
 * Fitted numbers stand in the head, statistics in tiles of 64 cells as float32 (values 1 + i / 7), the hash is the same kind.
 * @param change fields of the manifest to replace.
 */
export function smallVersion1(change: Record<string, unknown> = {}): Uint8Array {
  const { backbone, scores } = smallModel();
  const { origin: _origin, fit, head, ...rest } = manifestOfVersion2();
  const { precision: _precision, ...oldHead } = head;
  const text = JSON.stringify({ ...rest, version: 1, head: { ...oldHead, ...fit }, ...change });
  const ramp = (length: number) => Float32Array.from({ length }, (_, i) => 1 + i / 7);
  const arrays: SafeTensors["arrays"] = {
    "backbone.onnx": { type: "U8", shape: [backbone.length], data: backbone },
    "calibration.scores": { type: "F64", shape: [scores.length], data: scores },
    "padim.mean": { type: "F32", shape: [1, 2, LANES], data: ramp(2 * LANES) },
    "padim.factor": { type: "F32", shape: [1, 3, LANES], data: ramp(3 * LANES) },
  };
  return hashedFile(text, arrays);
}

/**
 * A model of one PaDiM as a file of format version 2: its arrays had no number.
 * @param change fields of the manifest to replace.
 */
export function version2Of(model: ModelFile, change: Record<string, unknown> = {}): Uint8Array {
  const text = JSON.stringify({ ...manifestOfVersion2(model.manifest), ...change });
  const { metadata: _metadata, arrays: today } = readSafeTensors(writeModelFile(model, null), "today");
  const arrays = Object.fromEntries(
    Object.entries(today).map(([name, array]) => [name.replace(/^detectors\.0\./, ""), array]),
  );
  const { "padim.linked": _linked, "padim.order": _order, ...kept } = arrays as SafeTensors["arrays"];
  const [{ head }] = model.detectors as [StoredDetector & { head: StoredPadim }];
  const { channels, cells } = head.gaussians;
  const factor = {
    type: (kept["padim.factor"] as NamedArray).type,
    shape: [Math.ceil(cells / 8), packedRows(channels), 8],
    data: version2Factor(head.gaussians),
  };
  return hashedFile(text, { ...kept, "padim.factor": factor });
}

function hashedFile(text: string, arrays: SafeTensors["arrays"]): Uint8Array {
  const sorted = Object.entries(arrays).sort(([a], [b]) => (a < b ? -1 : 1));
  const described = JSON.stringify([text, sorted.map(([name, { type, shape }]) => [name, type, shape])]);
  const bytes = sorted.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const hash = sha256([new TextEncoder().encode(described), ...bytes]);
  return writeSafeTensors({ metadata: { manifest: text, sha256: hash }, arrays });
}

/** A manifest as format version 2 had it: one detector, a PaDiM, whose input has the size of the map. */
export function manifestOfVersion2(manifest: ModelManifest = smallModel().manifest) {
  const { passes, ...rest } = manifest;
  const [pass] = passes as [PassManifest];
  const [{ embedding, channels, grid, head: padim }] = pass.detectors as [DetectorManifest];
  const { neighbourhood: _neighbourhood, ...oldEmbedding } = embedding;
  const { kind, precision, fit } = padim as PadimManifest;
  const old = {
    ...rest,
    version: 2,
    preprocessing: pass.preprocessing,
    embedding: oldEmbedding,
    head: { kind, channels, gridWidth: grid.width, gridHeight: grid.height, precision },
  };
  // An import was not fitted.
  return { ...old, ...(rest.origin === "blemish" && { fit, training: fieldsOf(rest.training) }) };
}

function fieldsOf({ seed, files }: TrainedManifest["training"]) {
  return { seed, files };
}
