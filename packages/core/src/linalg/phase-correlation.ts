/**
 * By how much one picture lies elsewhere than another: phase correlation of small square pictures. What differs in light
 * and contrast alone does not move the peak.
 */
import { squareFourier } from "./fourier.js";

/** The spectrum of a windowed picture. */
export interface Spectrum {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Where a picture lies relative to another, in pixels: what stands at p there stands at p + (x, y) here. */
export interface FoundShift {
  readonly x: number;
  readonly y: number;
  /** Height of the peak, 0–1: 1 for pictures that differ by nothing else. 0 where one of them shows nothing. */
  readonly peak: number;
}

/** Phase correlation of `[side, side]` pictures. Its memory is used again by every call. */
export interface PhaseCorrelator {
  readonly side: number;
  /** @param picture row-major, any units; its mean does not count. */
  spectrum(picture: ArrayLike<number>): Spectrum;
  /** At most three eighths of the side in either direction. */
  shift(reference: Spectrum, other: Spectrum): FoundShift;
}

/** Frequencies count less the higher they are, down to 1/√e at this share of the highest one: there noise is. */
const BAND = 0.35;

/** Share of the mean magnitude below which a frequency is taken for noise. */
const NOISE = 0.02;

/** @param side a power of two. @throws OPTION_VALUE for another. */
export function phaseCorrelator(side: number): PhaseCorrelator {
  const fourier = squareFourier(side);
  const window = hann(side);
  const weights = lowPass(side);
  const real = new Float64Array(side * side);
  const imaginary = new Float64Array(side * side);
  const most = Math.floor((3 * side) / 8);
  return {
    side,
    spectrum(picture) {
      const spectrum = { real: windowed(picture, window), imaginary: new Float64Array(side * side) };
      fourier.forward(spectrum.real, spectrum.imaginary);
      return spectrum;
    },
    shift(reference, other) {
      if (!crossPower(reference, other, weights, real, imaginary)) return { x: 0, y: 0, peak: 0 };
      fourier.inverse(real, imaginary);
      return peakOf(real, side, most);
    },
  };
}

/** The picture without its weighted mean, faded out towards its borders. */
function windowed(picture: ArrayLike<number>, window: Float64Array): Float64Array {
  const side = window.length;
  let [sum, weight] = [0, 0];
  for (let y = 0, i = 0; y < side; y++)
    for (let x = 0; x < side; x++, i++) {
      const w = window[x] * window[y];
      sum += w * picture[i];
      weight += w;
    }
  const mean = sum / weight;
  const out = new Float64Array(side * side);
  for (let y = 0, i = 0; y < side; y++)
    for (let x = 0; x < side; x++, i++) out[i] = (picture[i] - mean) * window[x] * window[y];
  return out;
}

/** Fills in the weighted phases, scaled so that pictures alike have a peak of 1; false when one shows nothing. */
function crossPower(
  a: Spectrum,
  b: Spectrum,
  weights: Float64Array,
  real: Float64Array,
  imaginary: Float64Array,
): boolean {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    real[i] = a.real[i] * b.real[i] + a.imaginary[i] * b.imaginary[i];
    imaginary[i] = a.real[i] * b.imaginary[i] - a.imaginary[i] * b.real[i];
    sum += Math.sqrt(real[i] * real[i] + imaginary[i] * imaginary[i]);
  }
  const floor = (NOISE * sum) / weights.length;
  // Less than a thousandth of a level is rounding, not a picture.
  if (!(floor > 1e-9)) return false;
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const magnitude = Math.sqrt(real[i] * real[i] + imaginary[i] * imaginary[i]);
    const scale = weights[i] / (magnitude + floor);
    total += scale * magnitude;
    real[i] *= scale;
    imaginary[i] *= scale;
  }
  const share = weights.length / total;
  for (let i = 0; i < weights.length; i++) {
    real[i] *= share;
    imaginary[i] *= share;
  }
  return true;
}

/** The highest place within reach, and between the places around it the top of a parabola. */
function peakOf(values: Float64Array, side: number, most: number): FoundShift {
  const at = (x: number, y: number) => values[((y + side) % side) * side + ((x + side) % side)];
  let [x, y, peak] = [0, 0, Number.NEGATIVE_INFINITY];
  for (let dy = -most; dy <= most; dy++)
    for (let dx = -most; dx <= most; dx++) {
      const value = at(dx, dy);
      if (value > peak) [x, y, peak] = [dx, dy, value];
    }
  return {
    x: x + top(at(x - 1, y), peak, at(x + 1, y)),
    y: y + top(at(x, y - 1), peak, at(x, y + 1)),
    peak: Math.min(1, Math.max(0, peak)),
  };
}

/** Where the parabola through three values has its top, −½ to ½ from the middle one. */
function top(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
}

function hann(side: number): Float64Array {
  return Float64Array.from(
    { length: side },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / side),
  );
}

function lowPass(side: number): Float64Array {
  const half = side / 2;
  const square = (k: number) => (Math.min(k, side - k) / half / BAND) ** 2;
  return Float64Array.from({ length: side * side }, (_, i) =>
    i === 0 ? 0 : Math.exp(-(square(i % side) + square(Math.floor(i / side))) / 2),
  );
}
