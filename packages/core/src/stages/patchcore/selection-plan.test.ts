import { describe, expect, it } from "vitest";
import { createArena } from "../../kernels/arena.js";
import {
  chosenPatches,
  padded,
  pointsIn,
  roomBytes,
  selectionPlan,
  selectionRoom,
} from "./selection-plan.js";

const OPTIONS = { channels: 152, cells: 256, pictures: 209, size: 2048, pool: 32_768, far: 60_000, seed: 0 };

describe("selectionPlan", () => {
  it("takes half of the bank from a sample and half from the farthest of all", () => {
    expect(selectionPlan({ ...OPTIONS, cells: 1024 })).toEqual({
      sampled: 32_768,
      rows: 2048,
      first: 1024,
      far: 60_000,
    });
    expect(selectionPlan(OPTIONS)).toMatchObject({ first: 1024, far: 256 * 209 });
    expect(selectionPlan({ ...OPTIONS, size: 7 })).toMatchObject({ rows: 7, first: 4 });
  });

  it("takes all from the sample where that holds all patches", () => {
    expect(selectionPlan({ ...OPTIONS, pictures: 128 })).toEqual({
      sampled: 32_768,
      rows: 2048,
      first: 2048,
      far: 0,
    });
    expect(selectionPlan({ ...OPTIONS, pictures: 1 })).toEqual({
      sampled: 256,
      rows: 256,
      first: 256,
      far: 0,
    });
  });

  it("refuses no pictures, no rows, and stages smaller than the bank", () => {
    for (const wrong of [{ pictures: 0 }, { size: 0 }, { size: 1.5 }, { pool: 2047 }, { far: 2047 }])
      expect(() => selectionPlan({ ...OPTIONS, ...wrong })).toThrow(/OPTION_VALUE/);
  });
});

describe("selectionRoom", () => {
  it("does not grow with the number of pictures", () => {
    const bytes = [400, 10_000].map((pictures) => roomBytes(152, selectionPlan({ ...OPTIONS, pictures })));
    expect(bytes[0]).toBe(bytes[1]);
    expect(bytes[0]).toBeLessThan(40e6);
  });

  it("takes the bytes it says", () => {
    const plan = selectionPlan({ ...OPTIONS, size: 20, pool: 33, far: 41 });
    const arena = createArena(roomBytes(152, plan));
    const room = selectionRoom(152, plan, arena);
    expect(pointsIn(room.points, 41, 152).data).toHaveLength(48 * 152);
    expect([padded(0), padded(1), padded(8), padded(9)]).toEqual([0, 8, 8, 16]);
  });
});

describe("chosenPatches", () => {
  it("keeps rows and numbers in the order of choice", () => {
    const chosen = chosenPatches(2, 3);
    chosen.take(9, Float32Array.of(1, 2));
    chosen.take(4, Float32Array.of(3, 4));
    expect([chosen.count, [...chosen.numbers], [...chosen.rows]]).toEqual([2, [9, 4], [1, 2, 3, 4]]);
  });
});
