import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { PADS } from "./board-layout.js";
import { drawLight } from "./light.js";
import { pads } from "./pads.js";
import { newSurface } from "./surface.js";

describe("pads", () => {
  const part = pads({ light: drawLight(seededRandom(1)), pixel: 0.004, seed: 4, random: seededRandom(2) });
  const at = (u: number, v: number) => {
    const surface = newSurface();
    part.paint(u, v, surface);
    return surface;
  };

  it("has gold on every pad, dark holes in the pins, green mask elsewhere", () => {
    for (const pad of PADS) {
      const gold = at(pad.u + (pad.hole > 0 ? 0.062 : 0), pad.v);
      expect(gold.red).toBeGreaterThan(gold.green);
      expect(gold.green).toBeGreaterThan(2 * gold.blue);
      if (pad.hole > 0) expect(at(pad.u, pad.v).red).toBeLessThan(0.02);
    }
    const mask = at(0.93, -0.3);
    expect(mask.green).toBeGreaterThan(3 * mask.red);
  });

  it("loses exactly one pad", () => {
    const missing = part.missing(0.2, 1, seededRandom(6));
    const lost = PADS.filter((pad) => {
      const u = pad.u + (pad.hole > 0 ? 0.062 : 0);
      const surface = at(u, pad.v);
      missing.apply(u, pad.v, surface);
      return surface.green > 2 * surface.red;
    });
    expect(lost).toHaveLength(1);
  });
});
