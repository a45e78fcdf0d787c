import { expect, it } from "vitest";
import { SAFE_COLOURS } from "./safe-colours.js";

/** CIE lightness of an sRGB colour. */
function lightness(level: number): number {
  const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((channel) => {
    const value = (SAFE_COLOURS[level * 3 + channel] ?? 0) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 116 * Math.cbrt(0.2126 * red + 0.7152 * green + 0.0722 * blue) - 16;
}

it("grows lighter with every step that can be seen, so that it reads alike without colour", () => {
  for (let level = 0; level + 8 < 256; level += 8)
    expect(lightness(level + 8) - lightness(level)).toBeGreaterThan(0.8);
  expect(lightness(255) - lightness(0)).toBeGreaterThan(70);
});

it("runs from dark violet to yellow", () => {
  expect([...SAFE_COLOURS.slice(0, 3)]).toEqual([68, 1, 84]);
  expect([...SAFE_COLOURS.slice(-3)]).toEqual([253, 231, 37]);
});
