/**
 * The image score that asks for regions: the highest level at which one region of the map passes the filter of its zone.
 * Multiplying a map multiplies the score. A region that is drawn at a lower level counts when it holds one that passes: so
 * a picture's score reaches a threshold exactly when a region drawn at this threshold counts, and the order of scores is
 * that of calls. Only with regions at the border it makes a difference: a region that has grown to the border counts when
 * its hottest part passes while it stands free.
 *
 * Pixels are joined from the highest down (union-find) until a region passes. Only as many as that takes are sorted.
 */
import type { RegionFilter } from "./decision.js";
import { AT_BORDER, zoneOf } from "./zone-labels.js";

/**
 * Scores a map `[height · width]` of float32 numbers of 0 or more; arrays are made once and used for every picture.
 * @returns the score of each zone, a float32 number in the map's units; 0 where no region passes at any level above 0. The
 *   array is overwritten by the next call.
 */
export type RegionScorer = (map: Float32Array) => Float64Array;

/** Pixels that are sorted first; then four times as many, until a region passes. */
const FIRST_SORTED = 512;

/**
 * Prepares the scores of maps of one size.
 * @param labels of the map's pixels, see `zoneLabels`.
 * @param filters one for each zone.
 */
export function regionScorer(
  labels: Uint8Array,
  filters: readonly RegionFilter[],
  width: number,
): RegionScorer {
  const scores = new Float64Array(filters.length);
  const members = filters.map((_, zone) => Int32Array.from(pixelsOf(labels, zone)));
  const room = workRoom(labels.length, Math.max(0, ...members.map(({ length }) => length)));
  return (map) => {
    for (const [zone, filter] of filters.entries())
      scores[zone] = zoneScore(map, { labels, width, zone, filter, pixels: members[zone], room });
    return scores;
  };
}

/** The highest level at which a peak is high enough, a float32 number. */
export function levelOfPeak(peak: number, minPeak: number): number {
  return minPeak <= 0.5 ? peak : Math.fround(peak / (2 * minPeak));
}

function pixelsOf(labels: Uint8Array, zone: number): number[] {
  const pixels: number[] = [];
  for (let i = 0; i < labels.length; i++) if (zoneOf(labels[i]) === zone) pixels.push(i);
  return pixels;
}

/** Arrays that every zone and picture uses again. */
interface WorkRoom {
  /** Root of each pixel, −1 = not joined yet. All −1 between two calls. */
  readonly parents: Int32Array;
  /** Of a root: pixels of its region, and whether it touches the border. */
  readonly areas: Int32Array;
  readonly touching: Uint8Array;
  /** Candidates for the sorted pixels and their values' bits, and the second half of the sort. */
  readonly pixels: Int32Array;
  readonly keys: Uint32Array;
  readonly otherPixels: Int32Array;
  readonly otherKeys: Uint32Array;
  readonly counts: Uint32Array;
  readonly samples: Float32Array;
}

function workRoom(size: number, most: number): WorkRoom {
  return {
    parents: new Int32Array(size).fill(-1),
    areas: new Int32Array(size),
    touching: new Uint8Array(size),
    pixels: new Int32Array(most),
    keys: new Uint32Array(most),
    otherPixels: new Int32Array(most),
    otherKeys: new Uint32Array(most),
    counts: new Uint32Array(1 << 11),
    samples: new Float32Array(1024),
  };
}

interface ZoneWork {
  readonly labels: Uint8Array;
  readonly width: number;
  readonly zone: number;
  readonly filter: RegionFilter;
  /** All pixels of the zone. */
  readonly pixels: Int32Array;
  readonly room: WorkRoom;
}

function zoneScore(map: Float32Array, work: ZoneWork): number {
  const { filter, pixels } = work;
  if (pixels.length < filter.minArea) return 0;
  if (filter.minArea <= 1 && filter.minPeak <= 0.5 && !filter.ignoreTouchingBorder)
    return highestOf(map, pixels);
  for (let wanted = FIRST_SORTED; ; wanted *= 4) {
    const whole = wanted >= pixels.length;
    const floor = whole ? Number.NEGATIVE_INFINITY : floorOf(map, wanted, work);
    const count = collect(map, floor, work);
    sortDescending(count, work.room);
    const score = joinDown(map, count, work);
    for (let i = 0; i < count; i++) work.room.parents[work.room.pixels[i]] = -1;
    if (score !== null) return Math.max(score, 0);
    if (whole) return 0;
  }
}

function highestOf(map: Float32Array, pixels: Int32Array): number {
  let highest = 0;
  for (let i = 0; i < pixels.length; i++) {
    const value = map[pixels[i]];
    if (value > highest) highest = value;
  }
  return highest;
}

/** A value that about `wanted` pixels reach, judged by evenly spaced samples; a wrong guess costs time, never the score. */
function floorOf(map: Float32Array, wanted: number, { pixels, room }: ZoneWork): number {
  const samples = room.samples.subarray(0, Math.min(pixels.length, room.samples.length));
  const step = pixels.length / samples.length;
  for (let i = 0; i < samples.length; i++) samples[i] = map[pixels[Math.floor(i * step)]];
  samples.sort();
  const share = wanted / pixels.length;
  return samples[Math.max(0, Math.floor(samples.length * (1 - share)) - 1)];
}

const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);

/** Puts the zone's pixels from a value upwards into the room, in raster order. @returns how many. */
function collect(map: Float32Array, floor: number, { pixels, room }: ZoneWork): number {
  let count = 0;
  for (let i = 0; i < pixels.length; i++) {
    const value = map[pixels[i]];
    if (value < floor) continue;
    asFloat[0] = value > 0 ? value : 0;
    room.pixels[count] = pixels[i];
    // Bits of numbers of 0 or more stand in their order.
    room.keys[count++] = asBits[0];
  }
  return count;
}

/** Sorts the room's first pixels by their keys, the highest first: three rounds by eleven bits. */
function sortDescending(count: number, room: WorkRoom): void {
  const { counts } = room;
  let [pixels, keys, toPixels, toKeys] = [room.pixels, room.keys, room.otherPixels, room.otherKeys];
  for (let shift = 0; shift < 33; shift += 11) {
    counts.fill(0);
    for (let i = 0; i < count; i++) counts[(keys[i] >>> shift) & 2047]++;
    let start = 0;
    for (let digit = 2047; digit >= 0; digit--) {
      const own = counts[digit];
      counts[digit] = start;
      start += own;
    }
    for (let i = 0; i < count; i++) {
      const place = counts[(keys[i] >>> shift) & 2047]++;
      toPixels[place] = pixels[i];
      toKeys[place] = keys[i];
    }
    [pixels, keys, toPixels, toKeys] = [toPixels, toKeys, pixels, keys];
  }
  // Three rounds end in the other arrays.
  room.pixels.set(pixels.subarray(0, count));
  room.keys.set(keys.subarray(0, count));
}

/**
 * Joins the sorted pixels until a region passes. A root is the pixel with its region's peak, so that roots become regions in
 * the order of their peaks.
 * @returns the level; null when none passes.
 */
function joinDown(map: Float32Array, count: number, work: ZoneWork): number | null {
  const { room, filter } = work;
  const { pixels, keys, parents, areas, touching } = room;
  /** Regions that are large enough and wait for a level that is low enough for their peak, the highest peak first. */
  const waiting: number[] = [];
  for (let i = 0; i < count; ) {
    const level = map[pixels[i]];
    const next = waitingLevel(map, waiting, work);
    if (next > level) return next;
    let end = i;
    // Equal pixels come together: the level is theirs.
    for (; end < count && keys[end] === keys[i]; end++) addPixel(map, pixels[end], work);
    for (; i < end; i++) {
      const root = rootOf(parents, pixels[i]);
      if (areas[root] < filter.minArea || (filter.ignoreTouchingBorder && touching[root] !== 0)) continue;
      if (levelOfPeak(map[root], filter.minPeak) >= level) return level;
      insertByPeak(waiting, root, map);
      // No region can pass above what the highest peak allows, and this one will.
      if (!filter.ignoreTouchingBorder && map[root] === map[pixels[0]])
        return levelOfPeak(map[root], filter.minPeak);
    }
  }
  // Further pixels are not sorted yet: a region that waits may pass only above them.
  const lowest = count === 0 ? 0 : map[pixels[count - 1]];
  const last = waitingLevel(map, waiting, work);
  const whole = count === work.pixels.length;
  return last > 0 && (whole || last >= lowest) ? last : null;
}

/** The level at which the first of the waiting regions passes; −∞ without one. Joined and touching ones are dropped. */
function waitingLevel(map: Float32Array, waiting: number[], { room, filter }: ZoneWork): number {
  for (;;) {
    const root = waiting[0];
    if (root === undefined) return Number.NEGATIVE_INFINITY;
    if (rootOf(room.parents, root) === root && (!filter.ignoreTouchingBorder || room.touching[root] === 0))
      return levelOfPeak(map[root], filter.minPeak);
    waiting.shift();
  }
}

function insertByPeak(waiting: number[], root: number, map: Float32Array): void {
  if (waiting.includes(root)) return;
  let place = waiting.length;
  while (place > 0 && map[waiting[place - 1]] < map[root]) place--;
  waiting.splice(place, 0, root);
}

/** Makes a pixel a region of its own and joins it with those that it touches. */
function addPixel(map: Float32Array, pixel: number, { labels, width, zone, room }: ZoneWork): void {
  const { parents, areas, touching } = room;
  parents[pixel] = pixel;
  areas[pixel] = 1;
  touching[pixel] = labels[pixel] & AT_BORDER;
  const x = pixel % width;
  const [left, right] = [x === 0 ? 0 : -1, x === width - 1 ? 0 : 1];
  for (let row = pixel - width; row <= pixel + width; row += width) {
    if (row < 0 || row >= labels.length) continue;
    for (let at = row + left; at <= row + right; at++)
      if (at !== pixel && parents[at] >= 0 && zoneOf(labels[at]) === zone) join(map, pixel, at, room);
  }
}

/** The root with the higher peak becomes the root of both. */
function join(map: Float32Array, a: number, b: number, { parents, areas, touching }: WorkRoom): void {
  const [rootA, rootB] = [rootOf(parents, a), rootOf(parents, b)];
  if (rootA === rootB) return;
  const [root, other] = map[rootA] > map[rootB] ? [rootA, rootB] : [rootB, rootA];
  parents[other] = root;
  areas[root] += areas[other];
  touching[root] |= touching[other];
}

function rootOf(parents: Int32Array, pixel: number): number {
  let root = pixel;
  while (parents[root] !== root) {
    const grandparent = parents[parents[root]];
    parents[root] = grandparent;
    root = grandparent;
  }
  return root;
}
