/** A mask of the original picture on the pixels of an anomaly map. */
import type { Mask } from "../image/image.js";

/** A rectangle of the original picture, pixels. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A place of a map that shows a rectangle of a picture, as shares of the picture's sides. @param x, y shares of the map's. */
export function sharesOfPicture(
  { x, y }: { readonly x: number; readonly y: number },
  view: View,
  { width, height }: { readonly width: number; readonly height: number },
): { x: number; y: number } {
  if (view.width === width && view.height === height) return { x, y };
  return { x: (view.x + x * view.width) / width, y: (view.y + y * view.height) / height };
}

/**
 * The mask as a map shows it: a pixel of the map is marked when its centre lies in a marked pixel of the original.
 *
 * @param mask of the original picture; any value but 0 is marked. Not changed.
 * @param view the rectangle of the original that the map covers.
 * @param size of the map, pixels.
 * @returns 0/1
 */
export function maskOnMap(
  mask: Mask,
  view: View,
  { width, height }: { readonly width: number; readonly height: number },
): Mask {
  const data = new Uint8Array(width * height);
  const columns = Int32Array.from({ length: width }, (_, x) =>
    Math.floor(view.x + ((x + 0.5) * view.width) / width),
  );
  for (let y = 0; y < height; y++) {
    const row = Math.floor(view.y + ((y + 0.5) * view.height) / height);
    if (row < 0 || row >= mask.height) continue;
    for (let x = 0; x < width; x++) {
      const column = columns[x];
      if (column < 0 || column >= mask.width) continue;
      if (mask.data[row * mask.width + column] !== 0) data[y * width + x] = 1;
    }
  }
  return { width, height, channels: 1, data };
}
