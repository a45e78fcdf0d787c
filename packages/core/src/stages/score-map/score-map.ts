/** From distances on the grid to the anomaly map and the image score: what every head's distances go through. */
import { ALIGNMENT, type Arena, createArena } from "../../kernels/arena.js";
import { fastMapKernels } from "../../kernels/fast-map-kernels.js";
import { type BandMatrix, paddedRows } from "../../kernels/map-kernels.js";
import type { DecisionZone } from "../decision/decision.js";
import { regionScorer } from "../decision/region-score.js";
import { zoneLabels, zoneOf } from "../decision/zone-labels.js";
import type { FloatMap } from "../image/image.js";
import { markedPixels } from "../region/runs.js";
import type { Runs } from "../region/shapes.js";
import { imageScore, type ScoreRule, scoreScratch } from "./image-score.js";
import { nearestCells } from "./nearest-cells.js";
import { smoothingMatrix, type Upsampling } from "./smoothing.js";

/** The distances of one detector: their grid, and what they are multiplied with before all are added. */
export interface DistanceGrid {
  readonly width: number;
  readonly height: number;
  /** > 0. */
  readonly factor: number;
  /** The cells that there are distances of, in their order. Absent = all. The others take the distance of the nearest of them. */
  readonly cells?: Runs;
  /** The rectangle of the grid that the map shows, in cells. Absent = all of it. */
  readonly window?: GridWindow;
}

/** A rectangle of a grid, in cells; its edges may lie within cells. */
export interface GridWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
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
  /** Pixels of the map that are judged; the others are set to 0. Absent = all. */
  readonly judged?: Runs;
  /** Filters and zones of the rule `region`: the map is weighed by zone. Absent = the whole map, unfiltered. */
  readonly zones?: readonly DecisionZone[];
}

/** A map and what it says of the picture, in raw distance units: those of the largest zone, where zones are weighed. */
export interface ScoredMap {
  readonly map: FloatMap;
  readonly score: number;
  /** Of each zone, in the map's units; the score is the highest. Absent without zones. */
  readonly zones?: readonly number[];
}

/**
 * Prepares the way from distances, one array `[cells]` for each grid, to map and score; the matrices are made
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
  const { judged } = spec;
  const pixels = judged === undefined ? undefined : markedPixels(judged);
  const scoreZones = spec.zones === undefined ? null : zoneScorer(spec.zones, width, height);
  return (distances) => {
    for (const [i, smooth] of smoothers.entries()) {
      smooth(distances, i === 0 ? padded : others);
      if (i > 0) for (let at = 0; at < padded.length; at++) padded[at] += others[at];
    }
    closeRows(padded, stride, width, height);
    clearBorder(map, spec.ignoreBorder);
    if (judged !== undefined) clearOutside(map.data, judged);
    const zones = scoreZones?.(map.data);
    const score = zones ? Math.max(...zones) : imageScore(map, spec.score, kernels, scratch, pixels);
    return { map: { width, height, data: new Float32Array(map.data) }, score, ...(zones && { zones }) };
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

/** Weighs a map by zone, in place, sets what is in no zone to 0, and gives the score of each zone. */
function zoneScorer(zones: readonly DecisionZone[], width: number, height: number) {
  const labels = zoneLabels({ zones }, width, height);
  const scorer = regionScorer(labels, zones, width);
  // Without a zone: 0.
  const factors = Float32Array.of(0, ...zones.map(({ weight, unit }) => weight / unit));
  const plain = zones.length === 1 && factors[1] === 1 && !labels.includes(0);
  return (map: Float32Array): number[] => {
    if (!plain) for (let i = 0; i < map.length; i++) map[i] *= factors[zoneOf(labels[i]) + 1];
    return Array.from(scorer(map));
  };
}

/** Detectors that have the same grid. */
interface GridGroup {
  readonly width: number;
  readonly height: number;
  readonly window: GridWindow;
  readonly members: readonly GridMember[];
}

interface GridMember {
  readonly detector: number;
  readonly factor: number;
  /** The cells that there are distances of; undefined = all. */
  readonly cells: Runs | undefined;
}

function sameGrids(grids: readonly DistanceGrid[]): GridGroup[] {
  const groups: (GridGroup & { members: GridMember[] })[] = [];
  for (const [detector, grid] of grids.entries()) {
    const { width, height, factor, cells, window = { x: 0, y: 0, width, height } } = grid;
    const known = groups.find((group) => isSame(group, { width, height, window }));
    if (known === undefined) groups.push({ width, height, window, members: [{ detector, factor, cells }] });
    else known.members.push({ detector, factor, cells });
  }
  return groups;
}

function isSame(a: Omit<GridGroup, "members">, b: Omit<GridGroup, "members">): boolean {
  const [one, two] = [a.window, b.window];
  const sameGrid = a.width === b.width && a.height === b.height;
  return (
    sameGrid && one.x === two.x && one.y === two.y && one.width === two.width && one.height === two.height
  );
}

/** Prepares A · S · Bᵀ of one group's sum. */
function smoother(group: GridGroup, spec: ScoreMapSpec, arena: Arena) {
  const { width: from, height: down, window, members } = group;
  const { sigma, upsampling } = spec;
  const [across, along] = [
    { start: window.x, span: window.width },
    { start: window.y, span: window.height },
  ];
  const rows = placed(smoothingMatrix(down, spec.height, sigma, upsampling, along), arena);
  const columns = placed(smoothingMatrix(from, spec.width, sigma, upsampling, across), arena);
  const sum = arena.float32(down * from);
  const wide = arena.float32(down * paddedRows(spec.width));
  const kernels = fastMapKernels(arena);
  const [only] = members;
  const alone = members.length === 1 && only?.factor === 1 && only.cells === undefined ? only : null;
  const summands = members.map(({ detector, factor, cells }) => {
    const source = cells === undefined ? null : nearestCells(cells, from, down);
    return { detector, factor, source };
  });
  return (distances: readonly Float32Array[], out: Float32Array): void => {
    const ready = alone === null ? null : distances[alone.detector];
    const inPlace = ready !== null && ready.buffer === arena.buffer;
    if (ready !== null && !inPlace) sum.set(ready);
    if (ready === null) addUp(distances, summands, sum);
    kernels.smooth(inPlace ? ready : sum, rows, columns, wide, out);
  };
}

interface Summand {
  readonly detector: number;
  readonly factor: number;
  /** For each cell of the grid the number of its distance; null = they are in order. */
  readonly source: Int32Array | null;
}

/** Σ factor · distance of each cell. */
function addUp(distances: readonly Float32Array[], summands: readonly Summand[], sum: Float32Array): void {
  sum.fill(0);
  for (const { detector, factor, source } of summands) {
    const own = distances[detector];
    if (source === null) for (let cell = 0; cell < sum.length; cell++) sum[cell] += factor * own[cell];
    else for (let cell = 0; cell < sum.length; cell++) sum[cell] += factor * own[source[cell]];
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

/** Sets what is not judged of a map that nobody else holds yet to 0, in place. */
function clearOutside(data: Float32Array, judged: Runs): void {
  let from = 0;
  for (let i = 0; i < judged.length; i += 2) {
    data.fill(0, from, judged[i]);
    from = judged[i + 1];
  }
  data.fill(0, from);
}
