/** The regions of a ground-truth mask on the grid of an anomaly map. */
import type { FloatMap, Mask } from "../stages/image/image.js";
import { resizeNearest } from "../stages/image/resize-nearest.js";
import { connectedComponents } from "../stages/postprocess/connected-components.js";

/**
 * For every pixel of the map the number of its region, 1 … count, or 0 = good. The mask is resized with nearest
 * neighbour, as Anomalib does; regions are 8-connected.
 */
export function groundTruthRegions(
  mask: Mask,
  { width, height }: Pick<FloatMap, "width" | "height">,
): { labels: Int32Array; count: number } {
  const small = resizeNearest(mask, width, height);
  const { count, rows, starts, ends, labels } = connectedComponents(small);
  const numbers = new Int32Array(width * height);
  for (let run = 0; run < rows.length; run++)
    numbers.fill(labels[run] + 1, rows[run] * width + starts[run], rows[run] * width + ends[run]);
  return { labels: numbers, count };
}
