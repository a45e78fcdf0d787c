/**
 * Reads an ONNX file into plain data. Every length is checked against what is left, nothing is allocated on the
 * word of the file alone, weights stay views into the bytes that were given, and the time is linear.
 */
import { BlemishError } from "../errors.js";
import { MODEL, OPSET } from "./onnx-fields.js";
import type { OnnxGraph, OnnxModel, OnnxOpset } from "./onnx-model.js";
import { readGraph } from "./read-graph.js";
import { readEntry } from "./read-tensor.js";
import {
  type Cursor,
  openWire,
  readInteger,
  readMessage,
  readTag,
  readText,
  skipField,
} from "./wire-format.js";

/** Starts of files that people hand over by mistake. */
const OTHER_FORMATS: readonly (readonly [string, string])[] = [
  ["\x89PNG", "a PNG picture"],
  ["\xff\xd8\xff", "a JPEG picture"],
  ["GIF8", "a GIF picture"],
  ["RIFF", "a RIFF file"],
  ["PK\x03\x04", "a ZIP archive (a PyTorch checkpoint is one)"],
  ["\x1f\x8b", "a gzip archive"],
  ["\x80\x02", "a Python pickle"],
  ["\x80\x04", "a Python pickle"],
  ["\x89HDF", "an HDF5 file"],
  ["version https://git-lfs", "a Git LFS pointer instead of the file"],
];

/** Largest IR version that is taken for one; today's is below 20. */
const MAX_IR_VERSION = 1000;

/**
 * The model in an ONNX file.
 *
 * @param bytes the file; the model keeps views into it, so it must not change afterwards.
 * @param subject what errors call the file.
 * @throws BlemishError MODEL_FORMAT when it is no ONNX file or holds no graph; MODEL_BROKEN when it is damaged.
 */
export function readOnnx(bytes: Uint8Array, subject: string): OnnxModel {
  const other = otherFormat(bytes);
  if (other !== null) throw new BlemishError("MODEL_FORMAT", { subject, found: other });
  const cursor = openWire(bytes, subject);
  let irVersion = 0;
  let producerName = "";
  let producerVersion = "";
  let graph: OnnxGraph | null = null;
  const opsets: OnnxOpset[] = [];
  const metadataProps: { key: string; value: string }[] = [];
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    switch (tag) {
      case MODEL.irVersion:
        irVersion = readInteger(cursor);
        break;
      case MODEL.producerName:
        producerName = readText(cursor);
        break;
      case MODEL.producerVersion:
        producerVersion = readText(cursor);
        break;
      case MODEL.graph:
        graph = readGraph(readMessage(cursor));
        break;
      case MODEL.opset:
        opsets.push(readOpset(readMessage(cursor)));
        break;
      case MODEL.metadata:
        metadataProps.push(readEntry(readMessage(cursor)));
        break;
      default:
        skipField(cursor, tag);
    }
  }
  if (graph === null) throw new BlemishError("MODEL_FORMAT", { subject, found: "no graph in it" });
  if (irVersion < 1 || irVersion > MAX_IR_VERSION) {
    throw new BlemishError("MODEL_FORMAT", { subject, expected: "an IR version", found: String(irVersion) });
  }
  // The operator sets follow the graph, so a file cut off behind the graph has none.
  if (opsets.length === 0) throw new BlemishError("MODEL_BROKEN", { subject, found: "no operator set" });
  return { irVersion, producerName, producerVersion, opsets, metadataProps, graph };
}

function readOpset(cursor: Cursor): OnnxOpset {
  let domain = "";
  let version = 0;
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === OPSET.domain) domain = readText(cursor);
    else if (tag === OPSET.version) version = readInteger(cursor);
    else skipField(cursor, tag);
  }
  return { domain, version };
}

/** What the bytes are instead of a protobuf model, in words; null when they may be one. */
function otherFormat(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return "an empty file";
  let start = "";
  for (const byte of bytes.subarray(0, 32)) start += String.fromCharCode(byte);
  for (const [magic, name] of OTHER_FORMATS) if (start.startsWith(magic)) return name;
  const text = start.replace(/^\xef\xbb\xbf/, "");
  if (/^\s*[{[]/.test(text)) return "JSON text";
  if (/^\s*</.test(text)) return "XML text (an OpenVINO model is one)";
  // A model starts with its IR version, whose tag is a control character.
  if (/^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(start)) return "text";
  const known = new Set([8, 16, 18, 26, 34, 40, 50, 58, 66, 114, 162, 202, 210]);
  return known.has(bytes[0]!) ? null : "bytes that no ONNX file starts with";
}
