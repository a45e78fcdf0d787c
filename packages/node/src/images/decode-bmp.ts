/**
 * BMP: 1, 4, 8, 16, 24 and 32 bits, bottom-up and top-down, run-length coded, all Windows headers and the OS/2
 * ones. sharp does not read BMP, and the npm decoders looked at lack palettes or top-down rows. Alpha is dropped
 * here already, because neither OpenCV nor Pillow lets it into the picture.
 */
import { BlemishError, type DecodedImage } from "@blemish/core";
import { type BmpHeader, readBmpHeader } from "./bmp-header.js";
import { checkPixels, type DecodeLimits } from "./decode-limits.js";
import { unpackBmpRle } from "./unpack-bmp-rle.js";

/**
 * RGB samples of 8 bits; 16-bit pixels are scaled (see `greenBits` of the traits). Throws IMAGE_TOO_LARGE from the
 * header alone, IMAGE_FORMAT naming a variant that is not read, IMAGE_BROKEN when pixels are missing.
 */
export function decodeBmp(bytes: Uint8Array, subject: string, limits: DecodeLimits): DecodedImage {
  const header = readBmpHeader(bytes, subject);
  const { width, height, bits, storage } = header;
  checkPixels(width, height, subject, limits);
  const body = bytes.subarray(header.pixels);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  // The padding of the last row may be missing.
  const needed = rowBytes * (height - 1) + Math.ceil((width * bits) / 8);
  if (storage !== "rle" && body.length < needed) {
    throw new BlemishError("IMAGE_BROKEN", { subject, found: `${body.length} of ${needed} bytes of pixels` });
  }
  const base = {
    format: "bmp",
    width,
    height,
    channels: 3,
    colour: "rgb",
    alpha: false,
    orientation: 1,
  } as const;
  switch (storage) {
    case "rle":
      return {
        ...base,
        data: fromIndices(unpackBmpRle(body, bits, width, height, subject), 8, width, header),
      };
    case "indices":
      return { ...base, data: fromIndices(body, bits, rowBytes, header) };
    case "packed": {
      const greenBits = greenBitsOf(header, subject);
      return { ...base, data: fromPacked(body, greenBits, rowBytes, header), traits: { greenBits } };
    }
    case "channels":
      return { ...base, data: fromChannels(body, rowBytes, header, subject) };
  }
}

/** Row of the file that holds row y of the picture. */
function fileRow(y: number, { height, topDown }: BmpHeader): number {
  return topDown ? y : height - 1 - y;
}

function fromIndices(body: Uint8Array, bits: number, rowBytes: number, header: BmpHeader): Uint8Array {
  const { width, height, palette } = header;
  const rgb = new Uint8Array(width * height * 3);
  const lowest = 2 ** bits - 1;
  for (let y = 0, to = 0; y < height; y++) {
    const row = fileRow(y, header) * rowBytes;
    for (let bit = 0; bit < width * bits; bit += bits, to += 3) {
      const index = (body[row + (bit >> 3)]! >> (8 - bits - (bit & 7))) & lowest;
      rgb[to] = palette[3 * index]!;
      rgb[to + 1] = palette[3 * index + 1]!;
      rgb[to + 2] = palette[3 * index + 2]!;
    }
  }
  return rgb;
}

function greenBitsOf({ masks }: BmpHeader, subject: string): 5 | 6 {
  const text = masksText(masks);
  if (text === "7c00 3e0 1f") return 5;
  if (text === "f800 7e0 1f") return 6;
  throw new BlemishError("IMAGE_FORMAT", { subject, found: `a 16-bit BMP with channel masks ${text}` });
}

function fromPacked(body: Uint8Array, greenBits: 5 | 6, rowBytes: number, header: BmpHeader): Uint8Array {
  const { width, height } = header;
  const rgb = new Uint8Array(width * height * 3);
  const greens = 2 ** greenBits - 1;
  for (let y = 0, to = 0; y < height; y++) {
    let from = fileRow(y, header) * rowBytes;
    for (let x = 0; x < width; x++, from += 2, to += 3) {
      const pixel = body[from]! | (body[from + 1]! << 8);
      rgb[to] = (((pixel >> (5 + greenBits)) & 31) * 255) / 31;
      rgb[to + 1] = (((pixel >> 5) & greens) * 255) / greens;
      rgb[to + 2] = ((pixel & 31) * 255) / 31;
    }
  }
  return rgb;
}

function fromChannels(body: Uint8Array, rowBytes: number, header: BmpHeader, subject: string): Uint8Array {
  const { width, height, bits } = header;
  const [red, green, blue] = byteOffsets(header, subject);
  const rgb = new Uint8Array(width * height * 3);
  const pixelBytes = bits / 8;
  for (let y = 0, to = 0; y < height; y++) {
    let from = fileRow(y, header) * rowBytes;
    for (let x = 0; x < width; x++, from += pixelBytes, to += 3) {
      rgb[to] = body[from + red]!;
      rgb[to + 1] = body[from + green]!;
      rgb[to + 2] = body[from + blue]!;
    }
  }
  return rgb;
}

/** Byte of a pixel that holds each channel. */
function byteOffsets({ masks }: BmpHeader, subject: string): [number, number, number] {
  const offsets = masks.map((mask) => [0xff, 0xff00, 0xff0000, 0xff000000].indexOf(mask));
  if (offsets.includes(-1)) {
    throw new BlemishError("IMAGE_FORMAT", {
      subject,
      found: `a 32-bit BMP with channel masks ${masksText(masks)}`,
    });
  }
  return offsets as [number, number, number];
}

function masksText(masks: readonly number[]): string {
  return masks.map((mask) => mask.toString(16)).join(" ");
}
