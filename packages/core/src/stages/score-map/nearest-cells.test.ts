import fc from "fast-check";
import { expect, it } from "vitest";
import { markedPlaces, maskOfRuns, runsOf } from "../region/runs.js";
import { nearestCells } from "./nearest-cells.js";

it("gives a cell that takes part its own number, others that of the nearest, the first of equals", () => {
  expect([...nearestCells([1, 2, 5, 6], 3, 2)]).toEqual([0, 0, 0, 0, 0, 1]);
  const runs = runsOf(maskOfRuns([3, 4], 4, 2));
  expect([...nearestCells(runs, 4, 2)]).toEqual(new Array(8).fill(0));
});

it("is what a search of all cells finds", () => {
  const side = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(side, side, fc.infiniteStream(fc.integer({ min: 0, max: 5 })), (width, height, draw) => {
      const data = Uint8Array.from({ length: width * height }, () =>
        Number((draw.next().value as number) === 0),
      );
      data[0] = 1;
      const runs = runsOf({ width, height, channels: 1, data });
      const places = Array.from(markedPlaces(runs));
      nearestCells(runs, width, height).forEach((found, cell) => {
        const away = places.map(
          (place) =>
            ((place % width) - (cell % width)) ** 2 +
            (Math.floor(place / width) - Math.floor(cell / width)) ** 2,
        );
        expect(found).toBe(away.indexOf(Math.min(...away)));
      });
    }),
  );
});
