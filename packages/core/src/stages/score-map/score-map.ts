/** From distances on the grid to the anomaly map and the image score: what every head's distances go through. */
import { ALIGNMENT, type Arena, createArena } from "../../kernels/arena.js";
import { fastMapKernels } from "../../kernels/fast-map-kernels.js";
import { type BandMatrix, paddedRows } from "../../kernels/map-kernels.js";
import type { FloatMap } from "../image/image.js";
import { imageScore, type ScoreRule, scoreScratch } from "./image-score.js";
import { smoothingMatrix, type Upsampling } from "./smoothing.js";

/** How distances become a map; plain data that a model file stores. */
export interface ScoreMapSpec {
  readonly gridWidth: number;
  readonly gridHeight: number;
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
 * Prepares the way from distances `[gridHeight · gridWidth]` to map and score; the matrices are made once. The returned
 * function may be given distances that lie in the arena's memory, which saves a copy. Its map is new every time and the
 * caller's own. Training and prediction both go this way, so that scores and thresholds are made by the same arithmetic.
 * @param arena with room for `scoreMapBytes(spec)`. Default: an arena of its own.
 * @throws OPTION_VALUE when the map is too small for its blur, MEMORY when the arena is.
 */
export function scoreMapper(
  spec: ScoreMapSpec,
  arena: Arena = createArena(scoreMapBytes(spec)),
): (distances: Float32Array) => ScoredMap {
  const { gridWidth, gridHeight, width, height } = spec;
  const rows = placed(smoothingMatrix(gridHeight, height, spec.sigma, spec.upsampling), arena);
  const columns = placed(smoothingMatrix(gridWidth, width, spec.sigma, spec.upsampling), arena);
  const stride = paddedRows(width);
  const grid = arena.float32(gridHeight * gridWidth);
  const wide = arena.float32(gridHeight * stride);
  const padded = arena.float32(paddedRows(height) * stride);
  const scratch = arena.float32(scoreScratch(height * width));
  const kernels = fastMapKernels(arena);
  const map = { width, height, data: padded.subarray(0, height * width) };
  return (distances) => {
    if (distances.buffer !== arena.buffer) grid.set(distances);
    kernels.smooth(distances.buffer === arena.buffer ? distances : grid, rows, columns, wide, padded);
    closeRows(padded, stride, width, height);
    clearBorder(map, spec.ignoreBorder);
    const score = imageScore(map, spec.score, kernels, scratch);
    return { map: { width, height, data: new Float32Array(map.data) }, score };
  };
}

/** Bytes that {@link scoreMapper} takes of its arena, at most. */
export function scoreMapBytes({ gridWidth, gridHeight, width, height }: ScoreMapSpec): number {
  const [stride, rows] = [paddedRows(width), paddedRows(height)];
  const matrices = rows + stride + rows * gridHeight + stride * gridWidth;
  const maps = gridHeight * gridWidth + gridHeight * stride + rows * stride + scoreScratch(height * width);
  return 4 * (matrices + maps) + 8 * ALIGNMENT;
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
