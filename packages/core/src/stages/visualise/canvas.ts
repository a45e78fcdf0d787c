/** What the full view is painted on: a picture that drawing functions change in place. No lettering here. */
import type { RgbImage } from "../image/image.js";

/** Red, green, blue, 0–255. */
export type Colour = readonly [number, number, number];

/** A picture under construction. Functions that take a canvas draw into its `data`. */
export type Canvas = RgbImage;

/** A canvas filled with one colour. */
export function createCanvas(width: number, height: number, colour: Colour): Canvas {
  const canvas: Canvas = { width, height, channels: 3, data: new Uint8Array(width * height * 3) };
  fillRect(canvas, 0, 0, width, height, colour);
  return canvas;
}

/** Fills a rectangle; what lies outside the canvas is not drawn. */
export function fillRect(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: Colour,
): void {
  const left = Math.max(x, 0);
  const top = Math.max(y, 0);
  const right = Math.min(x + width, canvas.width);
  const bottom = Math.min(y + height, canvas.height);
  if (right <= left) return;
  const stride = canvas.width * 3;
  for (let row = top; row < bottom; row++) {
    const start = row * stride + left * 3;
    if (row > top) canvas.data.copyWithin(start, start - stride, start - stride + (right - left) * 3);
    else for (let at = start; at < start + (right - left) * 3; at += 3) canvas.data.set(colour, at);
  }
}

/** Draws the outline of a rectangle, `thickness` pixels wide, inside its edge. */
export function strokeRect(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  thickness: number,
  colour: Colour,
): void {
  fillRect(canvas, x, y, width, thickness, colour);
  fillRect(canvas, x, y + height - thickness, width, thickness, colour);
  fillRect(canvas, x, y, thickness, height, colour);
  fillRect(canvas, x + width - thickness, y, thickness, height, colour);
}

/** Fills a rectangle whose corners are rounded with `radius`; the curve is smoothed. */
export function fillRounded(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  colour: Colour,
): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // Distance of the pixel's centre from the rectangle that the corner circles stand on.
      const dx = Math.max(radius - (column + 0.5), column + 0.5 - (width - radius), 0);
      const dy = Math.max(radius - (row + 0.5), row + 0.5 - (height - radius), 0);
      blendPixel(canvas, x + column, y + row, colour, radius - Math.hypot(dx, dy) + 0.5);
    }
  }
}

/** Puts a picture on the canvas with its top left corner at (x, y). Both must lie inside. */
export function paste(canvas: Canvas, image: RgbImage, x: number, y: number): void {
  const length = Math.min(image.width, canvas.width - x) * 3;
  const rows = Math.min(image.height, canvas.height - y);
  for (let row = 0; row < rows; row++) {
    const from = row * image.width * 3;
    canvas.data.set(image.data.subarray(from, from + length), ((y + row) * canvas.width + x) * 3);
  }
}

/** Moves one pixel towards a colour by `coverage` (limited to 0–1); outside the canvas nothing happens. */
export function blendPixel(canvas: Canvas, x: number, y: number, colour: Colour, coverage: number): void {
  if (coverage <= 0 || x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  const share = Math.min(coverage, 1);
  const at = (y * canvas.width + x) * 3;
  for (let c = 0; c < 3; c++) {
    const before = canvas.data[at + c]!;
    canvas.data[at + c] = Math.round(before + (colour[c]! - before) * share);
  }
}
