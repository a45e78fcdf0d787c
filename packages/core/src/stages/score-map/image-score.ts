/** One number for a picture from its anomaly map. */
import type { MapKernels } from "../../kernels/map-kernels.js";
import { plainMapKernels } from "../../kernels/plain-map-kernels.js";
import type { FloatMap } from "../image/image.js";

/**
 * `max` = the map's maximum (Anomalib); `top1%` = the mean of its highest hundredth; `region` = the highest level at which a
 * region passes the filters of its zone (`stages/decision/region-score.ts`), the maximum without filters and zones.
 */
export type ScoreRule = "max" | "top1%" | "region";

/**
 * The image score of a map, in the map's units. Filters and zones are not known here.
 * @param kernels give the same score whichever they are.
 * @param scratch of `scoreScratch(map.data.length)` values, overwritten; compiled kernels want it in their memory.
 * @param judged how many of the values are judged; the others are 0, the least that there is. A hundredth is one of these.
 */
export function imageScore(
  map: FloatMap,
  rule: ScoreRule,
  kernels: MapKernels = plainMapKernels,
  scratch: Float32Array = new Float32Array(scoreScratch(map.data.length)),
  judged: number = map.data.length,
): number {
  return rule === "top1%" ? topMean(map.data, topCount(judged), kernels, scratch) : kernels.maximum(map.data);
}

/** Values that a score needs room for beside a map of `count` values. */
export function scoreScratch(count: number): number {
  return 2 * topCount(count);
}

/** A hundredth, at least one. */
function topCount(count: number): number {
  return Math.max(1, Math.floor(count / 100));
}

/** Mean of the largest hundredth: a plain sum in ascending order. NaN where fewer values are numbers. */
function topMean(values: Float32Array, wanted: number, kernels: MapKernels, scratch: Float32Array): number {
  const { floor, reached, above } = findFloor(values, wanted, kernels);
  if (reached < wanted) return Number.NaN;
  // More equal values than there is room for: those above them, and as many of the equals as are missing.
  const tied = reached > scratch.length;
  const held = tied ? kernels.countAtLeast(values, above) : reached;
  kernels.collectAtLeast(values, tied ? above : floor, scratch);
  const top = scratch.subarray(0, held).sort();
  let sum = tied ? (wanted - held) * floor : 0;
  for (let i = Math.max(0, held - wanted); i < held; i++) sum += top[i];
  return sum / wanted;
}

interface Floor {
  /** A float32 number that `reached` values reach: `wanted`, and fewer than twice as many or all equal to it. */
  readonly floor: number;
  readonly reached: number;
  /** A float32 number above it that fewer than `wanted` values reach: the next one where values are equal. */
  readonly above: number;
}

/**
 * Searches downwards from the maximum, first in growing steps, then by halves. The steps go along the float32 numbers
 * themselves, so that the search ends whatever the distribution.
 */
function findFloor(values: Float32Array, wanted: number, kernels: MapKernels): Floor {
  let above = Math.min(placeOf(kernels.maximum(values)) + 1, HIGHEST);
  let step = FIRST_STEP;
  let place = above;
  let reached = 0;
  while (reached < wanted && place > LOWEST) {
    if (place < above) above = place;
    place = Math.max(place - step, LOWEST);
    step *= 2;
    reached = kernels.countAtLeast(values, numberAt(place));
  }
  while (reached > 2 * wanted && above - place > 1) {
    const middle = place + Math.floor((above - place) / 2);
    const count = kernels.countAtLeast(values, numberAt(middle));
    if (count < wanted) above = middle;
    else [place, reached] = [middle, count];
  }
  return { floor: numberAt(place), reached, above: numberAt(above) };
}

/** An eighth of the float32 numbers between one power of two and the next. */
const FIRST_STEP = 1 << 20;

const asFloat = new Float32Array(1);
const asInteger = new Int32Array(asFloat.buffer);

/** Where a float32 number stands in their order, 0 being 0: neighbours are 1 apart. */
function placeOf(value: number): number {
  asFloat[0] = value;
  return asInteger[0] < 0 ? -(asInteger[0] & 0x7fffffff) : asInteger[0];
}

/** The number at a place of the order. */
function numberAt(place: number): number {
  asInteger[0] = place < 0 ? -place | 0x80000000 : place;
  return asFloat[0];
}

const LOWEST = placeOf(Number.NEGATIVE_INFINITY);
const HIGHEST = placeOf(Number.POSITIVE_INFINITY) + 1;
