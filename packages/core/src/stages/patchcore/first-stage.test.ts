import { describe, expect, it } from "vitest";
import { createArena } from "../../kernels/arena.js";
import { neighbourKernels } from "../../kernels/neighbour-kernels.js";
import { seededRandom } from "../../random.js";
import { firstStage } from "./first-stage.js";
import {
  chosenPatches,
  roomBytes,
  type SelectionOptions,
  selectionPlan,
  selectionRoom,
} from "./selection-plan.js";

const OPTIONS: SelectionOptions = {
  channels: 3,
  cells: 10,
  pictures: 6,
  size: 12,
  pool: 30,
  far: 40,
  seed: 1,
};

function prepared(options: SelectionOptions, values: (i: number) => number) {
  const plan = selectionPlan(options);
  const arena = createArena(roomBytes(options.channels, plan));
  const room = selectionRoom(options.channels, plan, arena);
  const chosen = chosenPatches(options.channels, plan.rows);
  // Room that was used before.
  for (const array of Object.values(room)) array.fill(Number.NaN);
  const stage = firstStage(options, plan, room, chosen, neighbourKernels(arena));
  for (let picture = 0; picture < options.pictures; picture++)
    stage.add(
      Float32Array.from({ length: options.channels * options.cells }, (_, i) => values(i + 1000 * picture)),
      picture,
    );
  return { stage, chosen };
}

describe("firstStage", () => {
  it("chooses one patch at each step, half of the bank", () => {
    const random = seededRandom(2);
    const { stage, chosen } = prepared(OPTIONS, () => random.normal());
    const counts = Array.from(stage.select(), () => chosen.count);
    expect(counts).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(chosen.numbers).size).toBe(6);
  });

  it("stops when there are no other patches", () => {
    const { stage, chosen } = prepared(OPTIONS, (i) => (i % 10 < 5 ? 1 : 2));
    for (const _ of stage.select());
    expect(chosen.count).toBe(2);
  });
});
