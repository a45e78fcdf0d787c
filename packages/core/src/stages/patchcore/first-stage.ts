/** The first stage of a selection: greedy over the random sample, between projected patches. */
import type { NeighbourKernels } from "../../kernels/memory-bank.js";
import { seededRandom } from "../../random.js";
import { greedySelection } from "./greedy-selection.js";
import { patchSample } from "./patch-sample.js";
import { projectedDimensions } from "./random-projection.js";
import {
  type ChosenPatches,
  padded,
  pointsIn,
  type SelectionOptions,
  type SelectionPlan,
  type SelectionRoom,
} from "./selection-plan.js";

/** A first stage. */
export interface FirstStage {
  /** Takes a picture's embedding that was checked. */
  add(data: Float32Array, picture: number): void;
  /** Chooses up to `plan.first` patches, one at each step; stops early when no other patch is different. */
  select(): Generator<void, void>;
}

/** Draws the sample and prepares the room. @param chosen takes what is chosen. */
export function firstStage(
  options: SelectionOptions,
  plan: SelectionPlan,
  room: SelectionRoom,
  chosen: ChosenPatches,
  kernels: NeighbourKernels,
): FirstStage {
  const { channels, seed } = options;
  const points = pointsIn(room.points, plan.sampled, projectedDimensions(channels));
  points.data.fill(0);
  const { numbers, rows, add } = patchSample(options, plan.sampled, seed, points.data);
  return {
    add,
    *select() {
      const distances = room.distances.subarray(0, padded(points.count)).fill(-1);
      distances.fill(Number.POSITIVE_INFINITY, 0, points.count);
      const greedy = greedySelection({ kernels, points, distances, centres: room.centres });
      let point = seededRandom(seed, 2).int(points.count);
      for (;;) {
        greedy.choose(point);
        chosen.take(numbers[point], rows.subarray(point * channels, (point + 1) * channels));
        yield;
        if (chosen.count === plan.first) return;
        const next = greedy.farthest();
        if (next.squared <= 0) return;
        point = next.point;
      }
    },
  };
}
