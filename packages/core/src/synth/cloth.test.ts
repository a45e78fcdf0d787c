import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { cloth } from "./cloth.js";
import { drawLight } from "./light.js";
import { newSurface } from "./surface.js";

describe("cloth", () => {
  it("is part everywhere, and about a quarter of it is light weft", () => {
    const part = cloth({ light: drawLight(seededRandom(1)), pixel: 0.01, seed: 4, random: seededRandom(2) });
    const surface = newSurface();
    let weft = 0;
    let onPart = 0;
    for (let i = 0; i < 10_000; i++) {
      part.paint((i % 100) / 50 - 1, Math.floor(i / 100) / 50 - 1, surface);
      onPart += surface.part;
      // Warp is blue, weft is nearly grey.
      if (surface.red > 0.7 * surface.blue) weft++;
    }
    expect(onPart).toBe(10_000);
    expect(weft / 10_000).toBeGreaterThan(0.2);
    expect(weft / 10_000).toBeLessThan(0.4);
  });
});
