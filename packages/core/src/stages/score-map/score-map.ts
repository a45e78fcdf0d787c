/** From distances on the grid to the anomaly map and the image score: what every head's distances go through. */
import type { FloatMap } from "../image/image.js";
import { imageScore, type ScoreRule } from "./image-score.js";
import { smoothingMatrix, smoothMap } from "./smoothing.js";

/** How distances become a map; plain data that a model file stores. */
export interface ScoreMapSpec {
  readonly gridWidth: number;
  readonly gridHeight: number;
  /** Size of the map in pixels. */
  readonly width: number;
  readonly height: number;
  /** Gaussian blur in map pixels; 0 = none. */
  readonly sigma: number;
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
 * Prepares the way from distances `[gridHeight · gridWidth]` to map and score; the matrices are made once.
 * @throws OPTION_VALUE when the map is too small for its blur.
 */
export function scoreMapper(spec: ScoreMapSpec): (distances: Float32Array) => ScoredMap {
  const rows = smoothingMatrix(spec.gridHeight, spec.height, spec.sigma);
  const columns = smoothingMatrix(spec.gridWidth, spec.width, spec.sigma);
  return (distances) => {
    const grid = { width: spec.gridWidth, height: spec.gridHeight, data: distances };
    const map = smoothMap(grid, rows, columns);
    clearBorder(map, spec.ignoreBorder);
    return { map, score: imageScore(map, spec.score) };
  };
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
