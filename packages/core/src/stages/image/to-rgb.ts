/**
 * From stored samples to the 8-bit RGB picture that a model sees, as one of two real readers gives it:
 * `opencv` = `cv2.imread` and BGR→RGB (OpenCV 4.8.0), `pillow` = `Image.open(…).convert("RGB")` (Pillow 10.4.0).
 * They differ in 16 bits, CMYK, orientation and alpha of TIFF; each rule was found by experiment and is pinned by
 * `fixtures/decoding`. Neither composites transparency nor applies colour profiles. What only one of them reads
 * (GIF and animated WebP: only Pillow) looks the same under both rules.
 */
import { BlemishError } from "../../errors.js";
import { cmykToRgb } from "./cmyk-to-rgb.js";
import type { DecodedImage, ImageFormat, RgbImage } from "./image.js";
import { orient } from "./orient.js";
import type { PixelRule } from "./pixel-rule.js";
import { sampleTable } from "./sample-table.js";

/** Formats whose orientation tag is obeyed. Pillow turns TIFF when it loads it, and nothing else. */
const TURNED: Readonly<Record<PixelRule, readonly ImageFormat[]>> = {
  opencv: ["jpeg", "png", "tiff"],
  pillow: ["tiff"],
};

/**
 * The RGB picture of a decoded file, `[height, width, 3]`, 0–255, turned upright where the rule does so.
 * Never changes `decoded`; where nothing has to be converted the result shares its `data`.
 * @throws IMAGE_FORMAT for real numbers, which no reader turns into a picture without being told their range
 *   (`apply-capture.ts`).
 */
export function toRgb(decoded: DecodedImage, rule: PixelRule): RgbImage {
  if (decoded.data instanceof Float32Array)
    throw new BlemishError("IMAGE_FORMAT", { subject: "The picture", found: "real numbers" });
  const { width, height } = decoded;
  const data = decoded.colour === "cmyk" ? cmykToRgb(decoded, rule) : greyOrRgb(decoded, rule);
  const image: RgbImage = { width, height, channels: 3, data };
  return TURNED[rule].includes(decoded.format) ? orient(image, decoded.orientation) : image;
}

function greyOrRgb(decoded: DecodedImage, rule: PixelRule): Uint8Array {
  const { data, colour, traits } = decoded;
  const table = sampleTable(decoded, rule);
  if (rule === "opencv" && traits?.greenBits) return keepHighBits(data, traits.greenBits);
  if (table === null && decoded.channels === 3) return data as Uint8Array;
  const rgb = colour === "grey" ? spreadGrey(decoded, table) : dropAlpha(decoded, table);
  if (colour === "rgb" && rule === "opencv" && traits?.alphaKind === "straight")
    multiply(rgb, decoded, table);
  if (colour === "rgb" && rule === "pillow" && traits?.alphaKind === "premultiplied")
    divide(rgb, decoded, table);
  return rgb;
}

function spreadGrey({ data, width, height, channels }: DecodedImage, table: Uint8Array | null): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const value = table === null ? data[from] : table[data[from]];
    rgb[to] = value;
    rgb[to + 1] = value;
    rgb[to + 2] = value;
  }
  return rgb;
}

function dropAlpha({ data, width, height, channels }: DecodedImage, table: Uint8Array | null): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    rgb[to] = table === null ? data[from] : table[data[from]];
    rgb[to + 1] = table === null ? data[from + 1] : table[data[from + 1]];
    rgb[to + 2] = table === null ? data[from + 2] : table[data[from + 2]];
  }
  return rgb;
}

/** OpenCV leaves the low bits of a 16-bit BMP pixel 0 instead of scaling to 255. */
function keepHighBits(data: ArrayLike<number>, greenBits: 5 | 6): Uint8Array {
  const rgb = new Uint8Array(data.length);
  const green = greenBits === 5 ? 0xf8 : 0xfc;
  for (let i = 0; i < rgb.length; i += 3) {
    rgb[i] = data[i] & 0xf8;
    rgb[i + 1] = data[i + 1] & green;
    rgb[i + 2] = data[i + 2] & 0xf8;
  }
  return rgb;
}

/** OpenCV reads TIFF through libtiff's RGBA interface, which multiplies straight alpha in: transparent = black. */
function multiply(rgb: Uint8Array, { data, channels }: DecodedImage, table: Uint8Array | null): void {
  for (let from = channels - 1, to = 0; to < rgb.length; from += channels, to += 3) {
    const alpha = table === null ? data[from] : table[data[from]];
    for (let i = to; i < to + 3; i++) rgb[i] = (rgb[i] * alpha + 127) / 255;
  }
}

/** Pillow divides premultiplied alpha out again. */
function divide(rgb: Uint8Array, { data, channels }: DecodedImage, table: Uint8Array | null): void {
  for (let from = channels - 1, to = 0; to < rgb.length; from += channels, to += 3) {
    const alpha = table === null ? data[from] : table[data[from]];
    if (alpha === 0 || alpha === 255) continue;
    for (let i = to; i < to + 3; i++) rgb[i] = Math.min(255, (rgb[i] * 255) / alpha);
  }
}
