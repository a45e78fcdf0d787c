import { expect, it } from "vitest";
import { formulaImage, reference, sha256 } from "../../../../../fixtures/visualise/formulas.js";
import { drawBoxes } from "./draw-boxes.js";

it("equals cv2.rectangle of thickness 2 on 400 boxes, at borders and of one pixel too", () => {
  expect(reference.rectangles.cases).toHaveLength(400);
  for (const [width, height, x0, y0, x1, y1, hash] of reference.rectangles.cases) {
    const drawn = drawBoxes(formulaImage(width, height), [[x0, y0, x1, y1]], [0, 0, 255]);
    expect(sha256(drawn.data).slice(0, 16)).toBe(hash);
  }
});

it("draws three pixels wide with the outer corners missing", () => {
  const blank = { width: 12, height: 10, channels: 3 as const, data: new Uint8Array(360) };
  const drawn = drawBoxes(blank, [[3, 2, 8, 7]], [1, 1, 1]).data.filter((_, i) => i % 3 === 0);
  expect(Array.from(drawn)).toEqual(reference.rectangles.example.flat());
});

it("draws every box on a copy", () => {
  const image = formulaImage(40, 40);
  const before = image.data.slice();
  const one = drawBoxes(image, [[2, 2, 9, 9]], [255, 0, 0]);
  expect(drawBoxes(one, [[20, 20, 30, 30]], [255, 0, 0])).toEqual(
    drawBoxes(
      image,
      [
        [2, 2, 9, 9],
        [20, 20, 30, 30],
      ],
      [255, 0, 0],
    ),
  );
  expect(drawBoxes(image, [], [255, 0, 0])).toEqual(image);
  expect(image.data).toEqual(before);
});
