/**
 * The int8 form of a network, with ranges measured on pictures. Which numbers become integers and how is core's
 * `backbones/quantise`; here are files and the runtime.
 */
import { availableParallelism } from "node:os";
import {
  activationProbe,
  BlemishError,
  backboneSteps,
  measureActivations,
  type PreprocessStep,
  type Profile,
  preProcess,
  quantiseNetwork,
  type RgbImage,
  readOnnx,
  type Tensor,
  writeOnnx,
} from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import { type ImageSource, readImage } from "../images/read-image.js";
import { ortSession } from "../session/ort-session.js";
import type { Backbone } from "./load-backbone.js";

/** How the pictures are gone through. */
export interface QuantiseOptions {
  readonly limits?: Partial<DecodeLimits>;
  readonly signal?: AbortSignal;
  /** Called after every picture. */
  readonly onProgress?: (done: number) => void;
}

/** Pictures, as many as there are. */
export type ImageSources = Iterable<ImageSource> | AsyncIterable<ImageSource>;

/** A float32 network and what it sees of a picture. */
export interface QuantisableNetwork {
  /** The ONNX file, and what errors call it. */
  readonly bytes: Uint8Array;
  readonly name: string;
  /** Name of its input. */
  readonly input: string;
  readonly preprocessing: readonly PreprocessStep[];
  /** Network input in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Whose pixels it sees. */
  readonly profile: Profile;
}

/**
 * The int8 form of a network: uint8 activations, int8 weights for each channel. The same pictures in the same order
 * give the same bytes.
 *
 * @param pictures such as the network will see: good and bad parts, at least one.
 * @throws BlemishError BACKBONE for a network without convolutions and for no pictures, CANCELLED, and what reading a
 *   picture throws.
 */
export async function quantiseOnPictures(
  network: QuantisableNetwork,
  pictures: ImageSources,
  options: QuantiseOptions = {},
): Promise<Uint8Array> {
  const { bytes, name, input, preprocessing, size } = network;
  const model = readOnnx(bytes, name);
  const probe = activationProbe(model, name);
  const threads = availableParallelism();
  const session = await ortSession({ bytes: writeOnnx(probe.model), name }, { threads, spinning: false });
  try {
    const extremes = [0, 255].map((level) => preProcess(evenPicture(size, level), preprocessing));
    const tensors = tensorsOf(network, pictures, options);
    const facts = await measureActivations(session, probe, { name: input, tensors, extremes });
    return writeOnnx(quantiseNetwork(model, facts, name));
  } finally {
    await session.close();
  }
}

/**
 * The int8 form of a backbone. What {@link quantiseOnPictures} says holds here too.
 * @param size side of the square network input at which ranges are measured, in pixels.
 */
export async function quantiseBackbone(
  { manifest, modelBytes, folder }: Backbone,
  pictures: ImageSources,
  { size = 256, ...options }: QuantiseOptions & { readonly size?: number } = {},
): Promise<Uint8Array> {
  const { name: input, multipleOf } = manifest.input;
  if (!Number.isInteger(size) || size <= 0 || size % multipleOf !== 0)
    throw new BlemishError("OPTION_VALUE", {
      subject: "The size (--size)",
      expected: `a multiple of ${multipleOf}, in pixels`,
      found: String(size),
    });
  const network: QuantisableNetwork = {
    bytes: modelBytes,
    name: `${folder} (${manifest.model})`,
    input,
    preprocessing: backboneSteps(manifest, size, size),
    size: { width: size, height: size },
    profile: "blemish",
  };
  return quantiseOnPictures(network, pictures, options);
}

async function* tensorsOf(
  { preprocessing, profile }: QuantisableNetwork,
  pictures: ImageSources,
  { limits = {}, signal, onProgress }: QuantiseOptions,
): AsyncGenerator<Tensor, void, void> {
  let done = 0;
  for await (const source of pictures) {
    if (signal?.aborted)
      throw new BlemishError("CANCELLED", {
        subject: "Measuring the network's values",
        cause: signal.reason,
      });
    yield preProcess(await readImage(source, { profile, limits }), preprocessing);
    onProgress?.(++done);
  }
}

function evenPicture({ width, height }: { width: number; height: number }, level: number): RgbImage {
  return { width, height, channels: 3, data: new Uint8Array(3 * width * height).fill(level) };
}
