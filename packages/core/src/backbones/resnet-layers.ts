/**
 * The weights of a torchvision-style ResNet: names as torchvision and timm give them (`layer1.0.conv1.weight`), in
 * safetensors. Gives convolutions with their batch normalisation folded in, and refuses what is no plain ResNet.
 */
import type { SafeTensors } from "../bundle/safetensors.js";
import { BlemishError } from "../errors.js";
import { nearNames } from "./near-names.js";

/** torch's default epsilon, which torchvision's ResNets use. */
const EPSILON = 1e-5;

/** A convolution with a bias and nothing behind it. */
export interface Convolution {
  /** Name of its layer, without the prefix of the file. */
  readonly name: string;
  readonly outputs: number;
  /** Input channels of one group. */
  readonly inputs: number;
  /** Side of the kernel. */
  readonly kernel: number;
  /** `[outputs, inputs, kernel, kernel]`. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** Access to the layers of one file; remembers what was read. */
export interface ResnetLayers {
  has(tensor: string): boolean;
  /**
   * The convolution `conv`, with the batch normalisation `norm` folded in where the file has one: factor =
   * γ / √(variance + 1e-5), in float64, rounded once.
   * @throws BlemishError BACKBONE naming the tensor that is missing or does not fit.
   */
  convolution(conv: string, norm: string, kernel: number): Convolution;
  /** @throws BlemishError BACKBONE naming a tensor of the first `stages` stages that no layer has asked for. */
  checkAllRead(stages: number): void;
  /** The error for this file. */
  wrong(expected: string, found: string): BlemishError;
}

const FIRST_BLOCK = "layer1.0.conv1.weight";

/** The tensors of one file. */
interface TensorFile {
  readonly arrays: SafeTensors["arrays"];
  readonly names: readonly string[];
  readonly prefix: string;
  /** Full names of the tensors that were asked for. */
  readonly read: Set<string>;
  wrong(expected: string, found: string): BlemishError;
}

/**
 * The layers of a file. Names may have a common prefix (`backbone.`).
 * @throws BlemishError BACKBONE when it holds no ResNet.
 */
export function resnetLayers({ arrays }: SafeTensors, subject: string): ResnetLayers {
  const names = Object.keys(arrays);
  const wrong = (expected: string, found: string) =>
    new BlemishError("BACKBONE", { subject, expected, found });
  const first = names.find((name) => name === FIRST_BLOCK || name.endsWith(`.${FIRST_BLOCK}`));
  if (first === undefined) {
    const near = nearNames(FIRST_BLOCK, names);
    const found =
      near.length > 0
        ? `similar names ${near.join(", ")}`
        : `tensors ${names.slice(0, 6).join(", ") || "none"}`;
    throw wrong(`the tensors of a ResNet as torchvision names them, ${FIRST_BLOCK} among them`, found);
  }
  const prefix = first.slice(0, -FIRST_BLOCK.length);
  const file: TensorFile = { arrays, names, prefix, read: new Set(), wrong };
  return {
    has: (tensor) => hasTensor(file, tensor),
    convolution: (conv, norm, kernel) => readConvolution(file, conv, norm, kernel),
    checkAllRead: (stages) => checkAllRead(file, stages),
    wrong,
  };
}

function hasTensor({ arrays, prefix }: TensorFile, name: string): boolean {
  return Object.hasOwn(arrays, prefix + name);
}

/** @param shape null = any side. */
function readTensor(file: TensorFile, name: string, shape: readonly (number | null)[]) {
  const { arrays, names, prefix, read, wrong } = file;
  const full = prefix + name;
  const found = hasTensor(file, name) ? arrays[full] : undefined;
  if (found === undefined)
    throw wrong(`tensor ${full}`, `similar names ${nearNames(full, names).join(", ") || "none"}`);
  read.add(full);
  const { type, shape: sides, data } = found;
  const fits =
    sides.length === shape.length && sides.every((side, at) => side > 0 && side === (shape[at] ?? side));
  if (type !== "F32" || !fits || !(data instanceof Float32Array)) {
    const wanted = shape.map((side) => side ?? "any").join(", ");
    throw wrong(`${full} as F32 [${wanted}]`, `${type} [${sides.join(", ")}]`);
  }
  if (!data.every(Number.isFinite)) throw wrong(`finite numbers in ${full}`, "NaN or infinity");
  return { shape: sides, data };
}

const NORM_PARTS = ["weight", "bias", "running_mean", "running_var"] as const;

function readConvolution(file: TensorFile, conv: string, norm: string, kernel: number): Convolution {
  const { prefix, wrong } = file;
  const { shape, data } = readTensor(file, `${conv}.weight`, [null, null, kernel, kernel]);
  const [outputs, inputs] = shape;
  const vector = (name: string) => readTensor(file, name, [outputs]).data;
  const plain = hasTensor(file, `${conv}.bias`) ? vector(`${conv}.bias`) : null;
  const about = { name: conv, outputs, inputs, kernel };
  if (!NORM_PARTS.some((part) => hasTensor(file, `${norm}.${part}`))) {
    if (plain !== null) return { ...about, weight: data, bias: plain };
    throw wrong(`batch normalisation ${prefix}${norm} or ${prefix}${conv}.bias`, "neither");
  }
  const statistics = NORM_PARTS.map((part) => vector(`${norm}.${part}`));
  const folded = fold(data, plain, statistics);
  if (!folded.weight.every(Number.isFinite) || !folded.bias.every(Number.isFinite))
    throw wrong(`variances ≥ 0 in ${prefix}${norm}.running_var`, "a negative one");
  return { ...about, ...folded };
}

function checkAllRead({ names, prefix, read, wrong }: TensorFile, stages: number): void {
  const own = new RegExp(`^(conv|bn|layer[1-${stages}]\\.)`);
  const isOwn = (name: string) => name.startsWith(prefix) && own.test(name.slice(prefix.length));
  const ignored = names.find(
    (name) => isOwn(name) && !read.has(name) && !name.endsWith(".num_batches_tracked"),
  );
  if (ignored !== undefined) throw wrong("a plain ResNet", `a tensor that it does not have, ${ignored}`);
}

function fold(
  weight: Float32Array,
  plain: Float32Array | null,
  [gamma, beta, mean, variance]: readonly Float32Array[],
): { weight: Float32Array; bias: Float32Array } {
  const factors = Float64Array.from(
    gamma,
    (value, channel) => value / Math.sqrt(variance[channel] + EPSILON),
  );
  const perChannel = weight.length / gamma.length;
  return {
    weight: weight.map((value, at) => value * factors[Math.floor(at / perChannel)]),
    bias: beta.map((value, channel) => value + ((plain?.[channel] ?? 0) - mean[channel]) * factors[channel]),
  };
}
