/**
 * Makes a backbone of what a user brings: an ONNX network with named taps, or the weights of a torchvision-style
 * ResNet. Bytes and words in, manifest and network out; reading, hashing and writing files is the shell's.
 */
import { BlemishError } from "../errors.js";
import { dataTypeName, ONNX_TYPE } from "../onnx/data-types.js";
import { indexGraph } from "../onnx/graph-index.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import type { BackboneManifest, Tap } from "../stages/backbone/manifest.js";
import type { Interpolation } from "../stages/preprocess/steps.js";
import type { BackboneSource } from "./backbone-source.js";
import { cutGraph } from "./cut-graph.js";
import { inlineWeights } from "./inline-weights.js";
import { resnetGraph } from "./resnet-graph.js";
import { tapShapes } from "./tap-shapes.js";

/** ImageNet's mean and standard deviation as torchvision gives them, times 255. */
export const IMAGENET_INPUT = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] } as const;

/** A tap that is asked for. What is left out is read from the network; the scale is then 1. */
export interface TapChoice {
  /** A stage of a ResNet (`layer1` to `layer4`), or any value that a node of an ONNX graph computes. */
  readonly name: string;
  readonly channels?: number;
  readonly stride?: number;
  readonly scale?: number;
}

/** How a network is to be used as a backbone, where its file cannot tell. */
export interface ImportOptions {
  /** Letters, digits, dots, dashes and underscores. */
  readonly id: string;
  /** Default: layer1 to layer3 of a ResNet, all outputs of an ONNX graph. */
  readonly taps?: readonly TapChoice[];
  /** Per channel R, G, B, in units of 0–255. Default {@link IMAGENET_INPUT}. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Default `antialias`, as ImageNet networks are trained. */
  readonly resize?: Interpolation;
  /** Default: the least common multiple of the taps' strides; the input's side where it is fixed. */
  readonly multipleOf?: number;
  readonly licence?: string;
  readonly source?: string;
}

/** A backbone without a folder: the shell writes the network, hashes it and completes the manifest. */
export interface ImportedBackbone {
  readonly manifest: Omit<BackboneManifest, "sha256">;
  /** The ONNX file. */
  readonly model: Uint8Array;
  /** What was recognised, in words. */
  readonly kind: string;
}

interface Network {
  readonly model: OnnxModel;
  readonly taps: readonly { readonly name: string; readonly channels: number; readonly stride: number }[];
  readonly kind: string;
}

/**
 * The backbone that a file holds, cut at the taps.
 *
 * @param files weights outside an ONNX file: location → whole content.
 * @throws BlemishError BACKBONE naming what is wrong: a tap that is not there, channels or a stride that cannot be told,
 *   an input that is no picture, tensors that are no ResNet; MODEL_DATA_MISSING; OPTION_VALUE for options that make no sense.
 */
export function importBackbone(
  source: BackboneSource,
  options: ImportOptions,
  files: ExternalFiles = new Map(),
): ImportedBackbone {
  checkOptions(options);
  const { subject } = source;
  const network =
    source.format === "onnx"
      ? onnxNetwork(source.model, options, files, subject)
      : resnetGraph(
          source.tensors,
          (options.taps ?? []).map(({ name }) => name).concat(options.taps ? [] : RESNET_TAPS),
          subject,
        );
  const { name, side } = pictureInput(network.model, subject);
  const taps = network.taps.map((tap, at): Tap => ({ ...tap, scale: options.taps?.[at]?.scale ?? 1 }));
  return {
    manifest: {
      id: options.id,
      model: "model.onnx",
      input: {
        name,
        multipleOf: multipleOf(taps, side, options.multipleOf, subject),
        colour: "rgb",
        mean: options.mean ?? IMAGENET_INPUT.mean,
        std: options.std ?? IMAGENET_INPUT.std,
        resize: options.resize ?? "antialias",
      },
      taps,
      licence: options.licence ?? "not stated",
      source: options.source ?? `imported from ${subject}`,
    },
    model: writeOnnx(network.model),
    kind: network.kind,
  };
}

const RESNET_TAPS = ["layer1", "layer2", "layer3"];

function onnxNetwork(
  whole: OnnxModel,
  { taps }: ImportOptions,
  files: ExternalFiles,
  subject: string,
): Network {
  const choices: readonly TapChoice[] = taps ?? whole.graph.outputs.map(({ name }) => ({ name }));
  const names = choices.map(({ name }) => name);
  const model = inlineWeights(cutGraph(whole, names, subject), files, subject);
  for (const { name, elementType } of model.graph.outputs) {
    if (elementType !== ONNX_TYPE.float32)
      throw wrong(subject, `float32 in tap ${name}`, dataTypeName(elementType));
  }
  const shapes = tapShapes(model.graph);
  const found = choices.map(({ name, channels, stride }) => ({
    name,
    channels: channels ?? shapes.get(name)?.channels ?? 0,
    stride: stride ?? finite(shapes.get(name)?.stride) ?? 0,
  }));
  const untold = found.find(({ channels, stride }) => channels === 0 || stride === 0);
  if (untold !== undefined) {
    const missing = [untold.channels === 0 && "the channels", untold.stride === 0 && "the stride"].filter(
      Boolean,
    );
    throw wrong(
      subject,
      `${missing.join(" and ")} of tap ${untold.name} to be given`,
      "a graph that does not tell",
    );
  }
  const kind = `ONNX network, ${model.graph.nodes.length} of ${whole.graph.nodes.length} nodes`;
  return { model, taps: found, kind };
}

function finite(value: number | null | undefined): number | null {
  return value != null && Number.isFinite(value) ? value : null;
}

/** The one input, float32 `[1, 3, height, width]`; `side` where both are fixed, null where both are free. */
function pictureInput({ graph }: OnnxModel, subject: string): { name: string; side: number | null } {
  const { inputs } = indexGraph(graph);
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1)
    throw wrong(subject, "one input", inputs.map(({ name }) => name).join(", ") || "none");
  const { name, elementType, dims } = input;
  const found = `input ${name}, ${dataTypeName(elementType)} [${dims?.map((side) => side ?? "?").join(", ") ?? "any shape"}]`;
  const [batch, channels, height, width] = dims ?? [null, null, null, null];
  const isPicture = elementType === ONNX_TYPE.float32 && (dims === null || dims.length === 4);
  const fits = (side: unknown, value: number) => typeof side !== "number" || side === value;
  if (!isPicture || !fits(batch, 1) || !fits(channels, 3))
    throw wrong(subject, "a float32 input [1, 3, height, width]", found);
  if (typeof height !== "number" && typeof width !== "number") return { name, side: null };
  if (height !== width)
    throw wrong(subject, "an input of any size, or of a fixed size with equal sides", found);
  return { name, side: height as number };
}

function multipleOf(
  taps: readonly Tap[],
  side: number | null,
  wanted: number | undefined,
  subject: string,
): number {
  const strides = taps.reduce((multiple, { stride }) => leastCommonMultiple(multiple, stride), 1);
  const result = wanted ?? side ?? strides;
  if (result % strides !== 0)
    throw wrong(subject, `sides that are multiples of ${strides}, for whole cells of every tap`, `${result}`);
  if (side !== null && result !== side)
    throw wrong(subject, `${side}, the fixed side of the input`, `${result}`);
  return result;
}

function leastCommonMultiple(a: number, b: number): number {
  let [rest, divisor] = [a, b];
  while (divisor !== 0) [rest, divisor] = [divisor, rest % divisor];
  return (a / rest) * b;
}

function checkOptions({ id, mean, std, taps, multipleOf: multiple }: ImportOptions): void {
  const need = (ok: boolean, subject: string, expected: string, found: unknown) => {
    if (!ok) throw new BlemishError("OPTION_VALUE", { subject, expected, found: String(found) });
  };
  const isCount = (value: number | undefined) =>
    value === undefined || (Number.isSafeInteger(value) && value > 0);
  const isPositive = (value: number | undefined) =>
    value === undefined || (Number.isFinite(value) && value > 0);
  need(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id),
    "id",
    "letters, digits, dots, dashes and underscores",
    id,
  );
  need(
    mean === undefined || (mean.length === 3 && mean.every(Number.isFinite)),
    "mean",
    "three numbers",
    mean,
  );
  need(std === undefined || (std.length === 3 && std.every(isPositive)), "std", "three numbers > 0", std);
  need(isCount(multiple), "multipleOf", "a whole number > 0", multiple);
  for (const { name, channels, stride, scale } of taps ?? []) {
    need(isCount(channels), `channels of tap ${name}`, "a whole number > 0", channels);
    need(isCount(stride), `stride of tap ${name}`, "a whole number > 0", stride);
    need(isPositive(scale), `scale of tap ${name}`, "a number > 0", scale);
  }
}

function wrong(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("BACKBONE", { subject, expected, found });
}
