/** From distances on the grid to the anomaly map and the image score: what every head's distances go through. */
import { ALIGNMENT, type Arena, createArena } from "../../kernels/arena.js";
import { fastMapKernels } from "../../kernels/fast-map-kernels.js";
import { type BandMatrix, paddedRows } from "../../kernels/map-kernels.js";
import type { FloatMap } from "../image/image.js";
import { imageScore, type ScoreRule, scoreScratch } from "./image-score.js";
import { smoothingMatrix, type Upsampling } from "./smoothing.js";

/** The distances of one detector: their grid, and what they are multiplied with before all are added. */
export interface DistanceGrid {
  readonly width: number;
  readonly height: number;
  /** > 0. */
  readonly factor: number;
}

/** How distances become a map; plain data that a model file stores. */
export interface ScoreMapSpec {
  /** One for each detector. */
  readonly grids: readonly DistanceGrid[];
  /** Size of the map in pixels. */
  readonly width: number;
  readonly height: number;
  /** Gaussian blur in map pixels; 0 = none. */
  readonly sigma: number;
  /** How the grid is enlarged before the blur. Default: `bilinear`. */
  readonly upsampling?: Upsampling;
  readonly score: ScoreRule;
  /** Pixels at each side that are set to 0: they take no part in score and mask. */
  readonly ignoreBorder: number;
}

/** A map and what it says of the picture, in raw distance units. */
export interface ScoredMap {
  readonly map: FloatMap;
  readonly score: number;
}

/**
 * Prepares the way from distances, one array `[height · width]` for each grid, to map and score; the matrices are made
 * once. Detectors are added where they have the same grid, and their maps where not. The returned function may be given
 * distances that lie in the arena's memory, which saves a copy. Its map is new every time and the caller's own. Training
 * and prediction both go this way, so that scores and thresholds are made by the same arithmetic.
 * @param arena with room for `scoreMapBytes(spec)`. Default: an arena of its own.
 * @throws OPTION_VALUE when the map is too small for its blur, MEMORY when the arena is.
 */
export function scoreMapper(
  spec: ScoreMapSpec,
  arena: Arena = createArena(scoreMapBytes(spec)),
): (distances: readonly Float32Array[]) => ScoredMap {
  const { width, height } = spec;
  const stride = paddedRows(width);
  const padded = arena.float32(paddedRows(height) * stride);
  const scratch = arena.float32(scoreScratch(height * width));
  const groups = sameGrids(spec.grids);
  const others = groups.length > 1 ? arena.float32(padded.length) : padded;
  const smoothers = groups.map((group) => smoother(group, spec, arena));
  const kernels = fastMapKernels(arena);
  const map = { width, height, data: padded.subarray(0, height * width) };
  return (distances) => {
    for (const [i, smooth] of smoothers.entries()) {
      smooth(distances, i === 0 ? padded : others);
      if (i > 0) for (let at = 0; at < padded.length; at++) padded[at] += others[at];
    }
    closeRows(padded, stride, width, height);
    clearBorder(map, spec.ignoreBorder);
    const score = imageScore(map, spec.score, kernels, scratch);
    return { map: { width, height, data: new Float32Array(map.data) }, score };
  };
}

/** Bytes that {@link scoreMapper} takes of its arena, at most. */
export function scoreMapBytes({ grids, width, height }: ScoreMapSpec): number {
  const [stride, rows] = [paddedRows(width), paddedRows(height)];
  const groups = sameGrids(grids);
  const own = groups.map(
    ({ width: w, height: h }) => rows + stride + rows * h + stride * w + h * w + h * stride,
  );
  const maps = Math.min(2, groups.length) * rows * stride + scoreScratch(height * width);
  return 4 * own.reduce((sum, length) => sum + length, maps) + (3 + 6 * groups.length) * ALIGNMENT;
}

/** Detectors that have the same grid. */
interface GridGroup {
  readonly width: number;
  readonly height: number;
  readonly members: readonly { readonly detector: number; readonly factor: number }[];
}

function sameGrids(grids: readonly DistanceGrid[]): GridGroup[] {
  const groups: (GridGroup & { members: { detector: number; factor: number }[] })[] = [];
  for (const [detector, { width, height, factor }] of grids.entries()) {
    const known = groups.find((group) => group.width === width && group.height === height);
    if (known === undefined) groups.push({ width, height, members: [{ detector, factor }] });
    else known.members.push({ detector, factor });
  }
  return groups;
}

/** Prepares A · S · Bᵀ of one group's sum. */
function smoother({ width: from, height: down, members }: GridGroup, spec: ScoreMapSpec, arena: Arena) {
  const rows = placed(smoothingMatrix(down, spec.height, spec.sigma, spec.upsampling), arena);
  const columns = placed(smoothingMatrix(from, spec.width, spec.sigma, spec.upsampling), arena);
  const sum = arena.float32(down * from);
  const wide = arena.float32(down * paddedRows(spec.width));
  const kernels = fastMapKernels(arena);
  const [only] = members;
  const alone = members.length === 1 && only?.factor === 1 ? only : null;
  return (distances: readonly Float32Array[], out: Float32Array): void => {
    const ready = alone === null ? null : distances[alone.detector];
    const inPlace = ready !== null && ready.buffer === arena.buffer;
    if (ready !== null && !inPlace) sum.set(ready);
    if (ready === null) addUp(distances, members, sum);
    kernels.smooth(inPlace ? ready : sum, rows, columns, wide, out);
  };
}

/** Σ factor · distance of each cell. */
function addUp(distances: readonly Float32Array[], members: GridGroup["members"], sum: Float32Array): void {
  sum.fill(0);
  for (const { detector, factor } of members) {
    const own = distances[detector];
    for (let cell = 0; cell < sum.length; cell++) sum[cell] += factor * own[cell];
  }
}

/** A matrix in the arena. */
function placed(matrix: BandMatrix, arena: Arena): BandMatrix {
  const first = arena.int32(matrix.first.length);
  const weights = arena.float32(matrix.weights.length);
  first.set(matrix.first);
  weights.set(matrix.weights);
  return { ...matrix, first, weights };
}

/** Moves rows that stand `stride` values apart together, in place. */
function closeRows(values: Float32Array, stride: number, width: number, height: number): void {
  if (stride === width) return;
  for (let y = 1; y < height; y++) values.copyWithin(y * width, y * stride, y * stride + width);
}

/** Sets the border of a map that nobody else holds yet to 0, in place. */
function clearBorder({ width, height, data }: FloatMap, border: number): void {
  if (border === 0) return;
  const inner = Math.max(0, width - 2 * border);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    if (y < border || y >= height - border || inner === 0) row.fill(0);
    else row.fill(0, 0, border).fill(0, width - border);
  }
}
