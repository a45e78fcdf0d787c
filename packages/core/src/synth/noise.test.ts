import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fractalNoise, grain, hash, hashSigned, noise, ringNoise } from "./noise.js";

const place = fc.double({ min: -1000, max: 1000, noNaN: true });

describe("noise", () => {
  it("stays in [−1, 1], repeats for the same place and seed, and is smooth", () => {
    fc.assert(
      fc.property(place, place, fc.nat(), (x, y, seed) => {
        for (const at of [noise, (a: number, b: number, s: number) => fractalNoise(a, b, 3, s)]) {
          const here = at(x, y, seed);
          expect(Math.abs(here)).toBeLessThanOrEqual(1);
          expect(at(x, y, seed)).toBe(here);
          expect(Math.abs(at(x + 1e-4, y, seed) - here)).toBeLessThan(2e-3);
        }
      }),
    );
  });

  it("hits the lattice hash at whole numbers", () => {
    expect(noise(3, -4, 9)).toBeCloseTo(hashSigned(3, -4, 9), 12);
    expect(noise(3, -4, 9)).not.toBe(noise(3, -4, 10));
  });

  it("ringNoise closes after its period", () => {
    fc.assert(
      fc.property(place, place, fc.integer({ min: 1, max: 40 }), fc.nat(), (x, y, period, seed) => {
        expect(ringNoise(x, y + period, period, seed)).toBeCloseTo(ringNoise(x, y, period, seed), 6);
      }),
    );
  });

  it("hash spreads its bits: each is set in half of the lattice points", () => {
    const counts = new Uint32Array(32);
    for (let x = 0; x < 100; x++)
      for (let y = 0; y < 100; y++) {
        const h = hash(x, y, 1);
        for (let bit = 0; bit < 32; bit++) counts[bit]! += (h >>> bit) & 1;
      }
    for (const count of counts) expect(Math.abs(count - 5000)).toBeLessThan(250);
    expect(hash(1, 2, 3)).toBe(hash(1, 2, 3));
  });

  it("grain has mean 0 and deviation 1", () => {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 100_000; i++) {
      sum += grain(i, 5);
      squares += grain(i, 5) ** 2;
    }
    expect(Math.abs(sum / 100_000)).toBeLessThan(0.015);
    expect(Math.abs(squares / 100_000 - 1)).toBeLessThan(0.02);
  });
});
