/** The files of a model: where they are, whether they are all there, and what the two readable ones say. */
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  BlemishError,
  type ErrorCode,
  externalDataFiles,
  type Metadata,
  type OnnxModel,
  parseMetadata,
  readOnnx,
  writeOnnx,
} from "@blemish/core";
import { isIr, readIrFile } from "./ir-file.js";

/** Where Anomalib puts the model inside a result folder, nearest first. */
const MODEL_PLACES = [
  ...["model.onnx", "weights/onnx/model.onnx", "onnx/model.onnx"],
  ...["model.xml", "weights/openvino/model.xml", "openvino/model.xml"],
];

/** What Anomalib calls its metadata: from 0.5 on, and before. */
const METADATA_NAMES = ["metadata.json", "meta_data.json"];

/** A model file that has been read. */
export interface OnnxFile {
  readonly path: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** Its weights are views into the file's bytes: let go of it to free them. */
  readonly onnx: OnnxModel;
  /** The file itself. */
  readonly content: Uint8Array;
}

/** A metadata file that has been read. */
export interface MetadataFile {
  readonly path: string;
  readonly metadata: Metadata;
}

/**
 * Path of the model: the file itself, or the one in a folder: `model.onnx`, else `model.xml`, also where Anomalib puts it below a
 * run's folder, else the only `.onnx` file.
 *
 * @throws BlemishError MODEL_NOT_FOUND.
 */
export async function findModel(path: string): Promise<string> {
  if (await isFile(path)) return path;
  for (const place of MODEL_PLACES) if (await isFile(join(path, place))) return join(path, place);
  const found = await readdir(path).catch((cause: unknown) => {
    throw notFound("MODEL_NOT_FOUND", path, cause);
  });
  const models = found.filter((name) => name.endsWith(".onnx"));
  if (models.length === 1) return join(path, models[0]!);
  throw new BlemishError("MODEL_NOT_FOUND", {
    subject: path,
    expected: "a model.onnx in this folder",
    found: models.length === 0 ? "none" : `${models.length} models: ${models.slice(0, 5).join(", ")}`,
  });
}

/**
 * Reads a model: an ONNX file, or an OpenVINO IR as one.
 * @throws BlemishError MODEL_NOT_FOUND, MODEL_FORMAT, MODEL_BROKEN, MODEL_UNSUPPORTED; for an IR MODEL_DATA_MISSING, too.
 */
export async function readOnnxFile(path: string): Promise<OnnxFile> {
  if (await isIr(path)) {
    const { onnx, content } = await readIrFile(path);
    return { path, bytes: content.length, onnx, content };
  }
  const file = await readFile(path).catch((cause: unknown) => {
    throw codeOf(cause) === "ERR_FS_FILE_TOO_LARGE"
      ? new BlemishError("MODEL_UNSUPPORTED", { subject: path, expected: "at most 2 GB in one file", cause })
      : notFound("MODEL_NOT_FOUND", path, cause);
  });
  return { path, bytes: file.length, onnx: readOnnx(file, path), content: file };
}

/**
 * What ONNX Runtime opens: the file itself, or for an IR what it became.
 * @throws BlemishError as `readOnnxFile`.
 */
export async function runnableModel(path: string): Promise<string | { bytes: Uint8Array; name: string }> {
  return (await isIr(path)) ? { bytes: writeOnnx((await readIrFile(path)).onnx), name: path } : path;
}

/**
 * Reads the metadata: the file that is named, else the one beside the model.
 *
 * @returns null when none is named and none is there.
 * @throws BlemishError METADATA_NOT_FOUND for a named file, METADATA_FORMAT, METADATA_TRANSFORM.
 */
export async function readMetadataFile(
  modelPath: string,
  named: string | undefined,
): Promise<MetadataFile | null> {
  if (named !== undefined) return readMetadata(named);
  for (const name of METADATA_NAMES) {
    const path = join(dirname(modelPath), name);
    if (await isFile(path)) return readMetadata(path);
  }
  return null;
}

/**
 * Makes sure that the weights outside the model are there, without reading them.
 *
 * @throws BlemishError MODEL_DATA_MISSING naming the file, MODEL_BROKEN for a location outside the model's folder.
 */
export async function checkExternalData({ path, onnx }: Pick<OnnxFile, "path" | "onnx">): Promise<void> {
  for (const { location, bytes } of externalDataFiles(onnx, path)) {
    const facts = await stat(join(dirname(path), location)).catch(() => null);
    const found = facts === null ? "no such file" : `${facts.size} bytes`;
    if (facts?.isFile() && facts.size >= bytes) continue;
    throw new BlemishError("MODEL_DATA_MISSING", {
      subject: path,
      expected: `${location} with ${bytes} bytes`,
      found,
    });
  }
}

async function readMetadata(path: string): Promise<MetadataFile> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw notFound("METADATA_NOT_FOUND", path, cause);
  });
  return { path, metadata: parseMetadata(text, path) };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

function notFound(code: ErrorCode, subject: string, cause: unknown): BlemishError {
  return new BlemishError(code, { subject, found: codeOf(cause), cause });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}
