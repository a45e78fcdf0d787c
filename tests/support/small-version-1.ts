/** The small model as a file of format version 1, which Blemish 0.1 wrote. */
import { type SafeTensors, writeSafeTensors } from "../../packages/core/src/bundle/safetensors.js";
import { sha256, smallModel } from "./small-model.js";

/** Cells in a tile of version 1. */
export const LANES = 64;

/**
 * Fitted numbers stand in the head, statistics in tiles of 64 cells as float32 (values 1 + i / 7), the hash is the same kind.
 * @param change fields of the manifest to replace.
 */
export function smallVersion1(change: Record<string, unknown> = {}): Uint8Array {
  const { manifest, backbone, scores } = smallModel();
  const { origin: _origin, fit, head, ...rest } = manifest;
  const { precision: _precision, ...oldHead } = head;
  const text = JSON.stringify({ ...rest, version: 1, head: { ...oldHead, ...fit }, ...change });
  const ramp = (length: number) => Float32Array.from({ length }, (_, i) => 1 + i / 7);
  const arrays: SafeTensors["arrays"] = {
    "backbone.onnx": { type: "U8", shape: [backbone.length], data: backbone },
    "calibration.scores": { type: "F64", shape: [scores.length], data: scores },
    "padim.mean": { type: "F32", shape: [1, 2, LANES], data: ramp(2 * LANES) },
    "padim.factor": { type: "F32", shape: [1, 3, LANES], data: ramp(3 * LANES) },
  };
  const sorted = Object.entries(arrays).sort(([a], [b]) => (a < b ? -1 : 1));
  const described = JSON.stringify([text, sorted.map(([name, { type, shape }]) => [name, type, shape])]);
  const bytes = sorted.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const hash = sha256([new TextEncoder().encode(described), ...bytes]);
  return writeSafeTensors({ metadata: { manifest: text, sha256: hash }, arrays });
}
