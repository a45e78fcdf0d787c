/** An Anomalib export as a model of our own: read, recognised, turned, and tried on formula pictures. */
import { basename } from "node:path";
import {
  BlemishError,
  type ImportedModelFile,
  importModel,
  type ModelDescription,
  readExportNotes,
  type Sha256,
  withParitySamples,
} from "@blemish/core";
import { ortSession } from "../session/ort-session.js";
import { sha256 } from "../sha256.js";
import { checkOptions } from "./check-options.js";
import { importCheckpointContent, isCheckpoint } from "./checkpoint-file.js";
import {
  checkExternalData,
  findModel,
  type OnnxFile,
  readMetadataFile,
  readOnnxFile,
} from "./model-files.js";
import { describe, readExternalData } from "./read-model.js";
import { READ_MODEL_RULES, type ReadModelOptions } from "./read-model-options.js";
import { PRECISION_RULES, type StoredPrecision } from "./stored-precision.js";
import { isModelFile } from "./trained-model-file.js";

/** How an export is turned into a model file. */
export interface ImportModelOptions extends ReadModelOptions, StoredPrecision {}

/** A model that was made of an export. */
export interface ImportedExport {
  /** To be written with `saveModel`. */
  readonly model: ImportedModelFile;
  /** The export's graph. */
  readonly path: string;
  /** The metadata file; null when there is none, as for Anomalib 2.x. */
  readonly metadataPath: string | null;
  /** Size of the export, external weights included. */
  readonly bytes: number;
}

const IMPORT_RULES = { ...READ_MODEL_RULES, ...PRECISION_RULES } as const;

/**
 * Turns an export into a model file for the fast engine. Its network is run twice on formula pictures, so a model that
 * does not run is never written.
 *
 * @param path `model.onnx`, or a folder that holds it, with metadata and external weights beside it; or a checkpoint
 *   (`model.ckpt`, `model.pt`).
 * @throws BlemishError MODEL_ENGINE when the graph is not recognised, with the reason; MODEL_STATISTICS for statistics
 *   that are not finite or singular; OPTION_VALUE for a precision of what the method does not have; those of `open` for
 *   its files.
 */
export async function importModelFile(
  path: string,
  options: ImportModelOptions = {},
): Promise<ImportedExport> {
  checkOptions(options, IMPORT_RULES);
  if (await isModelFile(path))
    throw new BlemishError("MODEL_FORMAT", {
      subject: path,
      expected: "an export of Anomalib",
      found: "a .blemish model, which runs on the fast engine already",
    });
  if (await isCheckpoint(path)) {
    const bare = await importCheckpointContent(path, options, sha256);
    return {
      model: await sampled(bare, path),
      path,
      metadataPath: null,
      bytes: bare.manifest.imported.bytes,
    };
  }
  const file = await readOnnxFile(await findModel(path));
  const metadata = await readMetadataFile(file.path, options.metadata);
  const description = await describe(file, metadata, options);
  await checkExternalData(file);
  const bare = await importOnnxFile(file, description, options, sha256);
  const model = await sampled(bare, file.path);
  return {
    model,
    path: file.path,
    metadataPath: metadata?.path ?? null,
    bytes: model.manifest.imported.bytes,
  };
}

/** With parity samples: so its network is run before the model is written. */
async function sampled(bare: ImportedModelFile, path: string): Promise<ImportedModelFile> {
  const name = `The backbone of ${path}`;
  const session = await ortSession({ bytes: bare.backbone, name }, { threads: 1, spinning: false });
  try {
    return await withParitySamples(bare, session, sha256);
  } finally {
    await session.close();
  }
}

/**
 * The model of an export that has been read, without parity samples.
 * @param hash null for a model that is never written, see core's `importModel`.
 * @throws BlemishError of core's `importModel`.
 */
export async function importOnnxFile(
  file: OnnxFile,
  description: ModelDescription,
  { factors, bankPrecision }: StoredPrecision,
  hash: Sha256 | null,
): Promise<ImportedModelFile> {
  if (readExportNotes(file.onnx, file.path) !== null)
    throw new BlemishError("MODEL_ENGINE", {
      subject: file.path,
      expected: "an export of Anomalib",
      found: "an export of Blemish; the .blemish model that it was made of is what the fast engine runs",
    });
  const files = await readExternalData(file);
  const external = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  return importModel({
    model: file.onnx,
    description,
    files,
    file: { name: basename(file.path), bytes: file.bytes + external, content: file.content },
    ...(factors !== undefined && { factors }),
    ...(bankPrecision !== undefined && { bankPrecision }),
    subject: file.path,
    sha256: hash,
  });
}
