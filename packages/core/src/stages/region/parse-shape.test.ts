import { describe, expect, it } from "vitest";
import { maskShape, parseShape, parseShapes } from "./parse-shape.js";

describe("parseShape", () => {
  it("reads the words of every shape", () => {
    expect(parseShape("polygon:0,0 10,0 5.5,8")).toEqual({
      type: "polygon",
      points: [
        [0, 0],
        [10, 0],
        [5.5, 8],
      ],
    });
    expect(parseShape("circle:450,450,-400")).toEqual({ type: "circle", x: 450, y: 450, radius: -400 });
    expect(parseShape("rectangle: 1,2,3,4 ")).toEqual({ type: "rectangle", x: 1, y: 2, width: 3, height: 4 });
    expect(parseShape("border:12")).toEqual({ type: "border", width: 12 });
  });

  it.each(["mask.png", "parts/roi.json", "C:\\masks\\roi.png", "d:/roi.png", "file:/x"])(
    "takes %s for a path",
    (text) => expect(parseShape(text)).toBeNull(),
  );

  it.each([
    "circle:1,2",
    "circle:1,2,3,4",
    "polygon:1,2,3 4,5",
    "polygon:",
    "ellipse:1,2,3",
    "border:x",
    "circle:1,,3",
    "rectangle:1,2 3,4",
  ])("refuses %s", (text) =>
    expect(() => parseShape(text)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" })),
  );
});

describe("parseShapes", () => {
  it("reads one shape or a list", () => {
    const circle = { type: "circle", x: 1, y: 2, radius: 3 };
    expect(parseShapes(circle, "roi.json")).toEqual([circle]);
    const polygon = {
      type: "polygon",
      points: [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
    };
    const mask = { type: "mask", width: 2, height: 2, runs: [0, 1] };
    expect(parseShapes([circle, polygon, mask], "roi.json")).toEqual([circle, polygon, mask]);
  });

  it.each([
    null,
    7,
    {},
    { type: "toString" },
    { type: "circle", x: 1, y: 2 },
    { type: "circle", x: 1, y: 2, radius: "3" },
    { type: "circle", x: 1, y: 2, radius: 3, more: 1 },
    { type: "polygon", points: [[0, 0, 0]] },
    { type: "mask", width: 2, height: 2, runs: "0" },
  ])("refuses %j and names the file", (json) =>
    expect(() => parseShapes(json, "roi.json")).toThrow(/roi\.json.*\[OPTION_VALUE\]/),
  );
});

it("maskShape holds the mask as runs", () =>
  expect(maskShape({ width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 255, 1, 0) })).toEqual({
    type: "mask",
    width: 2,
    height: 2,
    runs: [1, 3],
  }));
