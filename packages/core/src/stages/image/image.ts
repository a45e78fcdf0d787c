/** The picture types of every stage: fields only, no operations, so nothing here imports anything. */

/** 8-bit samples, row-major, interleaved: index = (y · width + x) · channels + channel. */
export interface Raster8 {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** `[height, width, channels]`, 0–255. */
  readonly data: Uint8Array;
}

/** An upright sRGB picture, `[height, width, 3]`, 0–255. */
export interface RgbImage extends Raster8 {
  readonly channels: 3;
}

/** A binary picture, `[height, width]`, 0 or 1. */
export interface Mask extends Raster8 {
  readonly channels: 1;
}

/** A picture of real numbers, `[height, width]` row-major: an anomaly map. */
export interface FloatMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Pixels that a caller already holds: 8-bit, upright, grey / grey+alpha / RGB / RGBA for 1 / 2 / 3 / 4 channels. */
export interface PixelArray {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** The formats that are read. */
export type ImageFormat = "png" | "jpeg" | "webp" | "tiff" | "bmp" | "pnm" | "gif" | "pixels";

/**
 * What a decoder gives: the stored samples, not yet interpreted. Colour management, orientation and bit depth
 * are left alone, because which pixels a model sees is decided by its profile (`to-rgb.ts`).
 */
export interface DecodedImage {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  /** Samples per pixel, alpha included. */
  readonly channels: number;
  /** Meaning of the samples; palettes are already looked up, YCbCr and YCCK already turned into rgb / cmyk. */
  readonly colour: "grey" | "rgb" | "cmyk";
  /** True when the last channel is alpha. */
  readonly alpha: boolean;
  /**
   * Uint16Array exactly when the file stores more than 8 bits per sample; 1, 2 and 4 bits are scaled to 0–255.
   * Float32Array for TIFF of real numbers, which only a range can turn into a picture (`apply-capture.ts`).
   */
  readonly data: Uint8Array | Uint16Array | Float32Array;
  /** Orientation 1–8 as EXIF and TIFF count them; 1 = upright. Width and height are as stored, before it is applied. */
  readonly orientation: number;
  /** What two readers take differently; absent = nothing of the kind. */
  readonly traits?: DecodedTraits;
}

/** Peculiarities of a file that OpenCV and Pillow turn into different pixels. */
export interface DecodedTraits {
  /** PNM: the file's largest sample (maxval), 1–65535. The samples are unscaled. */
  readonly maxValue?: number;
  /** PNM: the samples were written as decimal text (P2, P3). */
  readonly plainText?: boolean;
  /** TIFF: the file says that its colours are (premultiplied) or are not (straight) multiplied by alpha. */
  readonly alphaKind?: "straight" | "premultiplied";
  /** TIFF: grey was stored with 0 = white. The samples here are already turned to 0 = black. */
  readonly whiteIsZero?: boolean;
  /** BMP with 16 bits per pixel: how many of them are green. Samples are scaled to 0–255 (⌊v · 255 / 31⌋, green of 6: 63). */
  readonly greenBits?: 5 | 6;
}
