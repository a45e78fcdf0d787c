/** Anomaly maps and masks that are integer formulas; fixtures/metrics/cases.py computes the same, so none is kept. */
import type { FloatMap, Mask } from "@blemish/core";
import { noiseMap } from "./noise.js";

/** Some pictures of one size, as fixtures/metrics/reference.json describes them. */
export interface MapCase {
  readonly width: number;
  readonly height: number;
  /** How far a mask's pixels are lifted towards 1, in 256ths, and what they are divided by. */
  readonly lift: number;
  readonly sink: number;
  /** Number of different values; 0 = all that there are. */
  readonly levels: number;
  /** Shapes are discs `[x, y, radius]` or boxes `[left, top, right, bottom]`, edges included. */
  readonly pictures: readonly { readonly seed: number; readonly shapes: readonly (readonly number[])[] }[];
}

/** Map (values 0–1, multiples of 2⁻²⁴) and mask of every picture. */
export function mapsAndMasks(one: MapCase): { readonly map: FloatMap; readonly mask: Mask }[] {
  return one.pictures.map(({ seed, shapes }) => {
    const mask = maskOf(one, shapes);
    return { map: mapOf(one, seed, mask), mask };
  });
}

function maskOf({ width, height }: MapCase, shapes: readonly (readonly number[])[]): Mask {
  const inside = (x: number, y: number) =>
    shapes.some(([a, b, c, d]) =>
      d === undefined ? (x - a!) ** 2 + (y - b!) ** 2 <= c! ** 2 : x >= a! && y >= b! && x <= c! && y <= d,
    );
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    inside(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  return { width, height, channels: 1, data };
}

function mapOf({ width, height, lift, sink, levels }: MapCase, seed: number, mask: Mask): FloatMap {
  const one = 2 ** 24;
  const [a, b] = [noiseMap(width, height, seed), noiseMap(width, height, seed + 1)];
  const data = a.data.map((left, i) => {
    let value = Math.floor((left * b.data[i]! * 2 ** 36) / one);
    if (mask.data[i] === 1) value = Math.floor((value + Math.floor(((one - value) * lift) / 256)) / sink);
    if (levels > 0) value -= value % (one / levels);
    return value / one;
  });
  return { width, height, data };
}
