import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { label } from "./label.js";
import { drawLight } from "./light.js";
import { newSurface } from "./surface.js";

describe("label", () => {
  const part = label({ light: drawLight(seededRandom(1)), pixel: 0.004, seed: 4, random: seededRandom(2) });
  const at = (u: number, v: number) => {
    const surface = newSurface();
    part.paint(u, v, surface);
    return surface;
  };

  it("is paper on a board: white, band, logo", () => {
    expect([at(0, 0.05).part, at(0, 0.9).part, at(0.95, 0).part]).toEqual([1, 0, 0]);
    expect(at(0.5, 0.05).red).toBeGreaterThan(0.6);
    const band = at(0.4, -0.4);
    expect(band.blue).toBeGreaterThan(4 * band.red);
    const logo = at(0.74, -0.6);
    expect(logo.red).toBeGreaterThan(3 * logo.blue);
  });

  it("prints the same bars on every label: dark and light in the same places", () => {
    const other = label({
      light: drawLight(seededRandom(7)),
      pixel: 0.004,
      seed: 99,
      random: seededRandom(8),
    });
    const surface = newSurface();
    const bars = Array.from({ length: 134 }, (_, i) => -0.76 + ((i + 0.5) * 0.96) / 134);
    const code = bars.map((u) => at(u, 0.3).red < 0.3);
    const printed = bars.map((u) => {
      other.paint(u, 0.3, surface);
      return surface.red < 0.3;
    });
    expect(printed).toEqual(code);
    const dark = code.filter(Boolean).length;
    expect(dark > 40 && dark < 94).toBe(true);
  });
});
