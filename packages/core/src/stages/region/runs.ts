/** Masks as runs: what a model file and a recipe hold of a region, a few numbers instead of a number per pixel. */
import { BlemishError } from "../../errors.js";
import type { Mask } from "../image/image.js";
import type { Runs } from "./shapes.js";

/** The marked pixels of a mask as {@link Runs}. @param mask any value but 0 is marked; not changed. */
export function runsOf({ data }: Mask): number[] {
  const runs: number[] = [];
  let inside = false;
  for (let i = 0; i < data.length; i++) {
    if ((data[i] !== 0) === inside) continue;
    runs.push(i);
    inside = !inside;
  }
  if (inside) runs.push(data.length);
  return runs;
}

/**
 * The mask that runs tell.
 *
 * @returns 0/1
 * @throws BlemishError REGION when the runs are not ascending pairs within the picture.
 */
export function maskOfRuns(runs: Runs, width: number, height: number): Mask {
  const usable: boolean = areRuns(runs, width * height);
  if (!usable)
    throw new BlemishError("REGION", {
      subject: "A mask",
      expected: `ascending pairs of start and end, whole numbers from 0 to ${width * height}`,
      found: `${runs.length} numbers`,
    });
  const data = new Uint8Array(width * height);
  for (let i = 0; i < runs.length; i += 2) data.fill(1, runs[i], runs[i + 1]);
  return { width, height, channels: 1, data };
}

/** Whether these are runs of a picture of so many pixels: pairs of whole numbers that only grow. */
export function areRuns(runs: unknown, pixels: number): runs is Runs {
  if (!Array.isArray(runs) || runs.length % 2 !== 0) return false;
  return runs.every((value, i) => {
    const least = i === 0 ? 0 : runs[i - 1] + 1;
    return Number.isInteger(value) && value >= least && value <= pixels;
  });
}

/** How many pixels runs mark. */
export function markedPixels(runs: Runs): number {
  let pixels = 0;
  for (let i = 0; i < runs.length; i += 2) pixels += runs[i + 1] - runs[i];
  return pixels;
}

/** Whether runs mark a pixel. */
export function isMarked(runs: Runs, pixel: number): boolean {
  // An odd number of starts and ends lies at or before it.
  return runs.filter((value) => value <= pixel).length % 2 === 1;
}

/** The pixels that runs mark, ascending. */
export function markedPlaces(runs: Runs): Int32Array {
  const places = new Int32Array(markedPixels(runs));
  for (let i = 0, at = 0; i < runs.length; i += 2)
    for (let place = runs[i]; place < runs[i + 1]; place++) places[at++] = place;
  return places;
}
