/** The outline of a marked place, in a colour of its own, on a picture: not what the model says but what the user does. */
import type { Mask, RgbImage } from "../image/image.js";
import { type Colour, fillRect } from "./canvas.js";

/**
 * Draws the outer edge of a mask on a copy of the picture.
 * @param mask of the picture's size; any value but 0 is set.
 * @param thickness width of the line in pixels.
 */
export function outlineMask(image: RgbImage, mask: Mask, colour: Colour, thickness: number): RgbImage {
  const { width, height, data } = mask;
  const out = { ...image, data: image.data.slice() };
  const isSet = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0;
  const edges: [number, number][] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!isSet(x, y)) continue;
      for (const [dx, dy] of NEIGHBOURS) if (!isSet(x + dx, y + dy)) edges.push([x + dx, y + dy]);
    }
  const half = Math.floor(thickness / 2);
  for (const [x, y] of edges) fillRect(out, x - half, y - half, thickness, thickness, colour);
  return out;
}

const NEIGHBOURS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;
