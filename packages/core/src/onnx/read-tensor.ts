/** Reads one TensorProto: shape and type checked against the bytes that are there, weights left in place. */
import { elementsOf, tensorBytes } from "./data-types.js";
import { checkLocation } from "./external-data.js";
import { ENTRY, TENSOR, TENSOR_LIST } from "./onnx-fields.js";
import type { OnnxTensor, PackedField, TensorPayload } from "./onnx-model.js";
import {
  broken,
  type Cursor,
  countPart,
  readBytes,
  readInteger,
  readMessage,
  readTag,
  readText,
  readUndecoded,
  skipField,
} from "./wire-format.js";

const LIST_FIELDS = new Map<number, PackedField>(
  Object.entries(TENSOR_LIST).map(([name, number]) => [number, name as PackedField]),
);

/** What the fields of one tensor said, before it is known how they fit together. */
interface TensorDraft {
  name: string;
  dataType: number;
  dims: number[];
  raw: Uint8Array | null;
  listField: PackedField | null;
  listRuns: Uint8Array[];
  strings: string[] | null;
  external: Map<string, string> | null;
}

/**
 * The tensor of a TensorProto message. Raw bytes and packed lists are views into the file.
 *
 * @throws BlemishError MODEL_BROKEN when shape and number of bytes disagree, when there are no values, or when
 * the name of an external file leaves the model's folder.
 */
export function readTensor(cursor: Cursor): OnnxTensor {
  const draft: TensorDraft = {
    name: "",
    dataType: 0,
    dims: [],
    raw: null,
    listField: null,
    listRuns: [],
    strings: null,
    external: null,
  };
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) readTensorField(cursor, tag, draft);
  const { name, dataType, dims } = draft;
  if (dims.some((side) => side < 0)) throw broken(cursor, `a negative side in the shape of tensor ${name}`);
  if (elementsOf(dims) === Number.POSITIVE_INFINITY)
    throw broken(cursor, `an impossible shape of tensor ${name}`);
  const payload = payloadOf(draft);
  const needed = tensorBytes(dataType, dims);
  const held = heldBytes(payload);
  if (needed !== null && held !== null && held !== needed) {
    throw broken(
      cursor,
      `${held} bytes for the tensor ${name} of [${dims.join(", ")}], which takes ${needed},`,
    );
  }
  if (payload.kind === "external") {
    checkLocation(payload.location, cursor.file.subject);
    const sizes = [payload.offset, payload.length ?? 0];
    if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) {
      throw broken(cursor, `an impossible place for the external tensor ${name}`);
    }
  }
  return { name, dataType, dims, payload };
}

function readTensorField(cursor: Cursor, tag: number, draft: TensorDraft): void {
  switch (tag) {
    case TENSOR.name:
      draft.name = readText(cursor);
      return;
    case TENSOR.dataType:
      draft.dataType = readInteger(cursor);
      return;
    case TENSOR.dims:
      countPart(cursor);
      draft.dims.push(readInteger(cursor));
      return;
    case TENSOR.dimsPacked: {
      const run = readMessage(cursor);
      while (run.position < run.end) {
        countPart(run);
        draft.dims.push(readInteger(run));
      }
      return;
    }
    case TENSOR.raw:
      draft.raw = readBytes(cursor);
      return;
    case TENSOR.strings:
      draft.strings ??= [];
      draft.strings.push(readText(cursor));
      return;
    case TENSOR.external: {
      draft.external ??= new Map();
      const { key, value } = readEntry(readMessage(cursor));
      draft.external.set(key, value);
      return;
    }
    default:
      readListField(cursor, tag, draft);
  }
}

function readListField(cursor: Cursor, tag: number, draft: TensorDraft): void {
  const field = LIST_FIELDS.get(tag >>> 3);
  if (field === undefined) {
    skipField(cursor, tag);
    return;
  }
  if (draft.listField !== field) draft.listRuns = [];
  draft.listField = field;
  draft.listRuns.push(tag % 8 === 2 ? readBytes(cursor) : readUndecoded(cursor, tag));
}

/** A key with its value. */
export function readEntry(cursor: Cursor): { key: string; value: string } {
  const entry = { key: "", value: "" };
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === ENTRY.key) entry.key = readText(cursor);
    else if (tag === ENTRY.value) entry.value = readText(cursor);
    else skipField(cursor, tag);
  }
  return entry;
}

function payloadOf(draft: TensorDraft): TensorPayload {
  const { external } = draft;
  if (external !== null) {
    const length = external.get("length");
    return {
      kind: "external",
      location: external.get("location") ?? "",
      offset: wholeNumber(external.get("offset") ?? "0"),
      length: length === undefined ? null : wholeNumber(length),
    };
  }
  if (draft.listField !== null && draft.raw === null) {
    return { kind: "packed", field: draft.listField, bytes: joined(draft.listRuns) };
  }
  if (draft.strings !== null && draft.raw === null) return { kind: "strings", values: draft.strings };
  return { kind: "raw", bytes: draft.raw ?? new Uint8Array(0) };
}

/** The number that decimal digits spell; NaN for anything else, which the caller refuses. */
function wholeNumber(text: string): number {
  return /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
}

function joined(runs: readonly Uint8Array[]): Uint8Array {
  if (runs.length === 1) return runs[0]!;
  const bytes = new Uint8Array(runs.reduce((sum, run) => sum + run.length, 0));
  let position = 0;
  for (const run of runs) {
    bytes.set(run, position);
    position += run.length;
  }
  return bytes;
}

/** Bytes that the payload claims to hold in the tensor's own type; null where only decoding tells. */
function heldBytes(payload: TensorPayload): number | null {
  switch (payload.kind) {
    case "raw":
      return payload.bytes.length;
    case "external":
      return payload.length;
    case "packed":
      return payload.field === "float" || payload.field === "double" ? payload.bytes.length : null;
    case "strings":
      return null;
  }
}
