/** Which zone every pixel of a picture belongs to. */
import type { Mask } from "../image/image.js";
import type { View } from "../region/mask-on-map.js";
import type { DecisionZone } from "./decision.js";
import { zoneLabels, zoneOf } from "./zone-labels.js";

/** Sides in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Zones are parts of the map: a pixel of the picture has the zone of the map pixel that its centre lies in.
 *
 * @param map size of the map.
 * @param view the rectangle of the picture that the map shows.
 * @param picture its size.
 * @returns for each pixel 1 + number of its zone, 0 = none.
 */
export function zonesInPicture(
  zones: readonly Pick<DecisionZone, "runs">[],
  map: Size,
  view: View,
  { width, height }: Size,
): Mask {
  const onMap = zoneLabels({ zones }, map.width, map.height);
  const columns = Int32Array.from({ length: width }, (_, x) => placeOnMap(x, view.x, view.width, map.width));
  const data = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = placeOnMap(y, view.y, view.height, map.height);
    for (let x = 0; x < width; x++, to++)
      if (row >= 0 && columns[x] >= 0) data[to] = zoneOf(onMap[row * map.width + columns[x]]) + 1;
  }
  return { width, height, channels: 1, data };
}

/** The map pixel that shows the centre of a picture's pixel along one side, −1 outside of the view. */
function placeOnMap(at: number, start: number, length: number, size: number): number {
  const place = Math.floor(((at + 0.5 - start) / length) * size);
  return place >= 0 && place < size ? place : -1;
}
