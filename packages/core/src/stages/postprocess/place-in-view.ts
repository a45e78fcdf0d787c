/** What a map shows is a rectangle of the picture: outside of it everything is 0. */
import type { FloatMap, Mask } from "../image/image.js";
import { resizeLinearMap } from "../image/resize-linear-map.js";
import { resizeMask } from "../image/resize-mask.js";
import type { View } from "../region/mask-on-map.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A map's mask at the size of the picture, like `resizeMask` within the view. @param view of the picture, pixels. */
export function maskInView(mask: Mask, view: View, size: Size): Mask {
  const shown = resizeMask(mask, view.width, view.height);
  if (isWhole(view, size)) return shown;
  return {
    ...size,
    channels: 1,
    data: placed(shown.data, new Uint8Array(size.width * size.height), view, size),
  };
}

/**
 * A map at the size of the picture, like `resizeLinearMap` within the view.
 * @param rows only these rows of the picture matter. Default: all.
 */
export function mapInView(
  map: FloatMap,
  view: View,
  size: Size,
  rows?: { readonly from: number; readonly to: number },
): FloatMap {
  if (isWhole(view, size)) return resizeLinearMap(map, view.width, view.height, rows);
  const within = (row: number) => Math.min(Math.max(row - view.y, 0), view.height);
  const own = rows && { from: within(rows.from), to: within(rows.to) };
  const shown = resizeLinearMap(map, view.width, view.height, own);
  return { ...size, data: placed(shown.data, new Float32Array(size.width * size.height), view, size) };
}

function isWhole(view: View, size: Size): boolean {
  return view.width === size.width && view.height === size.height;
}

function placed<A extends Uint8Array | Float32Array>(from: A, to: A, view: View, size: Size): A {
  for (let y = 0; y < view.height; y++)
    to.set(from.subarray(y * view.width, (y + 1) * view.width), (view.y + y) * size.width + view.x);
  return to;
}
