import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { drawLight } from "./light.js";
import { DEFECT_TYPES } from "./part-kinds.js";
import { placeDefect } from "./place-defect.js";
import { newSurface, type Scene } from "./surface.js";
import { washer } from "./washer.js";

const SCENE: Scene = { light: drawLight(seededRandom(1)), pixel: 1 / 128, seed: 2, random: seededRandom(3) };
const REACH = { u: 0.92, v: 0.92 };

describe("placeDefect", () => {
  const part = washer(SCENE);

  it("puts the middle of every defect on the metal, never in the hole or on the belt", () => {
    for (const type of DEFECT_TYPES.filter((each) => each !== "missing"))
      for (let seed = 0; seed < 60; seed++) {
        const { u, v } = placeDefect({ type }, part, SCENE, REACH, seed);
        const surface = newSurface();
        part.paint(u, v, surface);
        expect(surface.part).toBe(1);
      }
  });

  it("follows the seed and the wishes", () => {
    const at = (seed: number, size?: number) =>
      placeDefect(size === undefined ? { type: "stain" } : { type: "stain", size }, part, SCENE, REACH, seed);
    expect(at(4).u).toBe(at(4).u);
    expect(at(4).u).not.toBe(at(5).u);
    expect(at(4, 0.2).radius).toBeCloseTo(2 * at(4, 0.1).radius);
  });
});
