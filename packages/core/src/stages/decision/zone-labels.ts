/** Which zone each pixel of a map belongs to, and whether it lies at the border of what is judged: one byte a pixel. */
import type { Decision } from "./decision.js";

/** Most zones of a model. */
export const MOST_ZONES = 126;

/** Set in the label of a pixel beside one that is not judged, or at the edge of the map. */
export const AT_BORDER = 128;

/**
 * The number of its zone plus 1 for each pixel, plus {@link AT_BORDER} for those at the border; 0 = not judged.
 * @returns `[height · width]`
 */
export function zoneLabels(
  { zones }: { readonly zones: readonly Pick<Decision["zones"][number], "runs">[] },
  width: number,
  height: number,
): Uint8Array {
  const labels = new Uint8Array(width * height);
  for (const [zone, { runs }] of zones.entries())
    for (let i = 0; i + 1 < runs.length; i += 2) labels.fill(zone + 1, runs[i], runs[i + 1]);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (labels[at] !== 0 && isAtBorder(labels, at, x, y, width, height)) labels[at] |= AT_BORDER;
    }
  return labels;
}

/** The last labels of what a model judges; maps of the same size come again and again. */
const known = new WeakMap<object, { readonly width: number; readonly height: number; labels: Uint8Array }>();

/**
 * The same, made once for a model.
 * @param owner the model's zones, or the runs of what it judges: of equal objects each has its own.
 * @returns not to be changed.
 */
export function knownZoneLabels(
  owner: object,
  zones: readonly Pick<Decision["zones"][number], "runs">[],
  width: number,
  height: number,
): Uint8Array {
  const before = known.get(owner);
  if (before?.width === width && before.height === height) return before.labels;
  const labels = zoneLabels({ zones }, width, height);
  known.set(owner, { width, height, labels });
  return labels;
}

/** Whether one of the eight neighbours is missing or not judged. */
function isAtBorder(
  labels: Uint8Array,
  at: number,
  x: number,
  y: number,
  width: number,
  height: number,
): boolean {
  if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return true;
  for (let row = at - width; row <= at + width; row += width)
    if (labels[row - 1] === 0 || labels[row] === 0 || labels[row + 1] === 0) return true;
  return false;
}

/** The zone of a label, −1 = not judged. */
export function zoneOf(label: number): number {
  return (label & 127) - 1;
}
