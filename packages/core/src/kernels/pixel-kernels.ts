/**
 * The seam between plain and fast loops over all pixels of a picture. Both implementations do the same operations in
 * the same order, so they give the same bytes: `plain-pixel-kernels.ts` says what is computed, `wasm-pixel-kernels.ts`
 * does it fast. Where to read and with which weights, and the tables of colours, are decided by the stages.
 */

/** Which two source positions each output position of one axis reads. */
export interface AxisTaps {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

/** Taps of float32 interpolation; the lower neighbour has the share 1 − fraction, rounded to float32. */
export interface FloatAxis extends AxisTaps {
  /** Share of the upper neighbour. */
  readonly fraction: Float32Array;
}

/** Taps of fixed-point interpolation: weights of 11 bits, 2048 is one. */
export interface FixedAxis extends AxisTaps {
  readonly lowWeight: Int32Array;
  readonly highWeight: Int32Array;
}

/** Rows of float32 values. */
export interface FloatRows {
  /** Values in a row. */
  readonly width: number;
  readonly data: Float32Array;
}

/** Rows of 8-bit pixels. */
export interface ByteRows {
  /** Pixels in a row. */
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** Loops over whole pictures. Interpolation goes along the rows first, then between two rows. */
export interface PixelKernels {
  /**
   * Every product and every sum rounded to float32.
   * @param out `[y, x]` values, overwritten.
   */
  interpolateFloats(source: FloatRows, x: FloatAxis, y: FloatAxis, out: Float32Array): void;

  /**
   * OpenCV's fixed-point arithmetic: along the rows 11 fraction bits cut to 7, between rows each share cut to 2 bits
   * before they are added and rounded.
   * @param out `[y, x, channels]` samples, overwritten.
   */
  interpolateBytes(source: ByteRows, x: FixedAxis, y: FixedAxis, out: Uint8Array): void;

  /**
   * Looks up each sample of a picture together with the level of its pixel: the low byte of ⌊|255 · value|⌋ with the
   * value's sign, in 32-bit integers; 0 for NaN and infinities.
   * @param values `[pixels]`.
   * @param picture `[pixels, 3]`.
   * @param tables `[3, 256, 256]`: channel, level, sample.
   * @param out `[pixels, 3]`, overwritten.
   */
  colour(values: Float32Array, picture: Uint8Array, tables: Uint8Array, out: Uint8Array): void;
}

/**
 * Walks through the rows of a result. Both source rows of each are interpolated into two slots, numbered by the
 * parity of the row: neighbouring rows differ in it, so each source row is interpolated once.
 *
 * @param interpolate fills a slot from a source row.
 * @param blend makes an output row of two slots.
 */
export function eachRow(
  y: AxisTaps,
  interpolate: (source: number, slot: number) => void,
  blend: (row: number, upper: number, lower: number) => void,
): void {
  const held = [-1, -1];
  for (let row = 0; row < y.low.length; row++) {
    const low = y.low[row];
    const high = y.high[row];
    for (let source = low; source <= high; source++) {
      if (held[source & 1] === source) continue;
      interpolate(source, source & 1);
      held[source & 1] = source;
    }
    blend(row, low & 1, high & 1);
  }
}
