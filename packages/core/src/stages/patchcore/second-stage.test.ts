import { describe, expect, it } from "vitest";
import { createArena } from "../../kernels/arena.js";
import { neighbourKernels } from "../../kernels/neighbour-kernels.js";
import { seededRandom } from "../../random.js";
import { secondStage } from "./second-stage.js";
import {
  chosenPatches,
  roomBytes,
  type SelectionOptions,
  secondStageBytes,
  selectionPlan,
  selectionRoom,
} from "./selection-plan.js";

const OPTIONS: SelectionOptions = {
  channels: 3,
  cells: 10,
  pictures: 6,
  size: 8,
  pool: 30,
  far: 20,
  seed: 1,
};

function prepared(first: readonly number[][]) {
  const plan = selectionPlan(OPTIONS);
  const arena = createArena(roomBytes(3, plan) + secondStageBytes(OPTIONS, plan));
  const room = selectionRoom(3, plan, arena);
  const chosen = chosenPatches(3, plan.rows);
  first.forEach((row, i) => {
    chosen.take(100 + i, Float32Array.from(row));
  });
  return { stage: secondStage(OPTIONS, plan, room, chosen, neighbourKernels(arena), arena), chosen };
}

describe("secondStage", () => {
  it("goes on with the patch that is farthest from the first rows, in the memory foretold", () => {
    const random = seededRandom(2);
    const { stage, chosen } = prepared([
      [0, 0, 0],
      [1, 0, 0],
    ]);
    for (let picture = 0; picture < 6; picture++) {
      const data = Float32Array.from({ length: 30 }, () => random.normal());
      if (picture === 4) data.set([50, 50, 50, 49], 3);
      stage.add(data, picture);
    }
    const counts = Array.from(stage.select(), () => chosen.count);
    expect(counts).toEqual([3, 4, 5, 6, 7, 8]);
    expect([43, 44, 45, 46]).toContain(chosen.numbers[2]);
  });

  it("takes no patch that is a row already, even beside rows that are as near but for rounding", () => {
    // Neighbouring float32 numbers: |b|² − 2·p·b cannot tell them apart.
    const close = [0, 1, 2, 3].map((ulp) => [1000 + ulp * 2 ** -14, 2000, 3000]);
    const { stage, chosen } = prepared(close);
    for (let picture = 0; picture < 6; picture++) {
      const cell = (i: number) => close[(i + picture) % 4] as number[];
      stage.add(
        Float32Array.from({ length: 30 }, (_, i) => cell(i % 10)[Math.floor(i / 10)] as number),
        picture,
      );
    }
    for (const _ of stage.select());
    expect(chosen.count).toBe(4);
  });
});
