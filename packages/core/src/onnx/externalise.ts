/** Moves a model's large weights into a second file: one ONNX file holds at most 2 GB (protobuf's limit). */
import { tensorBytes } from "./data-types.js";
import type { OnnxModel, OnnxTensor } from "./onnx-model.js";

/** A model whose large weights stand elsewhere. */
export interface Externalised {
  readonly model: OnnxModel;
  /** Contents of the second file, one after another, gaps included. */
  readonly data: readonly Uint8Array[];
}

/** Smaller weights stay in the graph's file, where they cost less than an offset. */
const LEAST_BYTES = 1024;
/** Offsets are multiples of it, so that weights can be mapped into memory. */
const PAGE = 4096;

/** Bytes that the initialisers of the main graph take. */
export function weightBytes({ graph }: OnnxModel): number {
  return graph.initialisers.reduce((sum, tensor) => sum + (rawBytes(tensor)?.length ?? 0), 0);
}

/** @param location name of the second file, beside the graph's. */
export function externalise(model: OnnxModel, location: string): Externalised {
  const data: Uint8Array[] = [];
  let offset = 0;
  const initialisers = model.graph.initialisers.map((tensor): OnnxTensor => {
    const bytes = rawBytes(tensor);
    if (bytes === null || bytes.length < LEAST_BYTES) return tensor;
    const gap = (PAGE - (offset % PAGE)) % PAGE;
    if (gap > 0) data.push(new Uint8Array(gap));
    data.push(bytes);
    const payload = { kind: "external", location, offset: offset + gap, length: bytes.length } as const;
    offset += gap + bytes.length;
    return { ...tensor, payload };
  });
  return { model: { ...model, graph: { ...model.graph, initialisers } }, data };
}

function rawBytes({ payload, dataType, dims }: OnnxTensor): Uint8Array | null {
  if (payload.kind !== "raw") return null;
  return payload.bytes.length === tensorBytes(dataType, dims) ? payload.bytes : null;
}
