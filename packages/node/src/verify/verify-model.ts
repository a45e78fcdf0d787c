/** `blemish verify`: a model's own samples and any pictures on every engine that is here, each beside our own. */
import {
  BlemishError,
  describeModelFile,
  type ModelFile,
  modelIdentity,
  type ParitySample,
  parityPicture,
  parityPlaces,
  type RgbImage,
} from "@blemish/core";
import { readImage } from "../images/read-image.js";
import { loadAnyModel } from "../model/load-any-model.js";
import { sha256 } from "../sha256.js";
import { type Engine, type EngineAnswer, exportEngines, fastEngine } from "./engines.js";
import { comparison, type Verification, type VerifyRow } from "./verification.js";

/** How a model is verified. */
export interface VerifyOptions {
  /** Pictures to compare engines on, besides the formula pictures of the samples. */
  readonly pictures?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What the issue of parity promises: scores within a ten-thousandth. */
export const VERIFY_TOLERANCE = 1e-4;

/**
 * Verifies a model file, an export of Anomalib that is recognised, or a checkpoint.
 * @throws BlemishError CANCELLED, and those of reading models and pictures.
 */
export async function verifyModel(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const file = await loadAnyModel(path);
  const own = await fastEngine(file);
  const engines = await exportEngines(file);
  try {
    const present = engines.filter((engine): engine is Engine => "judge" in engine);
    const missing = engines.flatMap((engine) =>
      "missing" in engine ? [{ engine: engine.name, reason: engine.missing }] : [],
    );
    const rows = [...(await sampleRows(own, file)), ...(await engineRows(own, file, present, options))];
    return {
      model: path,
      identity: modelIdentity(file, sha256),
      tolerance: VERIFY_TOLERANCE,
      rows,
      missing,
      passed: rows.length > 0 && rows.every(({ passed }) => passed),
    };
  } finally {
    for (const engine of [own, ...engines]) if ("close" in engine) await engine.close();
  }
}

/** What the file says of formula pictures, and what this machine says. */
async function sampleRows(own: Engine, { manifest }: ModelFile): Promise<VerifyRow[]> {
  if (manifest.parity.length === 0) return [];
  const { add, row } = comparison("Fast engine", "the file's samples", VERIFY_TOLERANCE, null);
  for (const sample of manifest.parity) {
    const { score, map } = await own.judge(parityPicture(sample.seed, manifest));
    add({ score, map: placesMap(parityPlaces(map)) }, storedAnswer(sample));
  }
  return [row()];
}

function storedAnswer({ rawScore, rawMap }: ParitySample): EngineAnswer {
  return { score: rawScore, map: placesMap(rawMap) };
}

function placesMap(values: readonly number[]): EngineAnswer["map"] {
  return { width: values.length, height: 1, data: Float32Array.from(values) };
}

/** Every other engine beside ours, on formula pictures and the pictures that are given. */
async function engineRows(
  own: Engine,
  file: ModelFile,
  engines: readonly Engine[],
  { pictures = [], signal, onProgress }: VerifyOptions,
): Promise<VerifyRow[]> {
  const { profile, capture } = describeModelFile(file);
  const threshold = rawThreshold(file);
  const comparisons = engines.map(({ name }) => comparison(name, own.name, VERIFY_TOLERANCE, threshold));
  const formulas = file.manifest.parity.map(({ seed }) => parityPicture(seed, file.manifest));
  const sources: (RgbImage | string)[] = [...formulas, ...pictures];
  for (const [done, source] of sources.entries()) {
    if (signal?.aborted)
      throw new BlemishError("CANCELLED", { subject: "The verification", cause: signal.reason });
    const how = { profile, ...(capture && { capture }) };
    const image = typeof source === "string" ? await readImage(source, how) : source;
    const reference = await own.judge(image);
    for (const [i, engine] of engines.entries()) comparisons[i]!.add(await engine.judge(image), reference);
    onProgress?.(done + 1, sources.length);
  }
  return comparisons.map(({ row }) => row());
}

/** The image threshold in raw units; null where the model has none. */
function rawThreshold(file: ModelFile): number | null {
  const { manifest } = file;
  if (manifest.origin === "anomalib" && manifest.imported.normaliser !== null)
    return manifest.imported.normaliser.image.threshold;
  return describeModelFile(file).imageThreshold;
}
