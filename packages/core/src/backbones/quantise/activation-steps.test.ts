import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activationSteps } from "./activation-steps.js";

/** What a number becomes and is read as again. */
function rounded(value: number, { scale, zeroPoint }: ReturnType<typeof activationSteps>): number {
  const integer = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint));
  return scale * (integer - zeroPoint);
}

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe("steps of an activation", () => {
  it("keep every number of the range within half a step at its ends, and 0 exactly", () => {
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const steps = activationSteps({ min, max });
        expect(steps.scale).toBeGreaterThan(0);
        expect(steps.scale).toBe(Math.fround(steps.scale));
        expect(Number.isInteger(steps.zeroPoint) && steps.zeroPoint >= 0 && steps.zeroPoint <= 255).toBe(
          true,
        );
        expect(rounded(0, steps) === 0).toBe(true);
        const value = min + share * (max - min);
        // Half a step of rounding; the zero point moves the ends by half a step at most.
        expect(Math.abs(rounded(value, steps) - value)).toBeLessThanOrEqual(1.001 * steps.scale);
      }),
    );
  });

  it.each([
    ["0 to 6, as behind a ReLU6", { min: 0, max: 6 }, { scale: Math.fround(6 / 255), zeroPoint: 0 }],
    ["above 0 only", { min: 2, max: 6 }, { scale: Math.fround(6 / 255), zeroPoint: 0 }],
    ["below 0 only", { min: -6, max: -2 }, { scale: Math.fround(6 / 255), zeroPoint: 255 }],
    ["always 0", { min: 0, max: 0 }, { scale: 1, zeroPoint: 0 }],
    ["almost always 0", { min: 0, max: 1e-40 }, { scale: 2 ** -50, zeroPoint: 0 }],
    [
      "pixels around 127",
      { min: -127 / 128, max: 1 },
      { scale: Math.fround((1 + 127 / 128) / 255), zeroPoint: 127 },
    ],
  ])("of %s", (_, range, steps) => expect(activationSteps(range)).toEqual(steps));

  it("give a constant value exactly", () => {
    for (const value of [3.7, -0.02, 1e5]) {
      const steps = activationSteps({ min: value, max: value });
      expect(Math.abs(rounded(value, steps) / value - 1)).toBeLessThan(1e-7);
    }
  });
});
