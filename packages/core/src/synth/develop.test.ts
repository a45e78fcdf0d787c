import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { type Camera, develop, drawCamera } from "./develop.js";

const IDEAL: Camera = {
  blur: 0,
  gains: [1, 1, 1],
  riseX: 0,
  riseY: 0,
  vignette: 0,
  noise: 0,
  colourNoise: 0,
  seed: 1,
};
const level = (light: number, size = 8): Float32Array => new Float32Array(size * size * 3).fill(light);

describe("develop", () => {
  it("has a square-root tone curve that never wraps round", () => {
    const shown = [0, 0.25, 0.49, 1, 5, -1].map((light) => develop(level(light, 1), 1, 1, IDEAL)[0]);
    expect(shown).toEqual([0, 128, 179, 239, 255, 0]);
  });

  it("blurs a point into its neighbours and keeps the sum", () => {
    const light = level(0, 5);
    light[3 * 12] = 1;
    develop(light, 5, 5, { ...IDEAL, blur: 0.1 });
    const red = Array.from({ length: 25 }, (_, i) => light[3 * i]!);
    expect(red[12]).toBeCloseTo(0.64, 6);
    expect([red[7], red[11], red[13], red[17]]).toEqual(Array(4).fill(expect.closeTo(0.08, 6)));
    expect(red.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
  });

  it("adds noise of the stated size, the same for the same seed", () => {
    const camera = { ...IDEAL, noise: 2, colourNoise: 1 };
    const samples = develop(level(0.25, 128), 128, 128, camera);
    expect(develop(level(0.25, 128), 128, 128, camera)).toEqual(samples);
    const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length;
    expect(mean).toBeCloseTo(127.5, 0);
    // 2² + 1² and the rounding's 1/12.
    expect(Math.abs(variance - 5.08)).toBeLessThan(0.25);
  });

  it("draws small drifts of exposure", () => {
    for (let seed = 0; seed < 200; seed++) {
      const { gains, blur, vignette } = drawCamera(seededRandom(seed));
      expect(Math.abs(gains[1] - 1)).toBeLessThan(0.12);
      expect(blur > 0 && blur < 0.25 && vignette < 0.1).toBe(true);
    }
  });
});
