/**
 * The only door to sharp (libvips): its decoders for PNG, JPEG, WebP, TIFF and GIF, and its PNG encoder. It is kept
 * from doing anything else: no colour management, no turning, no 8-bit conversion, the first page or frame only,
 * and a warning of a decoder counts as damage, because a picture that is not whole is never judged.
 */
import {
  BlemishError,
  type DecodedImage,
  type DecodedTraits,
  type ErrorCode,
  type Raster8,
} from "@blemish/core";
import sharp, { type Metadata, type SharpOptions } from "sharp";
import { checkPixels, type DecodeLimits } from "./decode-limits.js";
import { fillGifFrame } from "./fill-gif-frame.js";
import { tiffTraits } from "./tiff-traits.js";

type SharpFormat = "png" | "jpeg" | "webp" | "tiff" | "gif";

/** libvips' names of the colour spaces that are read; asking for the same space on output switches conversion off. */
const SPACES = {
  "b-w": { space: "b-w", colour: "grey", samples: 1 },
  grey16: { space: "grey16", colour: "grey", samples: 1 },
  srgb: { space: "srgb", colour: "rgb", samples: 3 },
  rgb: { space: "srgb", colour: "rgb", samples: 3 },
  rgb16: { space: "rgb16", colour: "rgb", samples: 3 },
  scrgb: { space: "scrgb", colour: "rgb", samples: 3 },
  cmyk: { space: "cmyk", colour: "cmyk", samples: 4 },
} as const;

/**
 * The stored samples of a PNG, JPEG, WebP, TIFF or GIF. Throws IMAGE_TOO_LARGE from the header alone, IMAGE_FORMAT
 * for kinds of samples that are not read (32-bit, Lab, …) and IMAGE_BROKEN when the file cannot be decoded whole.
 * Alpha beside 8-bit grey is left away by sharp; no reader shows it.
 */
export async function decodeWithSharp(
  bytes: Uint8Array,
  format: SharpFormat,
  subject: string,
  limits: DecodeLimits,
): Promise<DecodedImage> {
  // The limit is checked here, with its own message, so sharp's is switched off.
  const options: SharpOptions = { failOn: "warning", pages: 1, ignoreIcc: true, limitInputPixels: false };
  const header = await whole(subject, () => sharp(bytes, options).metadata());
  checkPixels(header.width, header.height, subject, limits);
  const { space, colour, samples, depth } = kindOf(header, subject);
  const { data, info } = await whole(subject, () =>
    sharp(bytes, options)
      .pipelineColourspace(space)
      .toColourspace(space)
      .raw({ depth })
      .toBuffer({ resolveWithObject: true }),
  );
  const { width, height, channels } = info;
  const base = {
    format,
    width,
    height,
    channels,
    colour,
    alpha: channels > samples,
    orientation: orientationOf(header),
  };
  if (format === "gif") {
    const filled = fillGifFrame(bytes, data, width, height, channels);
    return { ...base, channels: 3, alpha: false, data: filled };
  }
  const decoded = { ...base, data: SAMPLES[depth](data) };
  if (format === "tiff") return withTiffTraits(decoded, tiffTraits(bytes));
  return format === "png" && isGreyPng(bytes) ? withoutKey(decoded) : decoded;
}

/** A PNG file of 8-bit samples, 1 to 4 channels; `encode-png.ts` chooses the level. Throws IMAGE_PIXELS. */
export async function compressWithSharp(image: Raster8, compressionLevel: number): Promise<Uint8Array> {
  const { width, height, data } = image;
  const channels = image.channels as 1 | 2 | 3 | 4;
  const compress = () =>
    sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
      .toColourspace(channels < 3 ? "b-w" : "srgb")
      .png({ compressionLevel, adaptiveFiltering: false })
      .toBuffer();
  return whole("the picture to be written", async () => compress(), "IMAGE_PIXELS");
}

/** A WebP file of 8-bit samples, 1 to 4 channels, quality 1 to 100. Throws IMAGE_PIXELS. */
export async function compressWebpWithSharp(image: Raster8, quality: number): Promise<Uint8Array> {
  const { width, height, data } = image;
  const channels = image.channels as 1 | 2 | 3 | 4;
  const compress = () =>
    sharp(data, { raw: { width, height, channels }, limitInputPixels: false }).webp({ quality }).toBuffer();
  return whole("the picture to be written", async () => compress(), "IMAGE_PIXELS");
}

function kindOf(header: Metadata, subject: string) {
  const kind = SPACES[header.space as keyof typeof SPACES];
  const depth = (["uchar", "ushort", "float"] as const).find((one) => one === header.depth);
  // libvips converts real numbers to all other spaces, and whole numbers to its linear one.
  const stored = depth === "float" ? REAL.includes(header.space ?? "") : header.space !== "scrgb";
  if (kind === undefined || depth === undefined || !stored) {
    const found = `${header.space} samples of type ${header.depth}`;
    throw new BlemishError("IMAGE_FORMAT", {
      subject,
      expected: "grey, RGB or CMYK of at most 16 bits",
      found,
    });
  }
  return { ...kind, depth };
}

function orientationOf({ orientation = 1 }: Metadata): number {
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/** Spaces of files of real numbers. */
const REAL: readonly string[] = ["b-w", "scrgb"];

/** From the bytes that sharp gives to samples. */
const SAMPLES = {
  uchar: (data: Buffer) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ushort(data: Buffer) {
    const { buffer, byteOffset, byteLength } = aligned(data, 2);
    return new Uint16Array(buffer, byteOffset, byteLength / 2);
  },
  float(data: Buffer) {
    const { buffer, byteOffset, byteLength } = aligned(data, 4);
    return new Float32Array(buffer, byteOffset, byteLength / 4);
  },
};

/** A view of wider samples needs a fitting offset, which a pooled Buffer does not promise. */
function aligned(data: Buffer, bytes: number): Uint8Array {
  return data.byteOffset % bytes === 0 ? data : Uint8Array.from(data);
}

function isGreyPng(bytes: Uint8Array): boolean {
  return bytes[25] === 0;
}

/** A grey PNG stores no alpha: the channel that libvips makes of a transparent key value is taken away again. */
function withoutKey(decoded: DecodedImage): DecodedImage {
  if (!decoded.alpha) return decoded;
  const { data } = decoded;
  const grey =
    data instanceof Uint16Array ? new Uint16Array(data.length / 2) : new Uint8Array(data.length / 2);
  for (let i = 0; i < grey.length; i++) grey[i] = data[2 * i]!;
  return { ...decoded, channels: 1, alpha: false, data: grey };
}

/** libvips divides premultiplied alpha out, ⌊v · max / a⌋; this multiplies it back to what the file stores. */
function withTiffTraits(decoded: DecodedImage, traits: DecodedTraits): DecodedImage {
  if (traits.alphaKind !== "premultiplied" || !decoded.alpha) return { ...decoded, traits };
  const { channels } = decoded;
  const data = decoded.data.slice();
  const max = data instanceof Uint16Array ? 65535 : 255;
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    const alpha = data[pixel + channels - 1]!;
    for (let i = pixel; i < pixel + channels - 1; i++) data[i] = Math.ceil((data[i]! * alpha) / max);
  }
  return { ...decoded, data, traits };
}

async function whole<T>(
  subject: string,
  read: () => Promise<T>,
  code: ErrorCode = "IMAGE_BROKEN",
): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const lines = String(cause instanceof Error ? cause.message : cause).split("\n");
    const found = lines.filter((line) => line.trim() !== "").at(-1) ?? "";
    throw new BlemishError(code, { subject, found, cause });
  }
}
