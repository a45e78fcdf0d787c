/** Looks at a model without starting anything: what `blemish inspect` shows. */
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  BlemishError,
  describeExport,
  describeModel,
  describeModelFile,
  externalDataFiles,
  inspectModel,
  layerNames,
  type Metadata,
  type ModelDescription,
  type ModelFacts,
  type ModelFile,
  type ModelManifest,
  modelFileDetails,
  modelFileEngine,
  type OnnxModel,
  readExportNotes,
  readOnnx,
} from "@blemish/core";
import { sha256 } from "../sha256.js";
import { checkOptions } from "./check-options.js";
import { importCheckpointContent, isCheckpoint } from "./checkpoint-file.js";
import {
  checkExternalData,
  findModel,
  type MetadataFile,
  type OnnxFile,
  readMetadataFile,
  readOnnxFile,
} from "./model-files.js";
import { READ_MODEL_RULES, type ReadModelOptions } from "./read-model-options.js";
import { readOptionsRefused } from "./read-options-refused.js";
import { isModelFile, loadModelFile } from "./trained-model-file.js";

/** Everything that the files of a model say. */
export interface ModelReport {
  /** The model file. */
  readonly path: string;
  /** The metadata file; null when there is none or it cannot be read. */
  readonly metadataPath: string | null;
  /** The exported graph, or the backbone of a trained model. */
  readonly onnx: OnnxModel;
  readonly metadata: Metadata | null;
  /** What a model that Blemish trained says of itself; null for exports. */
  readonly manifest: ModelManifest | null;
  /** null when the model cannot be used as a detector; then `problem` says why. */
  readonly description: ModelDescription | null;
  readonly facts: ModelFacts;
  /** What keeps `open` from working, thresholds apart; null when nothing does. */
  readonly problem: BlemishError | null;
}

/**
 * Reads a model and its metadata and says what they are. Any ONNX file can be looked at: whatever keeps it from
 * being opened is reported as `problem` and not thrown.
 *
 * @param path the model, or a folder that holds it.
 * @throws BlemishError MODEL_NOT_FOUND, MODEL_FORMAT, MODEL_BROKEN, OPTION, OPTION_VALUE.
 */
export async function readModel(path: string, options: ReadModelOptions = {}): Promise<ModelReport> {
  checkOptions(options, READ_MODEL_RULES);
  if (await isModelFile(path)) return readTrained(path, await loadModelFile(path), options);
  if (await isCheckpoint(path))
    return readTrained(path, await importCheckpointContent(path, options, sha256), {});
  const file = await readOnnxFile(await findModel(path));
  const problems: BlemishError[] = [];
  const noted = async <T>(work: Promise<T>) => work.catch((error: unknown) => note(error, problems));
  const metadataFile = await noted(readMetadataFile(file.path, options.metadata));
  const description = await noted(describe(file, metadataFile, options));
  await noted(checkExternalData(file));
  const metadata = metadataFile?.metadata ?? null;
  const externalFiles = await readExternalData(file);
  const request = { model: file.onnx, fileBytes: file.bytes, description, metadata, externalFiles };
  return {
    path: file.path,
    metadataPath: metadataFile?.path ?? null,
    onnx: file.onnx,
    metadata,
    manifest: null,
    description,
    facts: inspectModel(request),
    problem: problems[0] ?? null,
  };
}

async function readTrained(path: string, model: ModelFile, options: ReadModelOptions): Promise<ModelReport> {
  const { manifest, backbone } = model;
  const onnx = readOnnx(backbone, path);
  const description = describeFileAs(model, path, options);
  const { size } = await stat(path);
  const backboneFacts = inspectModel({ model: onnx, fileBytes: size, description, metadata: null });
  const taps = manifest.backbone.taps.map(({ name }) => name);
  const details = modelFileDetails(manifest, layerNames(onnx.graph, taps));
  const own = { details, engine: modelFileEngine(manifest) };
  const facts = { ...backboneFacts, ...own };
  return { path, metadataPath: null, onnx, metadata: null, manifest, description, facts, problem: null };
}

/**
 * The description of a model file, which says everything itself: only the task is left to the caller.
 * @throws BlemishError OPTION_VALUE for metadata, another profile or another score.
 */
export function describeFileAs(
  model: Pick<ModelFile, "manifest" | "cdf" | "validityLook" | "alignmentReference">,
  path: string,
  { metadata, profile, score, task }: ReadModelOptions,
): ModelDescription {
  const description = describeModelFile(model);
  readOptionsRefused(path, description, {
    ...(metadata !== undefined && { metadata }),
    ...(profile !== undefined && { profile }),
    ...(score !== undefined && { score }),
  });
  return task === undefined ? description : { ...description, task };
}

/**
 * What the files and the options together say about the model. One of our exports says everything itself.
 * @throws BlemishError of core's `describeModel` and `describeExport`; OPTION_VALUE for what an export says otherwise.
 */
export async function describe(
  { path, onnx }: Pick<OnnxFile, "path" | "onnx">,
  metadataFile: MetadataFile | null,
  options: ReadModelOptions,
): Promise<ModelDescription> {
  const { profile, task, score } = options;
  const notes = readExportNotes(onnx, path);
  if (notes !== null) {
    const description = describeExport(onnx, notes, path);
    readOptionsRefused(path, description, options);
    return task === undefined ? description : { ...description, task };
  }
  return describeModel({
    model: onnx,
    subject: path,
    metadata: metadataFile?.metadata ?? null,
    metadataSubject: metadataFile?.path ?? join(dirname(path), "metadata.json"),
    options: {
      ...(profile === undefined ? {} : { profile }),
      ...(task === undefined ? {} : { task }),
      ...(score === undefined ? {} : { scoreSource: score }),
    },
  });
}

function note(error: unknown, problems: BlemishError[]): null {
  if (!(error instanceof BlemishError)) throw error;
  problems.push(error);
  return null;
}

/** The external weights that are there; what is missing is the business of `checkExternalData`. */
export async function readExternalData({ path, onnx }: OnnxFile): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { location } of externalDataFiles(onnx, path)) {
    const bytes = await readFile(join(dirname(path), location)).catch(() => null);
    if (bytes !== null) files.set(location, bytes);
  }
  return files;
}
