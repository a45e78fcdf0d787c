import { describe, expect, it } from "vitest";
import { ADVANCE, textDistance, textWidth } from "./strokes.js";

/** A text as rows of # (near a stroke) and dots: one character of output per grid unit. */
function drawn(text: string): string[] {
  return Array.from({ length: 7 }, (_, y) =>
    Array.from({ length: 6 * text.length }, (_, x) =>
      textDistance(text, x / 6, y / 6) < 0.01 ? "#" : ".",
    ).join(""),
  );
}

describe("strokes", () => {
  it("draws letters", () => {
    expect(drawn("LT")).toEqual([
      "#.....#####.",
      "#.......#...",
      "#.......#...",
      "#.......#...",
      "#.......#...",
      "#.......#...",
      "#####...#...",
    ]);
  });

  it("is empty at blanks, unknown signs, and beside the text", () => {
    for (const [text, x, y] of [
      ["A B", 1.3, 0.5],
      ["~", 0.3, 0.5],
      ["A", 1.5, 0.5],
      ["A", -1, 0.5],
      ["A", 0.3, 2],
    ] as const)
      expect(textDistance(text, x, y)).toBe(Number.POSITIVE_INFINITY);
  });

  it("every character differs from every other", () => {
    const all = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/."];
    const halves = Array.from({ length: 13 * 9 }, (_, i) => [(i % 9) / 12, Math.floor(i / 9) / 12] as const);
    const shapes = all.map((one) =>
      halves.map(([x, y]) => (textDistance(one, x, y) < 0.05 ? "#" : ".")).join(""),
    );
    expect(new Set(shapes).size).toBe(all.length);
    expect(shapes.every((shape) => shape.includes("#"))).toBe(true);
  });

  it("tells a text's width: advances less the last gap", () => {
    expect(textWidth("AB")).toBeCloseTo(2 * ADVANCE - 1 / 3);
    expect(textWidth("")).toBe(0);
  });
});
