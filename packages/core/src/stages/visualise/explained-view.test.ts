import { describe, expect, it } from "vitest";
import { explained } from "../../../../../tests/support/explained.js";
import type { RgbImage } from "../image/image.js";
import { createCanvas } from "./canvas.js";
import { explainedView, shownGoods } from "./explained-view.js";

const RED = [255, 0, 0] as const;
const BLUE = [0, 0, 255] as const;

/** Pixels of a colour. */
function count({ data }: RgbImage, [red, green, blue]: readonly [number, number, number]): number {
  let found = 0;
  for (let at = 0; at < data.length; at += 3)
    if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) found++;
  return found;
}

describe("explainedView", () => {
  it.each([
    [300, 200],
    [40, 1200],
    [1, 1],
  ])("shows the view whole and every patch below it, of a picture of %d × %d", (width, height) => {
    const view = createCanvas(width, height, RED);
    const image = createCanvas(width, height, BLUE);
    const thumbnail = createCanvas(Math.min(width, 20), Math.min(height, 30), [0, 200, 0]);
    const none = explainedView(view, { image, explanations: [explained()] }, new Map());
    expect(count(none, RED)).toBe(width * height);
    const [hot, goods] = [count(none, BLUE), count(none, [0, 200, 0])];
    expect(hot).toBeGreaterThan(0);
    expect(goods).toBe(0);
    const numbers = shownGoods([explained()]);
    expect(numbers).toEqual([2, 4, 7]);
    const all = explainedView(
      view,
      { image, explanations: [explained()] },
      new Map(numbers.map((number) => [number, thumbnail])),
    );
    expect(count(all, [0, 200, 0])).toBeGreaterThan(0);
    expect([all.width, all.height]).toEqual([none.width, none.height]);
    const two = explainedView(view, { image, explanations: [explained(), explained()] }, new Map());
    expect(count(two, BLUE)).toBe(2 * hot);
  });

  it("is the view itself where nothing is explained", () => {
    const view = createCanvas(3, 3, RED);
    for (const explanations of [null, []])
      expect(explainedView(view, { image: view, explanations }, new Map())).toBe(view);
  });

  it("leaves out a border that the view has already", () => {
    const view = createCanvas(2000, 100, RED);
    const drawn = (framed: boolean) =>
      explainedView(view, { image: view, explanations: [explained()] }, new Map(), framed).width;
    expect([drawn(true), drawn(false) > 2000]).toEqual([2000, true]);
  });
});
