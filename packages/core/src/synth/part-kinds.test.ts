/** What holds for every kind of part. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { drawLight } from "./light.js";
import { KIND_TABLE, PART_KINDS } from "./part-kinds.js";
import { newSurface, type Scene } from "./surface.js";

function scene(seed: number): Scene {
  return { light: drawLight(seededRandom(seed, 1)), pixel: 1 / 64, seed, random: seededRandom(seed, 2) };
}

const GRID = Array.from(
  { length: 41 * 41 },
  (_, i) => [((i % 41) - 20) / 18, (Math.floor(i / 41) - 20) / 18] as const,
);

describe.each(PART_KINDS)("%s", (kind) => {
  it("paints finite, sensible values everywhere and repeats itself", () => {
    const part = KIND_TABLE[kind].make(scene(3));
    const again = KIND_TABLE[kind].make(scene(3));
    const first = newSurface();
    const second = { ...newSurface(), sheen: 9, slopeU: 9, part: 9 };
    for (const [u, v] of GRID) {
      part.paint(u, v, first);
      again.paint(u, v, second);
      expect(second).toEqual(first);
      const { red, green, blue, open, part: on, sheen } = first;
      const finite = Object.values(first).every(Number.isFinite);
      const shares = [red, green, blue, sheen, on].every((share) => share >= 0 && share <= 1.3);
      expect([finite, shares, open > 0 && open < 1.2]).toEqual([true, true, true]);
    }
  });

  it("is itself at the middle of a picture's part, and differs in texture by seed", () => {
    const [one, two] = [scene(1), scene(2)].map((each) => {
      const part = KIND_TABLE[kind].make(each);
      return GRID.map(([u, v]) => {
        const surface = newSurface();
        part.paint(u, v, surface);
        return surface.red + surface.sheen;
      });
    });
    expect(one).not.toEqual(two);
  });

  it("misses something inside the circle it names, and nothing outside", () => {
    const drawing = scene(5);
    const part = KIND_TABLE[kind].make(drawing);
    const missing = part.missing(0.3, 1, seededRandom(9));
    const before = newSurface();
    const after = newSurface();
    let changed = 0;
    for (let i = 0; i < 20_000; i++) {
      const u = ((i % 142) - 71) / 68;
      const v = (Math.floor(i / 142) - 71) / 68;
      part.paint(u, v, before);
      Object.assign(after, before);
      missing.apply(u, v, after);
      if (
        Object.entries(before).every(
          ([key, value]) => Math.abs(after[key as keyof typeof after] - value) < 1e-9,
        )
      )
        continue;
      changed++;
      expect(after.part).toBe(before.part);
      expect(before.part).toBeGreaterThan(0);
      const far = Math.max(Math.abs(u - missing.u), Math.abs(v - missing.v));
      expect(far).toBeLessThanOrEqual(missing.radius + 1e-9);
    }
    expect(changed).toBeGreaterThan(5);
  });
});
