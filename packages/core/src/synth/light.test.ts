import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { drawLight, lit } from "./light.js";
import { newSurface, plain, type Surface } from "./surface.js";

describe("light", () => {
  const light = drawLight(seededRandom(3));
  const shine = (change: Partial<Surface>): number[] => {
    const surface = newSurface();
    plain(surface, [0.2, 0.4, 0.6]);
    const out = new Float32Array(5);
    lit(Object.assign(surface, change), light, out, 1);
    expect([out[0], out[4]]).toEqual([0, 0]);
    return [...out.subarray(1, 4)];
  };

  it("comes from the upper left, as unit vectors", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { u, v, w, halfU, halfV, halfW } = drawLight(seededRandom(seed));
      expect(u < -0.2 && v < -0.2 && w > 0.5).toBe(true);
      expect([Math.hypot(u, v, w), Math.hypot(halfU, halfV, halfW)]).toEqual([
        expect.closeTo(1, 5),
        expect.closeTo(1, 5),
      ]);
    }
  });

  it("shows a level matt surface in its own colour", () => {
    for (const [i, value] of [0.2, 0.4, 0.6].entries()) expect(shine({})[i]).toBeCloseTo(value, 5);
  });

  it("brightens what faces the lamp, darkens what turns away, and what is shadowed", () => {
    const facing = shine({ slopeU: 0.3, slopeV: 0.3 })[0]!;
    const away = shine({ slopeU: -0.3, slopeV: -0.3 })[0]!;
    expect(facing).toBeGreaterThan(0.2);
    expect(away).toBeLessThan(0.2);
    expect(shine({ open: 0.5 })[0]).toBeCloseTo(0.1, 5);
  });

  it("adds sheen and highlights to all channels alike", () => {
    expect(shine({ sheen: 0.1 }).map((value, i) => value - [0.2, 0.4, 0.6][i]!)).toEqual(
      Array(3).fill(expect.closeTo(0.1, 5)),
    );
    expect(shine({ gloss: 1, slopeU: 0.28, slopeV: 0.3 })[0]).toBeGreaterThan(shine({ gloss: 1 })[0]! + 0.2);
  });
});
