import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { squareFourier } from "./fourier.js";

const picture = (side: number) =>
  fc.array(fc.double({ min: -255, max: 255, noNaN: true }), {
    minLength: side * side,
    maxLength: side * side,
  });

describe("squareFourier", () => {
  it("gives the picture back when it is turned round", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(2, 4, 8, 16)
          .chain((side) => fc.tuple(picture(side), picture(side), fc.constant(side))),
        ([a, b, side]) => {
          const { forward, inverse } = squareFourier(side);
          const [real, imaginary] = [Float64Array.from(a), Float64Array.from(b)];
          forward(real, imaginary);
          inverse(real, imaginary);
          for (const [i, value] of a.entries()) expect(real[i]).toBeCloseTo(value, 9);
          for (const [i, value] of b.entries()) expect(imaginary[i]).toBeCloseTo(value, 9);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is the sum that its definition says", () => {
    const side = 8;
    const f = Array.from({ length: side * side }, (_, i) => Math.sin(i * i) * 10);
    const [real, imaginary] = [Float64Array.from(f), new Float64Array(side * side)];
    squareFourier(side).forward(real, imaginary);
    for (let v = 0; v < side; v++)
      for (let u = 0; u < side; u++) {
        let [re, im] = [0, 0];
        for (const [i, value] of f.entries()) {
          const angle = (2 * Math.PI * (u * (i % side) + v * Math.floor(i / side))) / side;
          re += value * Math.cos(angle);
          im -= value * Math.sin(angle);
        }
        expect(real[v * side + u]).toBeCloseTo(re, 9);
        expect(imaginary[v * side + u]).toBeCloseTo(im, 9);
      }
  });

  it("moves a picture by turning the phase", () => {
    const side = 16;
    const { forward, inverse } = squareFourier(side);
    const [real, imaginary] = [new Float64Array(side * side), new Float64Array(side * side)];
    real[3 * side + 5] = 1;
    forward(real, imaginary);
    for (let i = 0; i < real.length; i++) {
      const angle = (-2 * Math.PI * (2 * (i % side) + 4 * Math.floor(i / side))) / side;
      const [re, im] = [real[i]!, imaginary[i]!];
      real[i] = re * Math.cos(angle) - im * Math.sin(angle);
      imaginary[i] = re * Math.sin(angle) + im * Math.cos(angle);
    }
    inverse(real, imaginary);
    expect(real[7 * side + 7]).toBeCloseTo(1, 12);
    expect(real.reduce((sum, value) => sum + Math.abs(value), 0)).toBeCloseTo(1, 10);
  });

  it.each([0, 1, 3, 48, 2048, Number.NaN, 2.5])("refuses a side of %d", (side) => {
    expect(() => squareFourier(side)).toThrow(/OPTION_VALUE/);
  });
});
