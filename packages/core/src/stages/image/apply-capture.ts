/**
 * Stored samples → 8 bits, by what a user stated of the camera: the colours of a raw frame in the samples' own precision,
 * then (v − min) / (max − min) · 255, clipped, rounded half to even. Nothing is guessed from the samples.
 */
import { BlemishError } from "../../errors.js";
import type { Capture } from "./capture.js";
import { demosaicRow } from "./demosaic.js";
import type { DecodedImage, DecodedTraits } from "./image.js";

/** Samples that become 0 and 255. */
type Range = NonNullable<Capture["range"]>;

/**
 * The file's samples in 8 bits, ready for `toRgb`; the same object where neither a range nor a colour filter is stated.
 *
 * - A range counts in the numbers that the file stores: of PGM/PPM before its maxval, of a white-is-zero TIFF before it is
 *   turned (its minimum becomes white). 1, 2 and 4 bits count as the 0–255 that they are scaled to. Alpha is left as it is.
 * - A raw frame without a range takes the whole range of its file: maxval, else 0–255 or 0–65,535.
 *
 * @param subject the picture in errors.
 * @throws PICTURE_CAPTURE for a range that reaches beyond what the file's samples can hold, CMYK, a filter over other than
 *   one sample a pixel or fewer than 2 × 2 pixels; IMAGE_FORMAT for real numbers without a range; PICTURE_SAMPLES for NaN
 *   and infinity.
 */
export function applyCapture(
  decoded: DecodedImage,
  capture: Capture | undefined,
  subject: string,
): DecodedImage {
  const { range, bayer } = capture ?? {};
  if (decoded.data instanceof Float32Array) checkReal(decoded.data, range, subject);
  else if (range === undefined && bayer === undefined) return decoded;
  checkKind(decoded, range, bayer !== undefined, subject);
  const full = range ?? { min: 0, max: decoded.traits?.maxValue ?? largestSample(decoded) };
  const {
    maxValue: _,
    plainText: _text,
    whiteIsZero = false,
    greenBits: _bits,
    ...traits
  } = decoded.traits ?? {};
  const to8 = scale(full, whiteIsZero, decoded);
  const mapped =
    bayer === undefined
      ? { data: mapSamples(decoded, to8) }
      : { data: mapRaw(decoded, bayer, to8), channels: 3, colour: "rgb" as const };
  return { ...decoded, ...mapped, traits: traits satisfies DecodedTraits };
}

/** Largest sample that the file's type holds. */
function largestSample({ data }: DecodedImage): number {
  return data instanceof Uint8Array ? 255 : 65535;
}

type To8 = (sample: number) => number;

/** The 8-bit value of a sample, exact quarters of samples included. */
function scale({ min, max }: Range, whiteIsZero: boolean, decoded: DecodedImage): To8 {
  // Whole numbers of a white-is-zero file come turned around; real numbers do not.
  const turned = decoded.data instanceof Float32Array ? null : largestSample(decoded);
  const span = max - min;
  const straight: To8 = (sample) => {
    if (sample <= min) return 0;
    if (sample >= max) return 255;
    return halfToEven(((sample - min) * 255) / span);
  };
  if (!whiteIsZero) return straight;
  return (sample) => 255 - straight(turned === null ? sample : turned - sample);
}

function halfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}

function mapSamples({ data, alpha, channels }: DecodedImage, to8: To8): Uint8Array {
  const out = new Uint8Array(data.length);
  if (data instanceof Float32Array) for (let i = 0; i < out.length; i++) out[i] = to8(data[i]);
  else {
    const table = Uint8Array.from({ length: data instanceof Uint16Array ? 65536 : 256 }, (_, v) => to8(v));
    for (let i = 0; i < out.length; i++) out[i] = table[data[i]];
  }
  if (alpha) copyAlpha(data, out, channels);
  return out;
}

/** Alpha is no sample of the camera: 16 bits become 8 as OpenCV's libtiff rounds them. */
function copyAlpha(data: DecodedImage["data"], out: Uint8Array, channels: number): void {
  const deep = data instanceof Uint16Array;
  for (let i = channels - 1; i < out.length; i += channels)
    out[i] = deep ? Math.floor((data[i] + 128) / 257) : data[i];
}

/** Colours first and 8 bits then: one row of means is held at a time. */
function mapRaw(frame: DecodedImage, pattern: NonNullable<Capture["bayer"]>, to8: To8): Uint8Array {
  const { width, height } = frame;
  const out = new Uint8Array(3 * width * height);
  const row = new Float32Array(3 * width);
  for (let y = 0, at = 0; y < height; y++) {
    demosaicRow(frame, pattern, y, row);
    for (let i = 0; i < row.length; i++) out[at++] = to8(row[i]);
  }
  return out;
}

function checkReal(data: Float32Array, range: Range | undefined, subject: string): void {
  if (range === undefined)
    throw new BlemishError("IMAGE_FORMAT", {
      subject,
      expected: "samples of at most 16 bits, or a stated range (--range) of samples that are real numbers",
      found: "real numbers without a range",
    });
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      throw new BlemishError("PICTURE_SAMPLES", { subject, found: String(data[i]) });
}

function checkKind(decoded: DecodedImage, range: Range | undefined, raw: boolean, subject: string): void {
  const { colour, channels, data, width, height } = decoded;
  const kind = `${channels} samples a pixel (${colour})`;
  if (raw && (colour !== "grey" || channels !== 1))
    throw refused(subject, "a raw frame: one sample a pixel behind the colour filter (--bayer)", kind);
  if (raw && (width < 2 || height < 2))
    throw refused(subject, "a raw frame of at least 2 × 2 pixels (--bayer)", `${width} × ${height}`);
  if (range === undefined) return;
  if (colour === "cmyk") throw refused(subject, "grey or RGB samples, of which a range is stated", kind);
  const largest = data instanceof Float32Array ? Number.POSITIVE_INFINITY : largestSample(decoded);
  if (range.max > largest)
    throw refused(
      subject,
      `samples that can reach ${range.max}, as the stated range ${range.min}..${range.max} does`,
      `a file of ${largest === 255 ? 8 : 16} bits a sample`,
    );
}

function refused(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("PICTURE_CAPTURE", { subject, expected, found });
}
