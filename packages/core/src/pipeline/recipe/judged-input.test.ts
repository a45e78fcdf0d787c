import { describe, expect, it } from "vitest";
import { rasterise } from "../../stages/region/rasterise.js";
import { maskOfRuns } from "../../stages/region/runs.js";
import { boxOf, judgedInput } from "./judged-input.js";

const size = { width: 64, height: 32 };
const grid = { width: 4, height: 2 };
const whole = { x: 0, y: 0, width: 128, height: 64 };
const content = { x: 0, y: 0, ...size };
const region = (x: number, y: number, width: number, height: number) =>
  rasterise([{ type: "rectangle", x, y, width, height }], 128, 64);

describe("judgedInput", () => {
  it("leaves nothing out where all is judged", () =>
    expect(judgedInput(null, whole, { size, content }, grid)).toEqual({ painted: null, cells: null }));

  it("paints what is not judged, and takes cells of which at least half is", () => {
    // Columns 0 to 39 of the input: two cells and half of the third.
    const { painted, cells } = judgedInput(region(0, 0, 80, 64), whole, { size, content }, grid);
    expect(cells).toEqual([0, 3, 4, 7]);
    const marked = maskOfRuns(painted!, 64, 32).data;
    marked.forEach((value, at) => {
      expect(value).toBe(at % 64 < 40 ? 0 : 1);
    });
    expect(judgedInput(region(0, 0, 78, 64), whole, { size, content }, grid).cells).toEqual([0, 2, 4, 6]);
  });

  it("leaves out cells of padding without painting it", () => {
    const padded = { size, content: { x: 0, y: 9, width: 64, height: 23 } };
    expect(judgedInput(null, whole, padded, grid)).toEqual({ painted: null, cells: [4, 8] });
  });

  it("takes what has most of a small region, and refuses one between the pixels", () => {
    expect(judgedInput(region(40, 8, 6, 6), whole, { size, content }, grid).cells).toEqual([1, 2]);
    const tiny = { x: 0, y: 0, width: 1024, height: 512 };
    const dot = rasterise([{ type: "rectangle", x: 1, y: 1, width: 1, height: 1 }], 1024, 512);
    expect(() => judgedInput(dot, tiny, { size, content }, grid)).toThrow(/--fit crop.*REGION/);
  });
});

it("boxOf is the smallest rectangle around what is marked", () => {
  expect(boxOf(region(3, 5, 7, 2))).toEqual({ x: 3, y: 5, width: 7, height: 2 });
  const ring = rasterise([{ type: "border", width: 1 }], 128, 64);
  expect(boxOf(ring)).toEqual(whole);
});
