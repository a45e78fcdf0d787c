/**
 * Turns an Anomalib export that was recognised into a model file: the network is cut before the concatenated taps, what
 * stands behind them becomes a head of our own, and what the export's files said is kept.
 */
import type { ModelDescription } from "../../anomalib/model-description.js";
import { type RecognisedExport, recogniseExport } from "../../anomalib/recognise-export.js";
import { FORMAT_VERSION, type ImportedManifest } from "../../bundle/manifest.js";
import type { CdfArrays, ImportedModelFile, Sha256 } from "../../bundle/model-file.js";
import { BlemishError } from "../../errors.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import type { ExternalFiles } from "../../onnx/tensor-values.js";
import type { BackboneManifest } from "../../stages/backbone/manifest.js";
import type { FactorPrecision } from "../../stages/padim/packed-gaussians.js";
import type { BankPrecision } from "../../stages/patchcore/patch-bank.js";
import { exportedBackbone } from "./exported-backbone.js";
import { importPadim } from "./import-padim.js";
import { importPatchcore } from "./import-patchcore.js";
import type { ImportedHead } from "./imported-head.js";

/** An export and how it is to be stored. */
export interface ImportRequest {
  readonly model: OnnxModel;
  /** What its files say, see `describeModel`. */
  readonly description: ModelDescription;
  /** External weights: location → whole content; empty where there are none. */
  readonly files: ExternalFiles;
  readonly file: {
    readonly name: string;
    /** Of the graph's file and its external weights together. */
    readonly bytes: number;
    /** The graph's file, to be hashed. */
    readonly content: Uint8Array;
  };
  /** How PaDiM's factors are stored. Default `int16`. */
  readonly factors?: FactorPrecision;
  /** How PatchCore's bank is stored. Default `float32`: scores then equal Anomalib's. */
  readonly bankPrecision?: BankPrecision;
  /** What errors call the model. */
  readonly subject: string;
  /** Hashes the graph's file and the cut network; null = the model is never written, and zeros stand for its hashes. */
  readonly sha256: Sha256 | null;
}

/** Stands for the hash of what nobody compares. */
const NOT_HASHED = "0".repeat(64);

/**
 * The export as a model file without parity samples.
 * @throws BlemishError MODEL_ENGINE when the graph is not recognised, with the reason; MODEL_STATISTICS for statistics that
 *   are not finite or not positive definite; OPTION_VALUE for a precision of what the method does not have; MODEL_BROKEN,
 *   MODEL_DATA_MISSING for damaged weights.
 */
export function importModel(request: ImportRequest): ImportedModelFile {
  const { model, files, subject } = request;
  const graph = recogniseExport(model, files);
  if ("kind" in graph) return importRecognised(request, graph);
  const { expected, found } = graph;
  throw new BlemishError("MODEL_ENGINE", { subject, expected, found });
}

/**
 * What was recognised as a model file without parity samples.
 * @param request its `model` is the network that the taps are values of.
 * @throws BlemishError as `importModel` does.
 */
export function importRecognised(request: ImportRequest, found: RecognisedExport): ImportedModelFile {
  const { model, description, files, subject } = request;
  const head = headOf(request, found);
  const backbone = exportedBackbone({
    model,
    files,
    subject,
    description,
    file: request.file.name,
    hash: (bytes) => hashOf(request, bytes),
    graph: head.graph,
    taps: head.taps,
  });
  return {
    manifest: manifestOf(request, head, backbone.manifest),
    backbone: backbone.bytes,
    detectors: [head.stored],
    scores: null,
    cdf: cdfArrays(description),
  };
}

function headOf({ subject, factors, bankPrecision }: ImportRequest, graph: RecognisedExport): ImportedHead {
  if (graph.kind === "padim") {
    if (bankPrecision !== undefined) throw notKept(subject, "a memory bank (--bank-precision)", "PaDiM");
    return importPadim(graph.found, factors ?? "int16");
  }
  if (factors !== undefined) throw notKept(subject, "factors of Gaussians (--factors)", "PatchCore");
  return importPatchcore(graph.found, bankPrecision ?? "float32", subject);
}

function notKept(subject: string, what: string, method: string): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject,
    expected: `no precision for ${what}`,
    found: `one, though the model is ${method} and has none`,
  });
}

function hashOf({ sha256 }: ImportRequest, bytes: Uint8Array): string {
  return sha256 === null ? NOT_HASHED : sha256([bytes]);
}

function manifestOf(
  request: ImportRequest,
  { graph: { size, end }, manifest, map }: ImportedHead,
  backbone: BackboneManifest,
): ImportedManifest {
  const { description, file } = request;
  return {
    format: "blemish-model",
    version: FORMAT_VERSION,
    origin: "anomalib",
    profile: description.profile as ImportedManifest["profile"],
    task: description.task,
    backbone,
    size,
    passes: [
      {
        size,
        preprocessing: description.preprocessing,
        detectors: [{ ...manifest, factor: 1, unit: null }],
      },
    ],
    map: { ...map, score: "max", ignoreBorder: 0 },
    imported: {
      file: file.name,
      bytes: file.bytes,
      sha256: hashOf(request, file.content),
      description: withoutArrays(description),
      normaliser: end?.normaliser ?? null,
      decisions: end?.decisions ?? null,
    },
    parity: [],
  };
}

function cdfArrays({ normalisation }: ModelDescription): CdfArrays | null {
  return normalisation.method === "cdf" ? normalisation.pixel : null;
}

/** The arrays stand in the file beside the manifest. */
function withoutArrays(description: ModelDescription): ModelDescription {
  const { normalisation } = description;
  if (normalisation.method !== "cdf") return description;
  const pixel = { mean: new Float32Array(0), std: new Float32Array(0) };
  return { ...description, normalisation: { ...normalisation, pixel } };
}
