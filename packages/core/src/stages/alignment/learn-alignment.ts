/** Learns the reference from good pictures: their mean, once all are brought to where the most typical of them lies. */
import { BlemishError } from "../../errors.js";
import { highest, lowest, spreadOf } from "../../linalg/robust-spread.js";
import {
  type AlignMode,
  type AlignmentModel,
  type CellSize,
  REFERENCE_SIDE,
  type SmallPose,
} from "./alignment-model.js";
import { type FoundPose, poseFinder } from "./find-pose.js";
import { correlation, sampleLook } from "./refine-pose.js";

/** A good picture to learn from. */
export interface AlignmentSample {
  /** `alignmentLook` of it. */
  readonly look: Float64Array;
  readonly cell: CellSize;
}

/** More pictures than this make the mean no better. */
export const MOST_SAMPLES = 200;

/** Times that the mean is made and all are aligned to it again. */
const ROUNDS = 2;

/** Good pictures less alike than this, once they are aligned, have nothing in common to be aligned by. */
const ALIKE = 0.5;

/** A confidence that no picture may fall below, however different the good ones are. */
const LEAST = 0.3;

/** Robust deviations, and difference from the median confidence, that a picture may have at least. */
const DEVIATIONS = 8;
const LEEWAY = 0.2;

/**
 * The reference, and how confidently the good pictures were aligned to it.
 * @param samples at least one, at most {@link MOST_SAMPLES} are worth their time.
 * @throws MODEL_STATISTICS when they have too little in common.
 */
export function learnAlignment(samples: readonly AlignmentSample[], mode: AlignMode): AlignmentModel {
  let reference = medoid(samples);
  for (let round = 0; round < ROUNDS; round++) reference = meanAligned(samples, reference, mode);
  const stored = Uint8Array.from(reference, Math.round);
  const found = aligned(samples, Float64Array.from(stored), mode);
  const confidences = found.map(({ confidence }) => confidence);
  const { middle, half } = spreadOf(confidences, DEVIATIONS, () => LEEWAY);
  if (middle < ALIKE) throw unlike(middle);
  const shifts = found.map(({ x, y }, i) => {
    const { across, down } = samples[i].cell;
    return Math.hypot(x / across, y / down) / REFERENCE_SIDE;
  });
  return {
    mode,
    pictures: samples.length,
    least: digits(Math.max(LEAST, middle - half)),
    good: {
      lowest: digits(lowest(confidences)),
      median: digits(middle),
      shift: digits(highest(shifts)),
      degrees: digits(highest(found.map(({ angle }) => Math.abs((angle * 180) / Math.PI)))),
    },
    reference: stored,
  };
}

function unlike(found: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: `parts that can be aligned (--align): a likeness of at least ${ALIKE} to their mean`,
    found: `${digits(found)}, as of textures or parts that lie anywhere`,
  });
}

/** The picture that is most like the mean of all as they lie. */
function medoid(samples: readonly AlignmentSample[]): Float64Array {
  const mean = new Float64Array(REFERENCE_SIDE * REFERENCE_SIDE);
  for (const { look } of samples) for (let i = 0; i < mean.length; i++) mean[i] += look[i] / samples.length;
  const still: SmallPose = { x: 0, y: 0, angle: 0 };
  const square = (data: Float64Array) => ({ side: REFERENCE_SIDE, data });
  const likeness = samples.map(({ look, cell }) => correlation(square(mean), square(look), cell, still));
  return samples[likeness.indexOf(highest(likeness))].look;
}

function aligned(samples: readonly AlignmentSample[], reference: Float64Array, mode: AlignMode): FoundPose[] {
  const find = poseFinder(reference, mode);
  return samples.map(({ look, cell }) => find(look, cell));
}

/** The mean of those that are found surely enough; a place that none of them shows stays as it was. */
function meanAligned(
  samples: readonly AlignmentSample[],
  reference: Float64Array,
  mode: AlignMode,
): Float64Array {
  const found = aligned(samples, reference, mode);
  const { middle } = spreadOf(
    found.map(({ confidence }) => confidence),
    1,
    () => 0,
  );
  const sum = new Float64Array(reference.length);
  const count = new Float64Array(reference.length);
  for (const [i, pose] of found.entries()) {
    if (pose.confidence < middle / 2) continue;
    const { look, cell } = samples[i];
    for (const [at, value] of sampleLook({ side: REFERENCE_SIDE, data: look }, cell, pose).entries()) {
      if (Number.isNaN(value)) continue;
      sum[at] += value;
      count[at]++;
    }
  }
  return sum.map((value, at) => (count[at] > 0 ? value / count[at] : reference[at]));
}

function digits(value: number): number {
  return Number(value.toPrecision(4));
}
