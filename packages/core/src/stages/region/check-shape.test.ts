import { describe, expect, it } from "vitest";
import { checkShape, cornersOf, shapeText } from "./check-shape.js";

describe("checkShape", () => {
  it("takes a spiral of many corners, and a million at most", () => {
    const points = Array.from({ length: 200 }, (_, i) => {
      const [turn, radius] = [(i % 100) / 100, i < 100 ? 10 : 20];
      const angle = (i < 100 ? turn : 1 - turn) * 6;
      return [50 + radius * Math.cos(angle), 50 + radius * Math.sin(angle)] as const;
    });
    expect(() => checkShape({ type: "polygon", points }, 100, 100)).not.toThrow();
    expect(() => checkShape({ type: "border", width: 1e7 }, 100, 100)).toThrow("million");
  });

  it("names the edge where the outline crosses itself", () =>
    expect(() =>
      checkShape(
        {
          type: "polygon",
          points: [
            [0, 0],
            [8, 8],
            [8, 0],
            [0, 8],
          ],
        },
        10,
        10,
      ),
    ).toThrow("edge 0,0 to 8,8"));
});

it("cornersOf drops repeated corners and a closing one", () =>
  expect(
    cornersOf([
      [0, 0],
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 0],
    ]),
  ).toEqual([
    [0, 0],
    [4, 0],
    [4, 4],
  ]));

it("shapeText writes shapes as the command line takes them", () => {
  expect(shapeText({ type: "circle", x: 1, y: 2, radius: 3 })).toBe("circle:1,2,3");
  expect(shapeText({ type: "rectangle", x: 1, y: 2, width: 3, height: 4 })).toBe("rectangle:1,2,3,4");
  expect(shapeText({ type: "border", width: 5 })).toBe("border:5");
  expect(shapeText({ type: "mask", width: 5, height: 6, runs: [0, 1] })).toBe("mask of 5 × 6 pixels");
  const points = Array.from({ length: 5 }, (_, i) => [i, i] as const);
  expect(shapeText({ type: "polygon", points })).toBe("polygon:0,0 1,1 2,2 3,3 …");
});
