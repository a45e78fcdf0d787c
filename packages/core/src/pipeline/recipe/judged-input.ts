/** A region of interest on a network input: which of its pixels are painted over, and which cells take part. */
import { BlemishError } from "../../errors.js";
import type { Mask } from "../../stages/image/image.js";
import { maskOnMap, type View } from "../../stages/region/mask-on-map.js";
import { runsOf } from "../../stages/region/runs.js";
import type { Runs } from "../../stages/region/shapes.js";
import type { FittedInput } from "./fit-input.js";
import type { Extent } from "./recipe-types.js";

/** What of an input is judged. */
export interface JudgedInput {
  /** Pixels of the input that show what is not judged; null = none. Padding is not among them. */
  readonly painted: Runs | null;
  /**
   * Cells that take part: at least half of their pixels show what is judged; where no cell has so many, those that have the
   * most. null = all.
   */
  readonly cells: Runs | null;
}

/** A cell takes part when at least this share of its pixels shows what is judged. */
const LEAST_SHARE = 0.5;

/**
 * The judged part of an input.
 *
 * @param judged pixels of the picture; null = all are judged.
 * @param view the rectangle of the picture that the input's content shows.
 * @param grid of the embedding, cells.
 * @throws BlemishError REGION when no pixel of the input shows what is judged.
 */
export function judgedInput(
  judged: Mask | null,
  view: View,
  { size, content }: FittedInput,
  grid: Extent,
): JudgedInput {
  const shown = judged === null ? null : maskOnMap(judged, view, content);
  const inside = new Uint8Array(size.width * size.height);
  const painted = new Uint8Array(inside.length);
  for (let y = 0; y < content.height; y++) {
    const at = (content.y + y) * size.width + content.x;
    if (shown === null) inside.fill(1, at, at + content.width);
    else
      for (let x = 0; x < content.width; x++) {
        const own = shown.data[y * content.width + x];
        inside[at + x] = own;
        painted[at + x] = 1 - own;
      }
  }
  if (!inside.includes(1)) throw tooSmall(size);
  const cells = cellMask(inside, size, grid);
  return {
    painted: painted.includes(1) ? runsOf({ ...size, channels: 1, data: painted }) : null,
    cells: cells.data.includes(0) ? runsOf(cells) : null,
  };
}

/** The box of what is marked. @param mask with at least one pixel. */
export function boxOf({ data, width, height }: Mask): View {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const first = row.indexOf(1);
    if (first < 0) continue;
    left = Math.min(left, first);
    right = Math.max(right, row.lastIndexOf(1));
    top = Math.min(top, y);
    bottom = y;
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function cellMask(inside: Uint8Array, size: Extent, grid: Extent): Mask {
  const [stepX, stepY] = [size.width / grid.width, size.height / grid.height];
  const judged = new Int32Array(grid.width * grid.height);
  for (let cell = 0; cell < judged.length; cell++) {
    const [left, top] = [(cell % grid.width) * stepX, Math.floor(cell / grid.width) * stepY];
    for (let y = top; y < top + stepY; y++)
      for (let at = y * size.width + left, x = 0; x < stepX; x++) judged[cell] += inside[at + x];
  }
  const most = judged.reduce((a, b) => Math.max(a, b));
  const least = Math.min(most, LEAST_SHARE * stepX * stepY);
  return { ...grid, channels: 1, data: Uint8Array.from(judged, (pixels) => Number(pixels >= least)) };
}

function tooSmall({ width, height }: Extent): BlemishError {
  return new BlemishError("REGION", {
    subject: "The region of interest",
    expected: `at least one pixel of the network's input of ${width} × ${height} (--fit crop enlarges a small region)`,
    found: "less",
  });
}
