/**
 * Pictures that show the same shot: encoded again, resized, a little brighter, or taken twice of a part at rest.
 *
 * Goods of one part look alike to every perceptual hash (a 64-bit difference hash gives distance 0 for almost every
 * pair of MVTec's bottles), so what is measured is a distance in grey levels between 16 × 16 averages, with offset
 * and contrast taken out, and compared with what is usual in the set. Measured with it, 20 pictures each of seven
 * sets: JPEG of quality 50, half size and noise of 3 levels stay below 0.41; the closest different pictures are at
 * 0.75 (frames of a conveyor), 1.2 and more (bottles and five generated kinds). A shift by one pixel (1.1 and more)
 * and light that saturates are not recognised as the same shot.
 */
import { LOOK_SIDE } from "./picture-facts.js";

/** Grey levels (root mean square): pairs below the first are always near, above the second never. */
const SURE = 0.1;
const NEVER = 0.55;

/** In between: less than this part of the usual distance of two pictures of the set. */
const OF_USUAL = 0.25;

/** Pairs looked at to learn what is usual. */
const SAMPLES = 4096;

const SIZE = LOOK_SIDE * LOOK_SIDE;

/** Groups of indices, each of at least two, in order. All pairs are compared, but most of them by a few numbers only. */
export function nearDuplicates(looks: readonly Uint16Array[]): number[][] {
  const set = normalise(looks);
  const limit = Math.min(NEVER, Math.max(SURE, OF_USUAL * usualDistance(set)));
  const parent = looks.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] = parent[parent[root]];
    return root;
  };
  for (let i = 1; i < looks.length; i++) {
    for (let j = 0; j < i; j++) {
      if (isWithin(set, i, j, limit)) {
        const [a, b] = [rootOf(i), rootOf(j)];
        parent[Math.max(a, b)] = Math.min(a, b);
      }
    }
  }
  const groups = new Map<number, number[]>();
  looks.forEach((_, index) => {
    const root = rootOf(index);
    groups.set(root, [...(groups.get(root) ?? []), index]);
  });
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Pictures of mean 0 and mean square 1, and the contrast that was taken out of each, grey levels. */
interface NormalisedSet {
  /** `[pictures, 256]`; those pixels first that vary most, so that different pictures are told apart early. */
  readonly values: Float32Array;
  readonly contrasts: Float32Array;
}

function normalise(looks: readonly Uint16Array[]): NormalisedSet {
  const order = byVariation(looks);
  const values = new Float32Array(looks.length * SIZE);
  const contrasts = new Float32Array(looks.length);
  looks.forEach((look, picture) => {
    let [sum, squares] = [0, 0];
    for (const value of look) {
      sum += value / 128;
      squares += (value / 128) ** 2;
    }
    const mean = sum / SIZE;
    // Of a blank picture nothing but rounding would be left.
    const contrast = Math.max(1, Math.sqrt(Math.max(0, squares / SIZE - mean * mean)));
    contrasts[picture] = contrast;
    for (let i = 0; i < SIZE; i++) values[picture * SIZE + i] = (look[order[i]] / 128 - mean) / contrast;
  });
  return { values, contrasts };
}

/** Indices of the pixels, those with the largest variance over the set first. */
function byVariation(looks: readonly Uint16Array[]): number[] {
  const sums = new Float64Array(SIZE);
  const squares = new Float64Array(SIZE);
  for (const look of looks) {
    for (let i = 0; i < SIZE; i++) {
      sums[i] += look[i];
      squares[i] += look[i] * look[i];
    }
  }
  const variance = sums.map((sum, i) => squares[i] - (sum * sum) / looks.length);
  return Array.from(variance.keys()).sort((a, b) => variance[b] - variance[a]);
}

/** Median distance of some pairs, spread evenly over all pictures; 0 for fewer than two. */
function usualDistance(set: NormalisedSet): number {
  const count = set.contrasts.length;
  const distances: number[] = [];
  for (let step = 1; step < count && distances.length < SAMPLES; step = 2 * step + 1) {
    for (let i = 0; i < count && distances.length < SAMPLES; i++) {
      distances.push(distance(set, i, (i + step) % count));
    }
  }
  return distances.sort((a, b) => a - b)[distances.length >> 1] ?? 0;
}

function distance({ values, contrasts }: NormalisedSet, i: number, j: number): number {
  let sum = 0;
  for (let a = i * SIZE, b = j * SIZE, end = a + SIZE; a < end; a++, b++) {
    sum += (values[a] - values[b]) ** 2;
  }
  return Math.sqrt((sum / SIZE) * contrasts[i] * contrasts[j]);
}

function isWithin({ values, contrasts }: NormalisedSet, i: number, j: number, limit: number): boolean {
  const most = (limit * limit * SIZE) / (contrasts[i] * contrasts[j]);
  let sum = 0;
  for (let a = i * SIZE, b = j * SIZE, end = a + SIZE; a < end; a += 4, b += 4) {
    const d0 = values[a] - values[b];
    const d1 = values[a + 1] - values[b + 1];
    const d2 = values[a + 2] - values[b + 2];
    const d3 = values[a + 3] - values[b + 3];
    sum += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
    if (sum > most) return false;
  }
  return true;
}
