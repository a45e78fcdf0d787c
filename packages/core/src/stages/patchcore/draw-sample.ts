/** Draws which of many patches are looked at first. */
import type { Random } from "../../random.js";

/**
 * `count` different integers of [0, total), all sets equally likely, ascending. Time and memory go with `count`, however
 * large `total` is (Floyd's method: Bentley & Floyd, CACM 1987).
 * @param total up to 2³².
 */
export function drawSample(total: number, count: number, random: Random): Float64Array {
  if (count >= total) return Float64Array.from({ length: total }, (_, i) => i);
  const drawn = new Set<number>();
  for (let last = total - count; last < total; last++) {
    const number = random.int(last + 1);
    drawn.add(drawn.has(number) ? last : number);
  }
  return Float64Array.from(drawn).sort();
}
