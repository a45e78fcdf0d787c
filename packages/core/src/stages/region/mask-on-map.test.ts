import fc from "fast-check";
import { expect, it } from "vitest";
import { maskOnMap } from "./mask-on-map.js";
import { rasterise } from "./rasterise.js";

it("marks a pixel of the map exactly when its centre lies in the mask", () => {
  const mask = rasterise([{ type: "circle", x: 20, y: 14, radius: 9 }], 40, 30);
  const side = fc.integer({ min: 1, max: 50 });
  const views = fc.record({ x: fc.integer({ min: -5, max: 20 }), y: fc.nat(15), width: side, height: side });
  fc.assert(
    fc.property(views, side, side, (view, width, height) => {
      const { data } = maskOnMap(mask, view, { width, height });
      for (let i = 0; i < data.length; i++) {
        const x = Math.floor(view.x + (((i % width) + 0.5) * view.width) / width);
        const y = Math.floor(view.y + ((Math.floor(i / width) + 0.5) * view.height) / height);
        const inside = x >= 0 && x < 40 && y >= 0 && y < 30;
        expect(data[i]).toBe(inside ? mask.data[y * 40 + x] : 0);
      }
    }),
    { numRuns: 50 },
  );
});

it("gives the mask itself for a view of the whole picture in its own size", () => {
  const mask = rasterise([{ type: "border", width: 3 }], 12, 10);
  expect(maskOnMap(mask, { x: 0, y: 0, width: 12, height: 10 }, mask)).toEqual(mask);
});
