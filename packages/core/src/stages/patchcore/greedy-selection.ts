/**
 * Greedy k-centre selection: the next centre is the point that is farthest from all centres there are (Gonzalez 1985;
 * PatchCore, arXiv 2106.08265, algorithm 1), with less work than comparing every point with every centre.
 *
 * Points stand in groups that fit into the cache. Distances only ever become shorter, so a group whose farthest point was
 * nearer than the one found elsewhere cannot hold the next centre: it waits, and meets the centres it has missed together
 * when it may. The centres are exactly those of the plain method.
 */
import { type NeighbourKernels, type PackedPoints, POINT_BLOCK } from "../../kernels/memory-bank.js";

/** Points of a group. */
const GROUP = 64;

/** Where a selection works; for compiled kernels all arrays are in their arena. */
export interface GreedyRoom {
  readonly kernels: NeighbourKernels;
  readonly points: PackedPoints;
  /**
   * `[⌈count / 8⌉ · 8]`, squared distances to the centres there are already, ∞ without any; those past the last point less
   * than 0. Overwritten.
   */
  readonly distances: Float32Array;
  /** `[most, channels]`: room for the centres that are to be chosen, overwritten. */
  readonly centres: Float32Array;
}

/** A selection that goes on as long as it is asked to. */
export interface GreedySelection {
  /** The point that is farthest from all centres, of equally far ones the lowest, and its squared distance. */
  farthest(): { readonly point: number; readonly squared: number };
  /** Makes a point a centre. */
  choose(point: number): void;
}

/** Starts a selection over points. */
export function greedySelection({ kernels, points, distances, centres }: GreedyRoom): GreedySelection {
  const { channels } = points;
  const groups = groupsOf(points, distances);
  /** The farthest point of each group and its distance, when the group had met `met` centres. */
  const top = new Int32Array(groups.length);
  const bound = new Float32Array(groups.length);
  const met = new Int32Array(groups.length);
  groups.forEach((group, g) => {
    top[g] = highest(group.distances);
    bound[g] = group.distances[top[g]];
  });
  const chosen: Float32Array[] = [];
  const meet = (g: number) => {
    const { part, distances: own } = groups[g];
    for (; met[g] < chosen.length; met[g]++) top[g] = kernels.shorten(part, chosen[met[g]], own);
    bound[g] = own[top[g]];
  };
  return {
    farthest() {
      let best = highest(bound);
      meet(best);
      for (let g = 0; g < groups.length; g++) {
        if (bound[g] < bound[best] || (bound[g] === bound[best] && g >= best)) continue;
        meet(g);
        if (bound[g] > bound[best] || (bound[g] === bound[best] && g < best)) best = g;
      }
      return { point: best * GROUP + top[best], squared: bound[best] };
    },
    choose(point) {
      const first = chosen.length * channels;
      const centre = centres.subarray(first, first + channels);
      readPoint(points, point, centre);
      chosen.push(centre);
    },
  };
}

/** Writes a packed point to the first `channels` places of `out`. */
export function readPoint({ channels, data }: PackedPoints, point: number, out: Float32Array): void {
  const start = pointStart(point, channels);
  for (let d = 0; d < channels; d++) out[d] = data[start + d * POINT_BLOCK];
}

/** Where a packed point's first channel stands; the others follow at distances of eight. */
export function pointStart(point: number, channels: number): number {
  return (point - (point % POINT_BLOCK)) * channels + (point % POINT_BLOCK);
}

interface Group {
  readonly part: PackedPoints;
  readonly distances: Float32Array;
}

function groupsOf({ count, channels, data }: PackedPoints, distances: Float32Array): Group[] {
  return Array.from({ length: Math.ceil(count / GROUP) }, (_, g) => {
    const first = g * GROUP;
    const end = Math.min(first + GROUP, Math.ceil(count / POINT_BLOCK) * POINT_BLOCK);
    return {
      part: {
        count: Math.min(count - first, GROUP),
        channels,
        data: data.subarray(first * channels, end * channels),
      },
      distances: distances.subarray(first, end),
    };
  });
}

/** The first place of the highest value. */
function highest(values: Float32Array): number {
  let found = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[found]) found = i;
  return found;
}
