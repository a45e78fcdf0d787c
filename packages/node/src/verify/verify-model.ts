/** `blemish verify`: what a model carries as proof, and any pictures, on every engine that is here. */
import { coarserPrecisions, describeModelFile, type ModelFile, modelIdentity } from "@blemish/core";
import { loadAnyModel } from "../model/load-any-model.js";
import { findModel } from "../model/model-files.js";
import { isModelFile, loadModelFile } from "../model/trained-model-file.js";
import { sha256 } from "../sha256.js";
import { compareOnPictures, type VerifyOptions } from "./compare-on-pictures.js";
import { type Engine, fastEngine, presentAndMissing } from "./engines.js";
import { exportEngines } from "./exported-engines.js";
import {
  COARSE_TOLERANCE,
  NO_SAMPLES,
  toleranceFor,
  type Verification,
  type VerifyRow,
  verdictOf,
} from "./verification.js";
import { verifyGraph } from "./verify-graph.js";
import { preprocessingProof, sampleRow } from "./verify-samples.js";

/**
 * Verifies a model file, one of its exports, a graph of Anomalib, or a checkpoint.
 * @throws BlemishError CANCELLED, and those of reading models and pictures.
 */
export async function verifyModel(path: string, options: VerifyOptions = {}): Promise<Verification> {
  if (await isModelFile(path)) return verifyModelFile(path, await loadModelFile(path), true, options);
  const graph = await findModel(path).catch(() => "");
  if (graph.endsWith(".onnx")) return verifyGraph(graph, options);
  return verifyModelFile(path, await loadAnyModel(path), false, options);
}

/** @param carried whether the samples are the file's; else they were made a moment ago, and prove nothing. */
async function verifyModelFile(
  path: string,
  model: ModelFile,
  carried: boolean,
  options: VerifyOptions,
): Promise<Verification> {
  const { manifest } = model;
  const samples = carried && manifest.parity.length > 0;
  const tolerance = toleranceFor(manifest.backbone.precision ?? "float32");
  const measure = { threshold: rawThreshold(model), tolerance };
  const { present, missing } = presentAndMissing(await exportEngines(model));
  const own = await fastEngine(model);
  const coarse = await coarseEngines(model);
  try {
    const { profile, capture } = describeModelFile(model);
    const reading = { profile, ...(capture && { capture }) };
    const { engines, notes } = coarse;
    const rows: VerifyRow[] = samples ? [await sampleRow(own, manifest, measure)] : [];
    rows.push(
      ...(await compareOnPictures(
        own,
        [...present.map((engine) => ({ engine })), ...engines],
        { samples: manifest, reading, measure },
        options,
      )),
    );
    return verdictOf({
      model: path,
      form: null,
      identity: modelIdentity(model, sha256),
      tolerance,
      preprocessing: samples ? preprocessingProof(manifest) : null,
      rows,
      missing,
      remarks: [...(samples ? [] : [NO_SAMPLES]), ...notes],
    });
  } finally {
    for (const engine of [own, ...present, ...coarse.engines.map(({ engine }) => engine)])
      await engine.close();
  }
}

/** Our engine with statistics in coarser numbers than the file has: information, for nobody runs it so. */
async function coarseEngines(model: ModelFile) {
  const engines: { engine: Engine; tolerance: number; decides: false }[] = [];
  for (const { part, precision, model: coarse } of coarserPrecisions(model))
    engines.push({
      engine: await fastEngine(coarse, `Fast engine, ${precision} ${part}`),
      tolerance: COARSE_TOLERANCE[precision],
      decides: false,
    });
  const notes =
    engines.length === 0
      ? []
      : [
          "Rows of other precisions inform: the model is not stored in them. Train or import with --factors or --bank-precision for one that is.",
        ];
  return { engines, notes };
}

/** The image threshold in raw units; null where the model has none. */
function rawThreshold(model: ModelFile): number | null {
  const { manifest } = model;
  if (manifest.origin === "anomalib" && manifest.imported.normaliser !== null)
    return manifest.imported.normaliser.image.threshold;
  return describeModelFile(model).imageThreshold;
}
