/** Writes text on a canvas: one font (DejaVu Sans), any size, smooth edges, one line, no kerning. */
import type { Canvas, Colour } from "./canvas.js";
import { blendPixel } from "./canvas.js";
import { GLYPH_SIZE, GLYPHS } from "./glyphs.js";

/** Top of capital letters over the baseline, as a share of the text size. */
export const CAP_HEIGHT = 0.73;

interface Shape {
  readonly advance: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Coverage 0–1, `[height, width]`. */
  readonly coverage: Float32Array;
}

const SHAPES: ReadonlyMap<string, Shape> = new Map(
  GLYPHS.map(([character, advance, left, top, width, height, packed]) => [
    character,
    { advance, left, top, width, height, coverage: unpack(packed, width * height) },
  ]),
);

/** Width of a text in pixels, as the pen moves. Characters the font lacks count as "?". */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += shapeOf(character).advance;
  return (width * size) / GLYPH_SIZE;
}

/**
 * Writes one line into the canvas.
 *
 * @param x left end of the line, pixels; may be fractional.
 * @param baseline row on which letters stand.
 * @param size pixels per em; capital letters are 0.73 of it.
 */
export function drawText(
  canvas: Canvas,
  text: string,
  x: number,
  baseline: number,
  size: number,
  colour: Colour,
): void {
  const scale = size / GLYPH_SIZE;
  let pen = x;
  for (const character of text) {
    const shape = shapeOf(character);
    drawShape(canvas, shape, pen + shape.left * scale, baseline + shape.top * scale, scale, colour);
    pen += shape.advance * scale;
  }
}

function shapeOf(character: string): Shape {
  return SHAPES.get(character) ?? SHAPES.get("?")!;
}

function drawShape(canvas: Canvas, shape: Shape, x: number, y: number, scale: number, colour: Colour): void {
  const { width, coverage } = shape;
  if (width === 0) return;
  const columns = axisTaps(x, width, scale);
  const rows = axisTaps(y, shape.height, scale);
  for (const row of rows) {
    for (const column of columns) {
      let sum = 0;
      for (let v = 0; v < row.weights.length; v++)
        for (let h = 0; h < column.weights.length; h++)
          sum += row.weights[v]! * column.weights[h]! * coverage[(row.first + v) * width + column.first + h]!;
      // Enlarged edges are steepened back to about one pixel, so that big letters stay crisp.
      const crisp = scale > 1 ? (sum - 0.5) * scale + 0.5 : sum;
      blendPixel(canvas, column.pixel, row.pixel, colour, crisp);
    }
  }
}

/** For one pixel of the canvas: the glyph's samples `first`, `first + 1`, … and how much each counts. */
interface Tap {
  readonly pixel: number;
  readonly first: number;
  readonly weights: readonly number[];
}

/** Area averages when shrinking, linear interpolation when enlarging; nothing lies outside the glyph. */
function axisTaps(origin: number, length: number, scale: number): Tap[] {
  const reach = Math.max(1, 1 / scale);
  const taps: Tap[] = [];
  const lastPixel = Math.ceil(origin + (length + 0.5) * scale);
  for (let pixel = Math.floor(origin - 0.5 * scale); pixel <= lastPixel; pixel++) {
    const centre = (pixel + 0.5 - origin) / scale;
    const first = Math.max(Math.floor(centre - reach / 2), 0);
    const last = Math.min(Math.ceil(centre + reach / 2), length) - 1;
    const weights: number[] = [];
    for (let sample = first; sample <= last; sample++) {
      const overlap = Math.min(sample + 1, centre + reach / 2) - Math.max(sample, centre - reach / 2);
      weights.push(Math.max(overlap, 0) / reach);
    }
    if (weights.length > 0) taps.push({ pixel, first, weights });
  }
  return taps;
}

function unpack(packed: string, length: number): Float32Array {
  const coverage = new Float32Array(length);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < packed.length && at < length; i++) {
    bits = ((bits << 6) | sixBits(packed.charCodeAt(i))) & 0xfff;
    for (held += 6; held >= 4 && at < length; held -= 4) coverage[at++] = ((bits >> (held - 4)) & 15) / 15;
  }
  return coverage;
}

/** Value of a base64 character. */
function sixBits(code: number): number {
  if (code >= 97) return code - 71;
  if (code >= 65) return code - 65;
  if (code >= 48) return code + 4;
  return code === 43 ? 62 : 63;
}
