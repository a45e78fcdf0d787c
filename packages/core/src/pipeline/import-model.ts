/**
 * Turns an Anomalib export that was recognised into a model file: the network is cut before the concatenated taps, the
 * inverse covariances are factorised and packed, and what the export's files said is kept.
 */
import type { ModelDescription } from "../anomalib/model-description.js";
import { type RecognisedPadim, recognisePadim } from "../anomalib/recognise-padim.js";
import { type KeptNetwork, keepChannels } from "../backbones/keep-channels.js";
import { FORMAT_VERSION, type ImportedManifest } from "../bundle/manifest.js";
import type { CdfArrays, ImportedModelFile, Sha256 } from "../bundle/model-file.js";
import { BlemishError } from "../errors.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import type { BackboneManifest, Tap } from "../stages/backbone/manifest.js";
import { packInverse } from "../stages/padim/pack-inverse.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";

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
    /** Of the graph's file. */
    readonly sha256: string;
  };
  /** How the factors are stored. */
  readonly precision: FactorPrecision;
  /** What errors call the model. */
  readonly subject: string;
  /** Hashes the cut network. */
  readonly sha256: Sha256;
}

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
  const network = keepChannels({
    model,
    files,
    subject,
    choices: choice.taps.map(({ name, channels, kept }) => ({ name, of: channels, channels: kept })),
    input: { name: padim.input, dims: [1, 3, padim.size.height, padim.size.width] },
  });
  const backbone = writeOnnx(network.model);
  const { mean, inverseCovariance, grid, channels } = padim;
  const cells = grid.width * grid.height;
  const head = packInverse({ channels: channels.length, cells, mean, inverseCovariance }, precision);
  const sha256 = request.sha256([backbone]);
  return {
    manifest: manifestOf(request, padim, choice, backboneManifest(request, padim, choice, network, sha256)),
    backbone,
    head,
    projection: null,
    scores: null,
    statistics: null,
    cdf: cdfArrays(description),
  };
}

/** Which channels leave the network, and how the drawn order is found in them again. */
interface Choice {
  readonly taps: readonly (RecognisedPadim["taps"][number] & {
    /** Kept channels, ascending. */
    readonly kept: readonly number[];
  })[];
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

function manifestOf(
  { description, file, precision }: ImportRequest,
  { size, grid, channels, sigma, end }: RecognisedPadim,
  choice: Choice,
  backbone: BackboneManifest,
): ImportedManifest {
  return {
    format: "blemish-model",
    version: FORMAT_VERSION,
    origin: "anomalib",
    profile: description.profile as ImportedManifest["profile"],
    task: description.task,
    backbone,
    size,
    preprocessing: description.preprocessing,
    embedding: {
      grid: "finest",
      scales: choice.taps.map(() => 1),
      channels: choice.order,
      projectionRows: 0,
    },
    head: {
      kind: "padim",
      channels: channels.length,
      gridWidth: grid.width,
      gridHeight: grid.height,
      precision,
    },
    map: { sigma, score: "max", ignoreBorder: 0 },
    imported: {
      file: file.name,
      bytes: file.bytes,
      sha256: file.sha256,
      description: withoutArrays(description),
      normaliser: end?.normaliser ?? null,
      decisions: end?.decisions ?? null,
    },
    parity: [],
  };
}

function backboneManifest(
  { description, file, subject }: ImportRequest,
  { input, size, resizes }: RecognisedPadim,
  { taps }: Choice,
  { outputs }: KeptNetwork,
  sha256: string,
): BackboneManifest {
  return {
    id: "anomalib-export",
    model: "model.onnx",
    sha256,
    input: {
      name: input,
      multipleOf: 1,
      ...(resizes ? { resizesTo: size } : {}),
      colour: "rgb",
      ...coloursOf(description),
    },
    taps: taps.map(
      (tap, at): Tap => ({
        name: outputs[at] as string,
        channels: tap.kept.length,
        stride: strideOf(size, tap, subject),
        scale: 1,
      }),
    ),
    licence: "that of the export",
    source: `cut from ${file.name}`,
  };
}

/** Smallest whole stride that leaves a layer of this size, rounding up as padded convolutions do. */
function strideOf(
  size: { readonly width: number; readonly height: number },
  { name, width, height }: { readonly name: string; readonly width: number; readonly height: number },
  subject: string,
): number {
  const stride = Math.max(Math.ceil(size.width / width), Math.ceil(size.height / height));
  if (Math.ceil(size.width / stride) === width && Math.ceil(size.height / stride) === height) return stride;
  throw new BlemishError("MODEL_ENGINE", {
    subject,
    expected: `layers with one stride for a map of ${size.width} × ${size.height} pixels`,
    found: `${name} of ${width} × ${height} cells`,
  });
}

/** How pictures reach the network, in the words of a backbone: units of 0–255. */
function coloursOf({
  preprocessing,
}: ModelDescription): Pick<BackboneManifest["input"], "mean" | "std" | "resize"> {
  const resize = preprocessing.find((step) => step.type === "resize");
  const interpolation = resize?.interpolation ?? "linear";
  const normalise = preprocessing.find((step) => step.type === "normalize");
  const toFloat = preprocessing.find((step) => step.type === "toFloat");
  if (normalise === undefined) {
    const most = toFloat?.maxValue ?? 1;
    return { mean: [0, 0, 0], std: [most, most, most], resize: interpolation };
  }
  const { mean, std, maxPixelValue } = normalise;
  const scaled = (values: readonly number[]) => values.map((value) => value * maxPixelValue);
  return { mean: scaled(mean), std: scaled(std), resize: interpolation };
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
