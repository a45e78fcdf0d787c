/** Measures the components of a mask: box, area, centre, extent, and the values of the anomaly map inside. */
import type { FloatMap } from "../image/image.js";
import type { Components } from "./connected-components.js";
import { regionExtent } from "./region-extent.js";
import type { RegionPlaces } from "./region-places.js";
import type { Region } from "./result.js";

/**
 * One {@link Region} for each component, in the order of `components`.
 *
 * @param map the anomaly map, of the same size as the mask the components were found in. Of equal peaks the first in
 *   raster order counts.
 * @param places what is known about pixels besides. Default: the picture's own border.
 * @param millimetresPerPixel of the picture; absent = unknown.
 */
export function measureRegions(
  components: Components,
  map: FloatMap,
  places: RegionPlaces | null = null,
  millimetresPerPixel?: number,
): Region[] {
  const facts = sumsOf(components, map);
  const ends = endsOf(components);
  const marks = places?.marksOf(components) ?? null;
  const mm = millimetresPerPixel;
  return Array.from({ length: components.count }, (_, c): Region => {
    const [area, at] = [facts.area[c], facts.peakAt[c]];
    const box = [facts.left[c], facts.top[c], facts.right[c], facts.bottom[c]] as const;
    const extent = regionExtent(ends[c]);
    return {
      box,
      area,
      peak: { value: facts.peak[c], x: at % map.width, y: Math.floor(at / map.width) },
      centroid: { x: facts.sumX[c] / area, y: facts.sumY[c] / area },
      mean: facts.sum[c] / area,
      extent:
        mm === undefined ? extent : { ...extent, lengthMm: extent.length * mm, widthMm: extent.width * mm },
      touchesBorder: marks?.[c].touchesBorder ?? reaches(box, map),
      ...(mm !== undefined && { areaMm2: area * mm * mm }),
      ...(marks?.[c].zone != null && { zone: marks[c].zone }),
    };
  });
}

function reaches([left, top, right, bottom]: Region["box"], { width, height }: FloatMap): boolean {
  return left === 0 || top === 0 || right === width - 1 || bottom === height - 1;
}

function sumsOf({ count, rows, starts, ends, labels }: Components, map: FloatMap) {
  const left = new Int32Array(count).fill(map.width);
  const right = new Int32Array(count);
  const top = new Int32Array(count).fill(-1);
  const bottom = new Int32Array(count);
  const area = new Float64Array(count);
  const sumX = new Float64Array(count);
  const sumY = new Float64Array(count);
  const sum = new Float64Array(count);
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
    let total = 0;
    for (let i = y * map.width + start, last = y * map.width + end; i < last; i++) {
      const value = map.data[i]!;
      total += value;
      if (value <= highest) continue;
      highest = value;
      peakAt[label] = i;
    }
    sum[label]! += total;
    peak[label] = highest;
  }
  return { left, right, top, bottom, area, sumX, sumY, sum, peak, peakAt };
}

/** The first and last pixel of every run of each component, x and y alternating, in raster order. */
function endsOf({ count, rows, starts, ends, labels }: Components): Int32Array[] {
  const lengths = new Int32Array(count);
  for (const label of labels) lengths[label]! += 4;
  const points = Array.from(lengths, (length) => new Int32Array(length));
  const filled = new Int32Array(count);
  for (let run = 0; run < labels.length; run++) {
    const label = labels[run]!;
    const at = filled[label]!;
    points[label]!.set([starts[run]!, rows[run]!, ends[run]! - 1, rows[run]!], at);
    filled[label] = at + 4;
  }
  return points;
}
