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

/**
 * Weighted sums along one axis: output `i` reads the source positions from `first[i]` on, weighted by
 * `weight[offset[i]..offset[i + 1]]`. Neither the beginnings nor the ends of these runs go back.
 */
export interface RunAxis<Weights extends Int32Array | Float32Array> {
  readonly first: Int32Array;
  /** One entry more than outputs. */
  readonly offset: Int32Array;
  readonly weight: Weights;
}

/** Fraction bits of fixed-point weights of runs, as in Pillow: 32 less 8 for the sample and 2 spare. */
export const RUN_WEIGHT_BITS = 22;

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
   * Pillow's fixed-point arithmetic: sums along the rows, rounded to 8 bits, then sums of these rows. Halves round up.
   * @param x weights from 0 to 2^22, at most about 2^22 in a run; `y` likewise.
   * @param out `[y, x, channels]` samples, overwritten.
   */
  filterBytes(source: ByteRows, x: RunAxis<Int32Array>, y: RunAxis<Int32Array>, out: Uint8Array): void;

  /**
   * OpenCV's arithmetic of areas: sums along the rows, then sums of these rows, tap after tap, every product and every
   * sum rounded to float32. The result times `scale` plus `shift` is rounded to a whole number, halves to even.
   * @param out `[y, x, channels]` samples, overwritten.
   */
  averageBytes(
    source: ByteRows,
    x: RunAxis<Float32Array>,
    y: RunAxis<Float32Array>,
    finish: { readonly scale: number; readonly shift: number },
    out: Uint8Array,
  ): void;

  /** The largest value, −∞ of none; NaN when a value is NaN or infinite. */
  highest(values: Float32Array): number;

  /**
   * Marks values with 1 that are above `floor` (a float32 number), or equal to it unless `strict`; others with 0.
   * @param out as long as `values`, overwritten.
   */
  mark(values: Float32Array, floor: number, strict: boolean, out: Uint8Array): void;

  /**
   * (value − middle) / span + ½, every step rounded to float32, cut to 0 and 1.
   * @param out as long as `values`, overwritten.
   */
  normalise(values: Float32Array, middle: number, span: number, out: Float32Array): void;

  /**
   * Looks up each sample of a picture and sorts the values by channel.
   * @param picture `[pixels, 3]`.
   * @param tables `[3, 256]`: channel, sample.
   * @param out `[3, pixels]`, overwritten.
   */
  planes(picture: Uint8Array, tables: Float32Array, out: Float32Array): void;

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

/**
 * Walks through the rows of a result whose rows are sums of runs of source rows. A ring holds the rows of one run: each
 * source row that is read is put into the ring once.
 *
 * @param ring rows that the ring holds: at least the longest run.
 * @param fill fills a slot of the ring from a source row.
 * @param sum makes an output row; its run begins in a slot and goes on around the ring.
 */
export function eachRun(
  y: Pick<RunAxis<Int32Array>, "first" | "offset">,
  ring: number,
  fill: (source: number, slot: number) => void,
  sum: (row: number, slot: number) => void,
): void {
  let next = 0;
  for (let row = 0; row < y.first.length; row++) {
    const first = y.first[row];
    const end = first + y.offset[row + 1] - y.offset[row];
    for (next = Math.max(next, first); next < end; next++) fill(next, next % ring);
    sum(row, first % ring);
  }
}
