import { describe, expect, it } from "vitest";
import { createCanvas } from "./canvas.js";
import { CAP_HEIGHT, drawText, textWidth } from "./lettering.js";

/** Darkness 0–255 of black text on white, and the rows and columns it reaches. */
function ink(text: string, size: number, x = 20) {
  const canvas = createCanvas(900, 300, [255, 255, 255]);
  drawText(canvas, text, x, 200, size, [0, 0, 0]);
  let sum = 0;
  let [top, bottom, left, right] = [999, -1, 999, -1];
  for (let row = 0; row < canvas.height; row++)
    for (let column = 0; column < canvas.width; column++) {
      const dark = 255 - canvas.data[(row * canvas.width + column) * 3]!;
      sum += dark;
      if (dark < 64) continue;
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
      [left, right] = [Math.min(left, column), Math.max(right, column)];
    }
  return { sum: sum / 255, top, bottom, left, right };
}

describe("size", () => {
  it.each([8, 12, 16, 24, 32, 48, 120])("letters of %d pixels have the font's proportions", (size) => {
    const { top, bottom, left, right } = ink("H", size);
    expect(bottom).toBe(199);
    expect(Math.abs(bottom - top + 1 - size * CAP_HEIGHT)).toBeLessThanOrEqual(1.2);
    expect(right - left + 1).toBeLessThan(textWidth("H", size) + 1);
  });

  it.each([10, 20, 64, 160])("the same share of ink at %d pixels", (size) => {
    const reference = ink("Score 0.5", 32).sum / 32 ** 2;
    expect(ink("Score 0.5", size).sum / size ** 2 / reference).toBeCloseTo(1, 1);
  });

  it("adds up and scales", () => {
    expect(textWidth("ab", 20)).toBeCloseTo(textWidth("a", 20) + textWidth("b", 20), 9);
    expect(textWidth("ab", 40)).toBeCloseTo(2 * textWidth("ab", 20), 9);
    expect(textWidth("", 20)).toBe(0);
    // Digits are equally wide, so columns of numbers line up.
    expect(new Set(Array.from("0123456789", (digit) => textWidth(digit, 32))).size).toBe(1);
  });
});

it("knows the signs that pictures need", () => {
  const unknown = ink("?", 32).sum;
  for (const sign of "±≥≤·–°µ²×…%") expect(Math.abs(ink(sign, 32).sum - unknown)).toBeGreaterThan(0.5);
  expect(ink("漢", 32)).toEqual(ink("?", 32));
});

it("is smooth, and sharp when enlarged", () => {
  const shades = (size: number) => {
    const canvas = createCanvas(300, 300, [255, 255, 255]);
    drawText(canvas, "O", 10, 250, size, [0, 0, 0]);
    const grey = canvas.data.filter((value) => value > 20 && value < 235).length;
    return grey / canvas.data.filter((value) => value <= 20).length;
  };
  expect(shades(24)).toBeGreaterThan(0.1);
  expect(shades(250)).toBeLessThan(0.2);
});

it("may run over the edge of the canvas", () => {
  const canvas = createCanvas(20, 10, [255, 255, 255]);
  drawText(canvas, "anomalous", -5, 12, 30, [0, 0, 0]);
  expect(canvas.data.some((value) => value < 50)).toBe(true);
});
