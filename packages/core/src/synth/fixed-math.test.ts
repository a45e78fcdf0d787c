import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arcTangent2, clamp, cosine, cover, mix, modulo, sine, smoothstep } from "./fixed-math.js";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("fixed-math", () => {
  it("agrees with the engine's sine and cosine to 1e-6 over ±200 radians", () => {
    fc.assert(
      fc.property(number(-200, 200), (x) => {
        expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(1e-6);
        expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(1e-6);
      }),
      { numRuns: 1000 },
    );
  });

  it("agrees with the engine's arc tangent to 1e-6 in all quadrants", () => {
    fc.assert(
      fc.property(number(-5, 5), number(-5, 5), (y, x) => {
        // The engine tells −0 from 0 on the cut; here both are one direction.
        if (y !== 0) expect(Math.abs(arcTangent2(y, x) - Math.atan2(y, x))).toBeLessThan(1e-6);
      }),
      { numRuns: 1000 },
    );
    expect([arcTangent2(0, 0), arcTangent2(0, 1), arcTangent2(0, -1)]).toEqual([0, 0, Math.PI]);
  });

  it("clamps, mixes, steps and wraps", () => {
    expect([clamp(-1, 0, 2), clamp(3, 0, 2), clamp(1, 0, 2)]).toEqual([0, 2, 1]);
    expect([mix(2, 4, 0), mix(2, 4, 1), mix(2, 4, 0.5)]).toEqual([2, 4, 3]);
    expect([smoothstep(0, 1, -1), smoothstep(0, 1, 0.5), smoothstep(0, 1, 2), smoothstep(1, 0, 0)]).toEqual([
      0, 0.5, 1, 1,
    ]);
    expect([modulo(-1, 4), modulo(5, 4), modulo(4, 4)]).toEqual([3, 1, 0]);
    expect([cover(-1, 0.1), cover(0, 0.1), cover(1, 0.1)]).toEqual([1, 0.5, 0]);
  });

  it("is all that the part maker uses: only functions that every engine rounds alike", () => {
    const exact = "PI LN2 SQRT1_2 abs ceil floor imul max min round sqrt".split(" ");
    const sources = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => join(import.meta.dirname, name));
    expect(sources.length).toBeGreaterThan(10);
    const code = [...sources, join(import.meta.dirname, "../random.ts")]
      .map((path) => readFileSync(path, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""))
      .join("\n");
    const used = [...code.matchAll(/Math\.(\w+)/g)].map(([, name]) => name!);
    expect(used.filter((name) => !exact.includes(name))).toEqual([]);
    // Powers only of two, which are exact.
    const bases = [...code.matchAll(/(\w+|\)) \*\* /g)].map(([, base]) => base);
    expect(bases.filter((base) => base !== "2")).toEqual([]);
  });
});
