/** Keeps the patches that are farthest from the first centres, of any number that streams by, in bounded room. */
import { POINT_BLOCK } from "../../kernels/memory-bank.js";
import { pointStart } from "./greedy-selection.js";

/** A bounded collection of patches. */
export interface FarthestPatches {
  /**
   * Offers all patches of a picture.
   * @param data float32 `[channels, cells]`.
   * @param first number of its first patch among all patches.
   * @param squared their squared distances, `[cells]`.
   */
  offer(data: Float32Array, first: number, squared: Float32Array): void;
  /**
   * Brings what was kept into its final order: farther patches first, of equally far ones the lower number.
   * @returns numbers of the patches, `[count]`.
   */
  sorted(): Float64Array;
}

/**
 * A collection of the `most` farthest patches; of equally far ones the lower number is kept, so the result does not depend
 * on the order in which pictures come.
 * @param points `[⌈most / 8⌉, channels, 8]`: holds the patches as packed points when they are `sorted`.
 * @param distances `[⌈most / 8⌉ · 8]`: their squared distances, −1 behind the last.
 */
export function farthestPatches(
  channels: number,
  most: number,
  points: Float32Array,
  distances: Float32Array,
): FarthestPatches {
  const numbers = new Float64Array(most);
  /** Slots as a heap: the one that leaves next comes first. */
  const heap = new Int32Array(most);
  let count = 0;
  const leavesBefore = (a: number, b: number) =>
    distances[a] < distances[b] || (distances[a] === distances[b] && numbers[a] > numbers[b]);
  const put = (slot: number, data: Float32Array, cell: number, stride: number) => {
    const start = pointStart(slot, channels);
    for (let d = 0; d < channels; d++) points[start + d * POINT_BLOCK] = data[d * stride + cell];
  };
  return {
    offer(data, first, squared) {
      for (let cell = 0; cell < squared.length; cell++) {
        const far = squared[cell];
        const full = count === most;
        const worst = heap[0];
        if (full && (far < distances[worst] || (far === distances[worst] && first + cell > numbers[worst])))
          continue;
        const slot = full ? worst : count;
        distances[slot] = far;
        numbers[slot] = first + cell;
        put(slot, data, cell, squared.length);
        if (full) sink(heap, count, slot, leavesBefore);
        else rise(heap, count++, slot, leavesBefore);
      }
    },
    sorted() {
      distances.fill(-1, count);
      const order = Int32Array.from({ length: count }, (_, slot) => slot).sort((a, b) =>
        leavesBefore(b, a) ? -1 : 1,
      );
      reorder(order, points, channels, distances, numbers);
      return numbers.subarray(0, count);
    },
  };
}

type Before = (a: number, b: number) => boolean;

/** Enters a slot at the end of a heap. */
function rise(heap: Int32Array, end: number, slot: number, before: Before): void {
  let at = end;
  for (; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!before(slot, heap[parent])) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = slot;
}

/** Enters a slot in place of the first of a heap. */
function sink(heap: Int32Array, count: number, slot: number, before: Before): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && before(heap[child + 1], heap[child])) child++;
    if (!before(heap[child], slot)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = slot;
}

/** Moves slot `order[i]` to place i, circle by circle, with room for one patch. @param order overwritten. */
function reorder(
  order: Int32Array,
  points: Float32Array,
  channels: number,
  distances: Float32Array,
  numbers: Float64Array,
): void {
  const held = new Float32Array(channels);
  for (let start = 0; start < order.length; start++) {
    if (order[start] === start) continue;
    const begin = pointStart(start, channels);
    for (let d = 0; d < channels; d++) held[d] = points[begin + d * POINT_BLOCK];
    const [distance, number] = [distances[start], numbers[start]];
    let to = start;
    for (; order[to] !== start; ) {
      const from = order[to];
      const [target, source] = [pointStart(to, channels), pointStart(from, channels)];
      for (let d = 0; d < channels * POINT_BLOCK; d += POINT_BLOCK) points[target + d] = points[source + d];
      distances[to] = distances[from];
      numbers[to] = numbers[from];
      order[to] = to;
      to = from;
    }
    const target = pointStart(to, channels);
    for (let d = 0; d < channels; d++) points[target + d * POINT_BLOCK] = held[d];
    distances[to] = distance;
    numbers[to] = number;
    order[to] = to;
  }
}
