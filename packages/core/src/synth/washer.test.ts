import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { drawLight } from "./light.js";
import { newSurface } from "./surface.js";
import { washer } from "./washer.js";

describe("washer", () => {
  const light = drawLight(seededRandom(1));
  const part = washer({ light, pixel: 0.01, seed: 4, random: seededRandom(2) });
  const at = (u: number, v: number) => {
    const surface = newSurface();
    part.paint(u, v, surface);
    return surface;
  };

  it("is a ring: belt in the hole and outside, metal between", () => {
    expect([at(0, 0).part, at(0.6, 0).part, at(0, 0.99).part]).toEqual([0, 1, 0]);
    expect(at(0.6, 0).sheen).toBeGreaterThan(at(0, 0).sheen + 0.05);
  });

  it("shines in a bow tie along the light and not across it", () => {
    const size = Math.hypot(light.u, light.v);
    const mean = (u: number, v: number): number =>
      Array.from({ length: 40 }, (_, i) => 0.45 + i / 150)
        .map((r) => at((r * u) / size, (r * v) / size).sheen)
        .reduce((sum, sheen) => sum + sheen / 40, 0);
    expect(mean(light.u, light.v)).toBeGreaterThan(1.5 * mean(-light.v, light.u));
  });

  it("has one lit and one dark chamfer on each side", () => {
    const size = Math.hypot(light.u, light.v);
    const edge = (side: number, r: number): number =>
      at((side * r * light.u) / size, (side * r * light.v) / size).sheen;
    expect(edge(1, 0.785)).toBeGreaterThan(3 * edge(-1, 0.785));
    expect(edge(-1, 0.385)).toBeGreaterThan(3 * edge(1, 0.385));
  });
});
