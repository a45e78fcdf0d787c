/**
 * Fourier transforms of small square pictures whose side is a power of two: radix-2, in float64, in place. Tables are made
 * once for a side; nothing is allocated in a transform.
 */
import { BlemishError } from "../errors.js";

/** Transforms of complex `[side, side]` pictures, row-major, real and imaginary parts apart. */
export interface SquareFourier {
  readonly side: number;
  /** F(v, u) = Σ f(y, x) · exp(−2πi (u·x + v·y) / side), in place. */
  forward(real: Float64Array, imaginary: Float64Array): void;
  /** The other way round, divided by side², in place. */
  inverse(real: Float64Array, imaginary: Float64Array): void;
}

/** @param side a power of two from 2 to 1024. @throws OPTION_VALUE for another. */
export function squareFourier(side: number): SquareFourier {
  const levels = Math.log2(side);
  if (!Number.isInteger(levels) || side < 2 || side > 1024)
    throw new BlemishError("OPTION_VALUE", {
      subject: "The side of a Fourier transform",
      expected: "a power of two from 2 to 1024",
      found: String(side),
    });
  const tables = tablesOf(side);
  const transform = (real: Float64Array, imaginary: Float64Array) => {
    for (let line = 0; line < side; line++) transformLine(real, imaginary, line * side, 1, tables);
    for (let line = 0; line < side; line++) transformLine(real, imaginary, line, side, tables);
  };
  return {
    side,
    forward: transform,
    inverse(real, imaginary) {
      // With real and imaginary parts exchanged before and after, the forward transform is the inverse one.
      transform(imaginary, real);
      const share = 1 / (side * side);
      for (let i = 0; i < real.length; i++) {
        real[i] *= share;
        imaginary[i] *= share;
      }
    },
  };
}

interface Tables {
  readonly side: number;
  /** Where each position goes when its bits are turned round. */
  readonly order: Int32Array;
  /** cos and −sin of 2πk / side for k below side / 2. */
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
  /** One line, so that columns are not walked through again and again. */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

function tablesOf(side: number): Tables {
  const order = new Int32Array(side);
  for (let i = 1; i < side; i++) order[i] = (order[i >> 1] >> 1) | (i & 1 ? side >> 1 : 0);
  const half = side >> 1;
  const angle = (k: number) => (2 * Math.PI * k) / side;
  return {
    side,
    order,
    cosine: Float64Array.from({ length: half }, (_, k) => Math.cos(angle(k))),
    sine: Float64Array.from({ length: half }, (_, k) => -Math.sin(angle(k))),
    real: new Float64Array(side),
    imaginary: new Float64Array(side),
  };
}

function transformLine(
  real: Float64Array,
  imaginary: Float64Array,
  start: number,
  step: number,
  { side, order, cosine, sine, real: re, imaginary: im }: Tables,
): void {
  for (let i = 0; i < side; i++) {
    re[order[i]] = real[start + i * step];
    im[order[i]] = imaginary[start + i * step];
  }
  for (let half = 1; half < side; half *= 2) {
    const stride = side / (2 * half);
    for (let block = 0; block < side; block += 2 * half) {
      for (let k = 0; k < half; k++) {
        const a = block + k;
        const b = a + half;
        const [c, s] = [cosine[k * stride], sine[k * stride]];
        const turnedRe = re[b] * c - im[b] * s;
        const turnedIm = re[b] * s + im[b] * c;
        re[b] = re[a] - turnedRe;
        im[b] = im[a] - turnedIm;
        re[a] += turnedRe;
        im[a] += turnedIm;
      }
    }
  }
  for (let i = 0; i < side; i++) {
    real[start + i * step] = re[i];
    imaginary[start + i * step] = im[i];
  }
}
