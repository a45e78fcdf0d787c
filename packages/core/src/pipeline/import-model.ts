/**
 * Turns an Anomalib export that was recognised into a model file: the network is cut before the concatenated taps, the
 * inverse covariances are factorised and packed, and what the export's files said is kept.
 */
import type { ModelDescription } from "../anomalib/model-description.js";
import { type RecognisedPadim, recognisePadim } from "../anomalib/recognise-padim.js";
import { FORMAT_VERSION, type ImportedManifest } from "../bundle/manifest.js";
import type { CdfArrays, ImportedModelFile, Sha256 } from "../bundle/model-file.js";
import { BlemishError } from "../errors.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import type { BackboneManifest } from "../stages/backbone/manifest.js";
import { packInverse } from "../stages/padim/pack-inverse.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import { exportedBackbone, type KeptTap } from "./exported-backbone.js";

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
  /** How the factors are stored. */
  readonly precision: FactorPrecision;
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
 *   are not finite or not positive definite; MODEL_BROKEN, MODEL_DATA_MISSING for damaged weights.
 */
export function importModel(request: ImportRequest): ImportedModelFile {
  const { model, description, files, precision, subject } = request;
  const padim = recognisePadim(model, files);
  if (!padim.recognised) {
    const { expected, found } = padim;
    throw new BlemishError("MODEL_ENGINE", { subject, expected, found });
  }
  const choice = chooseChannels(padim);
  const backbone = exportedBackbone({
    model,
    files,
    subject,
    description,
    file: request.file.name,
    hash: (bytes) => hashOf(request, bytes),
    graph: padim,
    taps: choice.taps,
  });
  const { mean, inverseCovariance, grid, channels } = padim;
  const cells = grid.width * grid.height;
  const gaussians = packInverse({ channels: channels.length, cells, mean, inverseCovariance }, precision);
  return {
    manifest: manifestOf(request, padim, choice, backbone.manifest),
    backbone: backbone.bytes,
    detectors: [{ projection: null, head: { kind: "padim", gaussians, fit: null, statistics: null } }],
    scores: null,
    cdf: cdfArrays(description),
  };
}

/** Which channels leave the network, and how the drawn order is found in them again. */
interface Choice {
  readonly taps: readonly KeptTap[];
  /** For each drawn channel its place among the kept ones of all taps. */
  readonly order: readonly number[];
}

/** A tap of which nothing was drawn is left out, unless it alone tells the grid: then its first channel stays. */
function chooseChannels({ taps, channels, grid }: RecognisedPadim): Choice {
  let first = 0;
  const drawn = taps.map((tap) => {
    const own = channels.filter((channel) => channel >= first && channel < first + tap.channels);
    const kept = [...new Set(own)].map((channel) => channel - first).sort((a, b) => a - b);
    first += tap.channels;
    return { ...tap, kept, start: first - tap.channels };
  });
  const onGrid = ({ width, height }: { width: number; height: number }) =>
    width === grid.width && height === grid.height;
  const widest = drawn.find((tap) => tap.kept.length > 0 && onGrid(tap)) ?? drawn.find(onGrid);
  const used = drawn
    .filter((tap) => tap.kept.length > 0 || tap === widest)
    .map((tap) => (tap.kept.length > 0 ? tap : { ...tap, kept: [0] }));
  const places = new Map<number, number>();
  for (const { start, kept } of used) for (const channel of kept) places.set(start + channel, places.size);
  return { taps: used, order: channels.map((channel) => places.get(channel) as number) };
}

function hashOf({ sha256 }: ImportRequest, bytes: Uint8Array): string {
  return sha256 === null ? NOT_HASHED : sha256([bytes]);
}

function manifestOf(
  request: ImportRequest,
  { size, grid, channels, sigma, end }: RecognisedPadim,
  choice: Choice,
  backbone: BackboneManifest,
): ImportedManifest {
  const { description, file, precision } = request;
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
        detectors: [
          {
            embedding: {
              grid: "finest",
              neighbourhood: 1,
              scales: choice.taps.map(() => 1),
              channels: choice.order,
              projectionRows: 0,
            },
            channels: channels.length,
            grid: { width: grid.width, height: grid.height },
            factor: 1,
            unit: null,
            head: { kind: "padim", precision, fit: null },
          },
        ],
      },
    ],
    map: { sigma, score: "max", ignoreBorder: 0 },
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
