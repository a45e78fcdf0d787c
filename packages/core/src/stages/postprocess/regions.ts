/** Measures the components of a mask: box, area, centre, and the peak of the anomaly map inside. */
import type { FloatMap } from "../image/image.js";
import type { Components } from "./connected-components.js";
import type { Region } from "./result.js";

/**
 * One {@link Region} for each component, in the order of `components`.
 *
 * @param map the anomaly map, of the same size as the mask the components were found in. Of equal peaks the first in
 *   raster order counts.
 */
export function measureRegions(components: Components, map: FloatMap): Region[] {
  const { count, rows, starts, ends, labels } = components;
  const left = new Int32Array(count).fill(map.width);
  const right = new Int32Array(count);
  const top = new Int32Array(count).fill(-1);
  const bottom = new Int32Array(count);
  const area = new Float64Array(count);
  const sumX = new Float64Array(count);
  const sumY = new Float64Array(count);
  const peak = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const peakAt = new Float64Array(count);

  for (let run = 0; run < labels.length; run++) {
    const label = labels[run]!;
    const y = rows[run]!;
    const start = starts[run]!;
    const end = ends[run]!;
    if (start < left[label]!) left[label] = start;
    if (end - 1 > right[label]!) right[label] = end - 1;
    if (top[label]! < 0) top[label] = y;
    bottom[label] = y;
    area[label]! += end - start;
    sumX[label]! += ((start + end - 1) * (end - start)) / 2;
    sumY[label]! += y * (end - start);
    let highest = peak[label]!;
    for (let i = y * map.width + start, last = y * map.width + end; i < last; i++) {
      if (map.data[i]! <= highest) continue;
      highest = map.data[i]!;
      peakAt[label] = i;
    }
    peak[label] = highest;
  }

  return Array.from({ length: count }, (_, c): Region => {
    const at = peakAt[c]!;
    return {
      box: [left[c]!, top[c]!, right[c]!, bottom[c]!],
      area: area[c]!,
      peak: { value: peak[c]!, x: at % map.width, y: Math.floor(at / map.width) },
      centroid: { x: sumX[c]! / area[c]!, y: sumY[c]! / area[c]! },
    };
  });
}
