/** The patches that a selection looks at first: drawn before the pictures come, kept as they stream by. */
import { BlemishError } from "../../errors.js";
import { POINT_BLOCK } from "../../kernels/memory-bank.js";
import { seededRandom } from "../../random.js";
import type { EmbeddingShape } from "./check-embedding.js";
import { drawSample } from "./draw-sample.js";
import { pointStart } from "./greedy-selection.js";
import { projectedDimensions, randomProjection } from "./random-projection.js";

/** A sample that fills as pictures come, in any order. */
export interface PatchSample {
  /** Numbers of the patches among all (picture · cells + cell), ascending. */
  readonly numbers: Float64Array;
  /** `[count, channels]`. */
  readonly rows: Float32Array;
  /** Takes the patches that were drawn from a picture. @param data float32 `[channels, cells]`. */
  add(data: Float32Array, picture: number): void;
}

/**
 * Draws the sample: the same for the same seed and numbers of pictures and cells.
 * @param points `[⌈count / 8⌉, projected dimensions, 8]`: filled with the projected patches.
 */
export function patchSample(
  { channels, cells, pictures }: EmbeddingShape,
  count: number,
  seed: number,
  points: Float32Array,
): PatchSample {
  const numbers = drawSample(pictures * cells, count, seededRandom(seed));
  const rows = rowsFor(numbers.length, channels);
  const project = randomProjection(channels, seededRandom(seed, 1));
  const dimensions = projectedDimensions(channels);
  const patch = new Float64Array(channels);
  return {
    numbers,
    rows,
    add(data, picture) {
      const end = firstFrom(numbers, (picture + 1) * cells);
      for (let i = firstFrom(numbers, picture * cells); i < end; i++) {
        const cell = numbers[i] % cells;
        for (let d = 0; d < channels; d++) patch[d] = data[d * cells + cell];
        rows.set(patch, i * channels);
        project(patch, points, pointStart(i, dimensions), POINT_BLOCK);
      }
    },
  };
}

/** The first place whose number is not less than `least`. */
function firstFrom(numbers: Float64Array, least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rowsFor(count: number, channels: number): Float32Array {
  try {
    return new Float32Array(count * channels);
  } catch (cause) {
    throw new BlemishError("MEMORY", {
      subject: "The sample of patches",
      expected: "memory for it",
      found: `a need of ${Math.ceil((4 * count * channels) / 1e6)} MB`,
      cause,
    });
  }
}
