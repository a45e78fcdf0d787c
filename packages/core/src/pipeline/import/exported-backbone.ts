/**
 * The backbone of a recognised export as a network and a manifest of its own: cut before the layers are brought together,
 * for one picture at a time.
 */
import type { GraphTap } from "../../anomalib/graph-taps.js";
import type { ModelDescription } from "../../anomalib/model-description.js";
import { freeBatch } from "../../backbones/free-batch.js";
import { keepChannels } from "../../backbones/keep-channels.js";
import { BlemishError } from "../../errors.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import type { ExternalFiles } from "../../onnx/tensor-values.js";
import { writeOnnx } from "../../onnx/write-onnx.js";
import type { BackboneManifest, Tap } from "../../stages/backbone/manifest.js";

/** A layer and what of it leaves the network. */
export interface KeptTap extends GraphTap {
  /** Kept channels, ascending. */
  readonly kept: readonly number[];
}

/** An export and where it is cut. */
export interface ExportedBackboneRequest {
  readonly model: OnnxModel;
  /** External weights: location → whole content. */
  readonly files: ExternalFiles;
  /** What errors call the model. */
  readonly subject: string;
  /** What its files say, see `describeModel`. */
  readonly description: ModelDescription;
  /** Name of the export's file. */
  readonly file: string;
  /** Hash of the cut network. */
  readonly hash: (bytes: Uint8Array) => string;
  /** The input and sizes that were recognised. */
  readonly graph: {
    readonly input: string;
    /** Pictures that a run of the export takes. Default: 1. */
    readonly batch?: number;
    readonly size: { readonly width: number; readonly height: number };
    readonly resizes: boolean;
  };
  readonly taps: readonly KeptTap[];
}

/** A network and what it is. */
export interface ExportedBackbone {
  readonly manifest: BackboneManifest;
  /** Of its ONNX file, weights included. */
  readonly bytes: Uint8Array;
}

/**
 * Cuts the backbone out.
 * @throws BlemishError MODEL_ENGINE when its layers have no whole stride or its batch cannot be made 1;
 *   MODEL_DATA_MISSING for external weights that are not there.
 */
export function exportedBackbone(request: ExportedBackboneRequest): ExportedBackbone {
  const { model, files, subject, graph, taps, hash } = request;
  const names = taps.map(({ name }) => name);
  const { width, height } = graph.size;
  const network = keepChannels({
    model: freeBatch(model, { input: graph.input, batch: graph.batch ?? 1, values: names, subject }),
    files,
    subject,
    choices: taps.map(({ name, channels, kept }) => ({ name, of: channels, channels: kept })),
    input: { name: graph.input, dims: [1, 3, height, width] },
  });
  const bytes = writeOnnx(network.model);
  return { manifest: manifestOf(request, network.outputs, hash(bytes)), bytes };
}

function manifestOf(
  { description, file, subject, graph, taps }: ExportedBackboneRequest,
  outputs: readonly string[],
  sha256: string,
): BackboneManifest {
  const { input, size, resizes } = graph;
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
    source: `cut from ${file}`,
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
