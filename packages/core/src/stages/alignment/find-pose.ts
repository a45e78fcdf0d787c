/**
 * Finds how a part lies in a small grey picture, compared with a reference: phase correlation for a few angles says about
 * where, then least squares on the reference's slopes, on ever finer pictures, say it to a fraction of a pixel.
 */
import { type PhaseCorrelator, phaseCorrelator, type Spectrum } from "../../linalg/phase-correlation.js";
import {
  type AlignMode,
  type CellSize,
  MOST_DEGREES,
  MOST_SHIFT,
  REFERENCE_SIDE,
  type SmallPose,
} from "./alignment-model.js";
import {
  correlation,
  halved,
  type Reference,
  referenceOf,
  refinePose,
  type SquareLook,
  sampleLook,
} from "./refine-pose.js";

/** What was found. */
export interface FoundPose extends SmallPose {
  /** Correlation with the reference after alignment, −1 to 1; 0 where a picture shows nothing. */
  readonly confidence: number;
}

/** Finds poses against one reference. @param look `[128, 128]` grey. */
export type PoseFinder = (look: Float64Array, cell: CellSize) => FoundPose;

/** Degrees between two angles of the first search; what is left of an angle is found by the slopes. */
const STEP = 2.5;

/** Rounds on pictures of 32, 64 and 128 cells, and how many of the best poses come to the next. */
const LEVELS = [
  { rounds: 12, kept: 4 },
  { rounds: 8, kept: 2 },
  { rounds: 8, kept: 1 },
];

/** @param reference `[128, 128]` grey. */
export function poseFinder(reference: Float64Array, mode: AlignMode): PoseFinder {
  const references = pyramid(reference).map(referenceOf);
  const coarse = references[0];
  const correlator = phaseCorrelator(coarse.side);
  const spectrum = correlator.spectrum(coarse.data);
  const turning = mode === "rigid";
  const angles = turning ? anglesTried() : [0];
  return (data, cell) => {
    const looks = pyramid(data);
    // As it lies, too: a defect can lead the first search astray.
    let poses: SmallPose[] = [{ x: 0, y: 0, angle: 0 }];
    for (const angle of angles) poses.push(firstGuess(correlator, spectrum, looks[0], cell, angle));
    for (const [level, { rounds, kept }] of LEVELS.entries()) {
      const refined = poses.map((pose) =>
        refinePose(references[level], looks[level], cell, pose, { rounds, turning }),
      );
      poses = best([...refined, ...poses], references[level], looks[level], cell, kept);
    }
    const [pose] = poses;
    return { ...pose, confidence: correlation(references[2], looks[2], cell, pose) };
  };
}

/** The look with 32, 64 and 128 cells on a side. */
function pyramid(data: Float64Array): [SquareLook, SquareLook, SquareLook] {
  const fine = { side: REFERENCE_SIDE, data };
  const middle = halved(fine);
  return [halved(middle), middle, fine];
}

function anglesTried(): number[] {
  const steps = Math.round((2 * MOST_DEGREES) / STEP);
  return Array.from({ length: steps + 1 }, (_, i) => ((i * STEP - MOST_DEGREES) * Math.PI) / 180);
}

/** The shift that phase correlation finds when the picture is turned back by an angle. */
function firstGuess(
  correlator: PhaseCorrelator,
  reference: Spectrum,
  look: SquareLook,
  cell: CellSize,
  angle: number,
): SmallPose {
  const turned = angle === 0 ? look.data : filled(sampleLook(look, cell, { x: 0, y: 0, angle }));
  const { x, y } = correlator.shift(reference, correlator.spectrum(turned));
  const scale = REFERENCE_SIDE / look.side;
  const [right, down] = [x * scale * cell.across, y * scale * cell.down];
  // The shift was found in the turned picture.
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return { x: cosine * right - sine * down, y: sine * right + cosine * down, angle };
}

/** What is not seen becomes the mean of the rest. */
function filled(values: Float64Array): Float64Array {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  return values.map((value) => (Number.isNaN(value) ? mean : value));
}

/** The poses that fit best, each once, and among them the first that is allowed when none fits. */
function best(
  poses: readonly SmallPose[],
  reference: Reference,
  look: SquareLook,
  cell: CellSize,
  count: number,
): SmallPose[] {
  const fitting = poses
    .filter((pose) => within(pose, cell))
    .map((pose) => ({ pose, fit: correlation(reference, look, cell, pose) }))
    .sort((a, b) => b.fit - a.fit);
  const chosen: SmallPose[] = [];
  for (const { pose } of fitting) {
    if (chosen.length < count && !chosen.some((other) => same(pose, other))) chosen.push(pose);
  }
  return chosen;
}

/** Closer than what the next finer picture finds by itself. */
function same(a: SmallPose, b: SmallPose): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) + Math.abs(a.angle - b.angle) * (REFERENCE_SIDE / 2) < 0.5;
}

/** A little more than what is looked for, so that nothing at its edge is lost. */
const EDGE = 1.1;

function within({ x, y, angle }: SmallPose, { across, down }: CellSize): boolean {
  const most = MOST_SHIFT * REFERENCE_SIDE * EDGE;
  return (
    Math.abs(x) <= most * across &&
    Math.abs(y) <= most * down &&
    Math.abs(angle) <= (MOST_DEGREES * EDGE * Math.PI) / 180
  );
}
