/** Least squares on the slopes of a reference: a pose that is nearly right becomes right to a small part of a pixel. */
import { type CellSize, REFERENCE_SIDE, type SmallPose } from "./alignment-model.js";

/** A grey picture, `[side, side]`, row-major. */
export interface SquareLook {
  readonly side: number;
  readonly data: Float64Array;
}

/** A reference with what least squares need of it. */
export interface Reference extends SquareLook {
  /** Differences of neighbours, halved; 0 at the border. */
  readonly slopeX: Float64Array;
  readonly slopeY: Float64Array;
}

/** A move by less than this share of a cell ends the search. */
const STILL = 0.01;

/** Share of the reference that must be seen in the picture. */
const LEAST_SEEN = 0.4;

/** The reference of a picture. */
export function referenceOf({ side, data }: SquareLook): Reference {
  const [slopeX, slopeY] = [new Float64Array(data.length), new Float64Array(data.length)];
  for (let row = 1; row < side - 1; row++)
    for (let at = row * side + 1, end = (row + 1) * side - 1; at < end; at++) {
      slopeX[at] = (data[at + 1] - data[at - 1]) / 2;
      slopeY[at] = (data[at + side] - data[at - side]) / 2;
    }
  return { side, data, slopeX, slopeY };
}

/** Means of 2 × 2 cells. */
export function halved({ side, data }: SquareLook): SquareLook {
  const half = side / 2;
  const out = new Float64Array(half * half);
  for (let row = 0, to = 0; row < half; row++)
    for (let at = 2 * row * side, end = at + side; at < end; at += 2, to++)
      out[to] = (data[at] + data[at + 1] + data[at + side] + data[at + side + 1]) / 4;
  return { side: half, data: out };
}

/**
 * The pose at which the picture, evened in light and contrast, differs least from the reference; what differs much, such as
 * a defect, counts little.
 * @param look of the reference's side.
 * @param rounds at most. @param turning false keeps the angle.
 */
export function refinePose(
  reference: Reference,
  look: SquareLook,
  cell: CellSize,
  start: SmallPose,
  { rounds, turning }: { readonly rounds: number; readonly turning: boolean },
): SmallPose {
  let pose = start;
  const seen = new Float64Array(look.data.length);
  const still = (STILL * REFERENCE_SIDE) / look.side;
  for (let round = 0; round < rounds; round++) {
    sampleLook(look, cell, pose, seen);
    const step = stepOf(reference, seen, cell, turning);
    if (step === null) return pose;
    const [dx, dy, turn] = step;
    const angle = pose.angle - turn;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    pose = { x: pose.x - (cosine * dx - sine * dy), y: pose.y - (sine * dx + cosine * dy), angle };
    if (Math.hypot(dx, dy) < still && Math.abs(turn) * (REFERENCE_SIDE / 2) < still) break;
  }
  return pose;
}

/** Correlation with the reference where the picture shows it, −1 to 1; 0 where too little is seen or all is flat. */
export function correlation(
  reference: SquareLook,
  look: SquareLook,
  cell: CellSize,
  pose: SmallPose,
): number {
  return evened(reference.data, sampleLook(look, cell, pose))?.correlation ?? 0;
}

/**
 * The picture as the pose sees it, `[side, side]`: bilinear; NaN where the place lies outside of it.
 * @param cell of a look with {@link REFERENCE_SIDE} cells; @param out overwritten.
 */
export function sampleLook(
  { side, data }: SquareLook,
  { across, down }: CellSize,
  { x, y, angle }: SmallPose,
  out: Float64Array = new Float64Array(data.length),
): Float64Array {
  const middle = (side - 1) / 2;
  const unit = REFERENCE_SIDE / side;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  // Steps of the place in the picture for one cell of the reference, in cells.
  const [vx, uy] = [(sine * across) / down, (sine * down) / across];
  const [startU, startV] = [x / (unit * across) + middle, y / (unit * down) + middle];
  for (let row = 0, to = 0; row < side; row++) {
    const below = row - middle;
    for (let column = 0; column < side; column++, to++) {
      const right = column - middle;
      const u = startU + cosine * right - uy * below;
      const v = startV + vx * right + cosine * below;
      if (!(u >= 0 && v >= 0 && u <= side - 1 && v <= side - 1)) {
        out[to] = Number.NaN;
        continue;
      }
      const left = u | 0;
      const top = v | 0;
      const dx = u - left;
      const dy = v - top;
      const at = top * side + left;
      const beside = dx > 0 ? 1 : 0;
      const under = dy > 0 ? side : 0;
      const upper = data[at] + (data[at + beside] - data[at]) * dx;
      const lower = data[at + under] + (data[at + under + beside] - data[at + under]) * dx;
      out[to] = upper + (lower - upper) * dy;
    }
  }
  return out;
}

/** How light and contrast of both compare where both are seen. */
interface Evened {
  readonly expectedMean: number;
  readonly seenMean: number;
  /** What the picture's contrast is multiplied with. */
  readonly gain: number;
  readonly variance: number;
  readonly correlation: number;
}

function evened(reference: Float64Array, seen: Float64Array): Evened | null {
  let n = 0;
  let r = 0;
  let s = 0;
  let rr = 0;
  let ss = 0;
  let rs = 0;
  for (let i = 0; i < seen.length; i++) {
    const value = seen[i];
    if (Number.isNaN(value)) continue;
    const expected = reference[i];
    n++;
    r += expected;
    s += value;
    rr += expected * expected;
    ss += value * value;
    rs += expected * value;
  }
  if (n < LEAST_SEEN * seen.length) return null;
  const [expectedMean, seenMean] = [r / n, s / n];
  const [variance, seenVariance] = [rr / n - expectedMean * expectedMean, ss / n - seenMean * seenMean];
  // Less than a tenth of a level is rounding, not structure.
  if (!(variance > 0.01 && seenVariance > 0.01)) return null;
  const found = (rs / n - expectedMean * seenMean) / Math.sqrt(variance * seenVariance);
  return {
    expectedMean,
    seenMean,
    gain: Math.sqrt(variance / seenVariance),
    variance,
    correlation: Math.max(-1, Math.min(1, found)),
  };
}

/** Difference, as a share of the reference's contrast, from which on cells count for less. */
const TOLERATED = 0.3;

/** What the pose is wrong by: x, y in units, angle in radians; null where the pictures cannot say. */
function stepOf(
  { side, data, slopeX, slopeY }: Reference,
  seen: Float64Array,
  { across, down }: CellSize,
  turning: boolean,
): [number, number, number] | null {
  const light = evened(data, seen);
  if (light === null) return null;
  const { expectedMean, seenMean, gain, variance } = light;
  const tolerated = TOLERATED * TOLERATED * variance;
  const unit = REFERENCE_SIDE / side;
  const [right, below] = [1 / (across * unit), 1 / (down * unit)];
  const middle = (side - 1) / 2;
  const sums = new Float64Array(9);
  for (let row = 1; row < side - 1; row++) {
    const y = (row - middle) * down * unit;
    for (let column = 1, at = row * side + 1; column < side - 1; column++, at++) {
      const value = seen[at];
      if (Number.isNaN(value)) continue;
      const sx = slopeX[at] * right;
      const sy = slopeY[at] * below;
      const st = (column - middle) * across * unit * sy - y * sx;
      const difference = (value - seenMean) * gain - (data[at] - expectedMean);
      const weight = tolerated / (tolerated + difference * difference);
      const wx = weight * sx;
      const wy = weight * sy;
      const wt = weight * st;
      sums[0] += wx * sx;
      sums[1] += wx * sy;
      sums[2] += wx * st;
      sums[3] += wy * sy;
      sums[4] += wy * st;
      sums[5] += wt * st;
      sums[6] += wx * difference;
      sums[7] += wy * difference;
      sums[8] += wt * difference;
    }
  }
  return solve(sums, turning);
}

/** The symmetric equations of three unknowns, or of the first two. */
function solve(sums: Float64Array, turning: boolean): [number, number, number] | null {
  const [xx, xy, xt, yy, yt, tt, x, y, t] = sums as unknown as number[];
  const flat = xx * yy - xy * xy;
  // Slopes in one direction alone, such as of a bar, do not say where it lies along itself.
  if (!(flat > 1e-4 * xx * yy)) return null;
  if (!turning) return [(yy * x - xy * y) / flat, (xx * y - xy * x) / flat, 0];
  // What of the turning is no shift.
  const [a, b] = [(yy * xt - xy * yt) / flat, (xx * yt - xy * xt) / flat];
  const left = tt - a * xt - b * yt;
  // A round part looks alike however it is turned.
  const turn = left > 1e-3 * tt ? (t - a * x - b * y) / left : 0;
  const [u, v] = [x - xt * turn, y - yt * turn];
  return [(yy * u - xy * v) / flat, (xx * v - xy * u) / flat, turn];
}
