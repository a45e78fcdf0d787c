/** Pixel metrics look at what is judged alone: a defect outside of it is no miss, and a good pixel there proves nothing. */
import { markedPixels } from "../stages/region/runs.js";
import type { Runs } from "../stages/region/shapes.js";

/** Ground truth on a map: for every pixel the number of its region, 1 … count, or 0 = good. */
export interface RegionLabels {
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * The values of a map, and its ground truth, where it is judged.
 * @param judged absent = everywhere: the same objects.
 * @returns regions that are wholly outside do not count; of others only what is inside.
 */
export function judgedPixels(
  map: Float32Array,
  regions: RegionLabels | null,
  judged: Runs | undefined,
): { values: Float32Array; regions: RegionLabels | null } {
  if (judged === undefined) return { values: map, regions };
  const values = gather(map, new Float32Array(markedPixels(judged)), judged);
  if (regions === null) return { values, regions };
  const labels = gather(regions.labels, new Int32Array(values.length), judged);
  const numbers = new Map<number, number>([[0, 0]]);
  for (let i = 0; i < labels.length; i++) {
    if (!numbers.has(labels[i])) numbers.set(labels[i], numbers.size);
    labels[i] = numbers.get(labels[i]) as number;
  }
  return { values, regions: { labels, count: numbers.size - 1 } };
}

function gather<A extends Float32Array | Int32Array>(from: A, to: A, judged: Runs): A {
  for (let i = 0, at = 0; i < judged.length; i += 2) {
    to.set(from.subarray(judged[i], judged[i + 1]), at);
    at += judged[i + 1] - judged[i];
  }
  return to;
}
