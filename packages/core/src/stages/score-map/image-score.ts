/** One number for a picture from its anomaly map. */
import type { FloatMap } from "../image/image.js";

/** `max` = the map's maximum (Anomalib); `top1%` = the mean of its highest hundredth. */
export type ScoreRule = "max" | "top1%";

/** The image score of a map, in the map's units. */
export function imageScore(map: FloatMap, rule: ScoreRule): number {
  return rule === "max"
    ? maximum(map.data)
    : topMean(map.data, Math.max(1, Math.floor(map.data.length / 100)));
}

function maximum(values: Float32Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i] > highest) highest = values[i];
  return highest;
}

/** Mean of the `count` largest values: a partial selection on a copy, then a plain sum in ascending order. */
function topMean(values: Float32Array, count: number): number {
  const floor = lowerBound(values, count);
  const top = values.filter((value) => value >= floor).sort();
  let sum = 0;
  for (let i = top.length - count; i < top.length; i++) sum += top[i];
  return sum / count;
}

/** A value that at least `count` values reach, and few more: found on a histogram. */
function lowerBound(values: Float32Array, count: number): number {
  const highest = maximum(values);
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i] < lowest) lowest = values[i];
  const bins = 1024;
  const scale = (bins - 1) / (highest - lowest);
  if (!Number.isFinite(scale)) return lowest;
  const histogram = new Int32Array(bins);
  for (let i = 0; i < values.length; i++) histogram[Math.floor((values[i] - lowest) * scale)]++;
  let bin = bins - 1;
  for (let reached = histogram[bin]; reached < count; reached += histogram[bin]) bin--;
  return bin === 0 ? lowest : lowest + (bin - 0.01) / scale;
}
