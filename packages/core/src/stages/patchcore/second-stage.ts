/** The second stage of a selection: all patches meet the first rows, and the farthest compete for the others. */
import type { Arena } from "../../kernels/arena.js";
import { type Bank, type NeighbourKernels, squaredLengths } from "../../kernels/memory-bank.js";
import { farthestPatches } from "./farthest-patches.js";
import { greedySelection, readPoint } from "./greedy-selection.js";
import {
  type ChosenPatches,
  padded,
  pointsIn,
  type SelectionOptions,
  type SelectionPlan,
  type SelectionRoom,
} from "./selection-plan.js";

/**
 * Rows whose squared distances differ by less than this share of their squared lengths may change places in a search
 * (`NeighbourKernels.nearest`), with a margin for many channels.
 */
const NEARLY_EQUAL = 1e-3;

/** A second stage. */
export interface SecondStage {
  /** Takes a picture's embedding that was checked. */
  add(data: Float32Array, picture: number): void;
  /** Chooses until there are `plan.rows`, one at each step; stops early when no other patch is different. */
  select(): Generator<void, void>;
}

/** Prepares the search. @param chosen what the first stage chose; takes what is chosen here. */
export function secondStage(
  { channels, cells }: SelectionOptions,
  plan: SelectionPlan,
  room: SelectionRoom,
  chosen: ChosenPatches,
  kernels: NeighbourKernels,
  arena: Arena,
): SecondStage {
  const first = bankIn(arena, chosen, channels);
  const patches = arena.float32(channels * cells);
  const found = { index: arena.int32(cells), squared: arena.float32(cells) };
  const far = farthestPatches(
    channels,
    plan.far,
    pointsIn(room.points, plan.far, channels).data,
    room.distances,
  );
  return {
    add(data, picture) {
      patches.set(data);
      kernels.nearest(first, patches, cells, 1, found);
      for (let cell = 0; cell < cells; cell++)
        if (
          found.squared[cell] <= NEARLY_EQUAL * first.norms[found.index[cell]] &&
          isRow(first, data, cell, cells)
        )
          found.squared[cell] = 0;
      far.offer(data, picture * cells, found.squared);
    },
    *select() {
      const numbers = far.sorted();
      const points = pointsIn(room.points, numbers.length, channels);
      const distances = room.distances.subarray(0, padded(numbers.length));
      const greedy = greedySelection({ kernels, points, distances, centres: room.centres });
      const row = new Float32Array(channels);
      while (chosen.count < plan.rows) {
        const { point, squared } = greedy.farthest();
        if (squared <= 0) return;
        greedy.choose(point);
        readPoint(points, point, row);
        chosen.take(numbers[point], row);
        yield;
      }
    },
  };
}

/** Whether a patch is one of the rows, to the last bit. */
function isRow({ rows, channels, data }: Bank, patches: Float32Array, cell: number, cells: number): boolean {
  for (let row = 0; row < rows; row++) {
    let d = 0;
    while (d < channels && data[row * channels + d] === patches[d * cells + cell]) d++;
    if (d === channels) return true;
  }
  return false;
}

function bankIn(arena: Arena, { count, rows }: ChosenPatches, channels: number): Bank {
  const data = arena.float32(rows.length);
  data.set(rows);
  const norms = arena.float32(count);
  norms.set(squaredLengths({ rows: count, channels, data, scale: null }));
  return { rows: count, channels, data, scale: null, norms };
}
