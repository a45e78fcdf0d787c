/** `blemish verify` of an ONNX file: one of our exports by the samples it carries, a graph of Anomalib by what engines make of it. */

import { dirname } from "node:path";
import {
  BlemishError,
  detectorsOf,
  type ExportNotes,
  type ImportedModelFile,
  type ModelDescription,
  type ModelFile,
  modelIdentity,
  readExportNotes,
} from "@blemish/core";
import { importOnnxFile } from "../model/import-model-file.js";
import { checkExternalData, type OnnxFile, readMetadataFile, readOnnxFile } from "../model/model-files.js";
import { describe, readExternalData } from "../model/read-model.js";
import { sha256 } from "../sha256.js";
import { type ComparedModel, compareOnPictures, type VerifyOptions } from "./compare-on-pictures.js";
import { graphEngines, learnedEngine, presentAndMissing } from "./engines.js";
import { exportedEngine, exportedEngines } from "./exported-engines.js";
import {
  COARSE_TOLERANCE,
  type Measure,
  NO_SAMPLES,
  toleranceFor,
  VERIFY_TOLERANCE,
  type Verification,
  type VerifyRow,
  verdictOf,
} from "./verification.js";
import {
  preprocessingProblem,
  preprocessingProof,
  rowProblem,
  type Samples,
  sampleRow,
} from "./verify-samples.js";

/**
 * Verifies the graph of an ONNX file.
 * @throws BlemishError CANCELLED, and those of reading models and pictures.
 */
export async function verifyGraph(path: string, options: VerifyOptions): Promise<Verification> {
  const file = await readOnnxFile(path);
  await checkExternalData(file);
  const notes = readExportNotes(file.onnx, path);
  return notes === null ? verifyForeign(file, options) : verifyExport(file, notes, options);
}

/**
 * What the samples of one of our exports say against it in ONNX Runtime.
 * @param none for a file that carries none.
 * @returns null when all is well.
 */
export async function exportProblem(path: string, none: string): Promise<string | null> {
  const file = await readOnnxFile(path);
  const notes = readExportNotes(file.onnx, path);
  if (notes === null || notes.parity.length === 0) return none;
  await checkExternalData(file);
  const samples = samplesOf(notes);
  const unlike = preprocessingProblem(samples);
  if (unlike !== null) return unlike;
  const engine = await exportedEngine(file.onnx, notes, { name: path, folder: dirname(path) });
  try {
    return rowProblem(await sampleRow(engine, samples, measureOf(notes)));
  } finally {
    await engine.close();
  }
}

/**
 * What a graph says against the model that was made of it.
 * @returns null when score and map of formula pictures are the same as far as the model's precision goes.
 */
export async function importProblem(path: string, model: ImportedModelFile): Promise<string | null> {
  const { description } = model.manifest.imported;
  const [native] = await graphEngines(path, description, null);
  const own = await learnedEngine(model);
  try {
    const tolerance = COARSE_TOLERANCE[coarsestOf(model)];
    const common = commonOf(description, tolerance);
    const [row] = await compareOnPictures(native, [{ engine: own }], common, {});
    return row === undefined ? null : rowProblem(row);
  } finally {
    await native.close();
    await own.close();
  }
}

function coarsestOf({ manifest }: ImportedModelFile): keyof typeof COARSE_TOLERANCE {
  const stored = detectorsOf(manifest).map(({ head }) => head.precision);
  return (["int8", "int16"] as const).find((one) => stored.includes(one)) ?? "float32";
}

/** By its samples, each engine for itself; then engines beside each other on the pictures that are given. */
async function verifyExport(
  file: OnnxFile,
  notes: ExportNotes,
  options: VerifyOptions,
): Promise<Verification> {
  const external = await readExternalData(file);
  // Weights of more than 2 GB are there for the runtime that reads them itself, and in no map.
  const source = { name: file.path, folder: dirname(file.path), external };
  const { present, missing } = presentAndMissing(await exportedEngines(file.onnx, notes, source));
  const measure = measureOf(notes);
  const samples = samplesOf(notes);
  try {
    const rows: VerifyRow[] = [];
    if (notes.parity.length > 0)
      for (const engine of present) rows.push(await sampleRow(engine, samples, measure));
    const { profile, model } = notes;
    const reading = { profile, ...(model.capture && { capture: model.capture }) };
    const [first, ...others] = present;
    const compared = { samples: { ...samples, parity: [] }, reading, measure };
    if (first !== undefined)
      rows.push(
        ...(await compareOnPictures(
          first,
          others.map((engine) => ({ engine })),
          compared,
          options,
        )),
      );
    return verdictOf({
      model: file.path,
      form: notes.form,
      identity: notes.identity ?? null,
      tolerance: measure.tolerance,
      preprocessing: preprocessingProof(samples),
      rows,
      missing: [...missing, { engine: "Fast engine", reason: NOT_FAST }],
      remarks: [...(notes.warnings ?? []), ...(notes.parity.length === 0 ? [NO_SAMPLES] : [])],
    });
  } finally {
    for (const engine of present) await engine.close();
  }
}

const NOT_FAST =
  "an export runs whole; its samples are what it said. --against the model file compares on pictures";

function measureOf({ model, scale }: ExportNotes): Measure {
  return { threshold: scale.image?.threshold ?? null, tolerance: toleranceFor(model.precision) };
}

function samplesOf({ parity, preprocessing: { steps }, model: { picture } }: ExportNotes): Samples {
  return {
    parity,
    passes: steps.map((preprocessing) => ({ preprocessing })),
    ...(picture !== undefined && { picture }),
  };
}

/** A graph without samples: our engine, where it knows the graph, and WebAssembly beside the graph as it is. */
async function verifyForeign(file: OnnxFile, options: VerifyOptions): Promise<Verification> {
  const metadata = await readMetadataFile(file.path, undefined);
  const description = await describe(file, metadata, {});
  const model = await importedOrReason(file, description);
  const external = await readExternalData(file);
  const [native, web] = await graphEngines(file.path, description, { bytes: file.content, external });
  const fast = typeof model === "string" ? null : await learnedEngine(model);
  const { present, missing } = presentAndMissing([web]);
  try {
    const compared = [...(fast === null ? [] : [fast]), ...present].map((engine) => ({ engine }));
    const common = commonOf(description, VERIFY_TOLERANCE);
    const rows = await compareOnPictures(native, compared, common, options);
    return verdictOf({
      model: file.path,
      form: null,
      tolerance: VERIFY_TOLERANCE,
      identity: typeof model === "string" ? null : modelIdentity(model, sha256),
      preprocessing: null,
      rows,
      missing: [...(typeof model === "string" ? [{ engine: "Fast engine", reason: model }] : []), ...missing],
      remarks: [NO_SAMPLES],
    });
  } finally {
    for (const engine of [native, ...(fast === null ? [] : [fast]), ...present]) await engine.close();
  }
}

function commonOf(
  { profile, imageThreshold: threshold, input: { width, height } }: ModelDescription,
  tolerance: number,
): ComparedModel {
  // Of the size that a graph takes which resizes nothing.
  const picture = width === null || height === null ? null : { width, height };
  return {
    samples: { parity: FORMULAS, ...(picture && { picture }) },
    reading: { profile },
    measure: { threshold, tolerance },
  };
}

/** Formula pictures to compare engines on. */
const FORMULAS = [{ seed: 1 }, { seed: 2 }];

async function importedOrReason(file: OnnxFile, description: ModelDescription): Promise<ModelFile | string> {
  return importOnnxFile(file, description, {}, sha256).catch((error: unknown) => {
    if (error instanceof BlemishError && error.code === "MODEL_ENGINE") return error.message;
    throw error;
  });
}
