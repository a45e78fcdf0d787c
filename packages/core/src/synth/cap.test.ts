import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { cap } from "./cap.js";
import { drawLight } from "./light.js";
import { newSurface } from "./surface.js";

describe("cap", () => {
  const part = cap({ light: drawLight(seededRandom(1)), pixel: 0.004, seed: 4, random: seededRandom(2) });
  const at = (u: number, v: number) => {
    const surface = newSurface();
    part.paint(u, v, surface);
    return surface;
  };

  it("is blue plastic on a light tray, level at the top and steep at the rim", () => {
    expect([at(0.2, 0.05).part, at(0.95, 0).part]).toEqual([1, 0]);
    expect(at(0.2, 0.05).blue).toBeGreaterThan(5 * at(0.2, 0.05).red);
    expect(Math.abs(at(0.3, 0.05).slopeU)).toBeLessThan(0.2);
    expect(at(0.76, 0).slopeU).toBeLessThan(-1);
  });

  it("has 72 ribs: the edge rises and falls that often", () => {
    let turns = 0;
    let before = at(0.79, 0).part > 0.5;
    for (let i = 1; i <= 7200; i++) {
      const angle = (i * 2 * Math.PI) / 7200 + 0.01;
      const now = at(0.79 * Math.cos(angle), 0.79 * Math.sin(angle)).part > 0.5;
      if (now !== before) turns++;
      before = now;
    }
    expect(Math.round(turns / 2)).toBe(72);
  });
});
