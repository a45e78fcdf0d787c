import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LayerWeights, MOST_ALONE, MOST_IN_PAIRS, quantiseWeights } from "./quantise-weights.js";

const layer = (parts: Partial<LayerWeights> & Pick<LayerWeights, "values" | "outputs">): LayerWeights => ({
  kernel: 1,
  bias: null,
  inputScale: 0.02,
  most: MOST_IN_PAIRS,
  inputMeans: null,
  ...parts,
});

const weight = fc.float({ min: -8, max: 8, noNaN: true });

/** Outputs, inputs, kernel and values of a layer. */
const shaped = fc
  .record({
    outputs: fc.integer({ min: 1, max: 4 }),
    inputs: fc.integer({ min: 1, max: 3 }),
    side: fc.integer({ min: 1, max: 5 }),
  })
  .chain(({ outputs, inputs, side }) => {
    const length = outputs * inputs * side * side;
    return fc.record({
      outputs: fc.constant(outputs),
      inputs: fc.constant(inputs),
      kernel: fc.constant(side * side),
      values: fc
        .array(weight, { minLength: length, maxLength: length })
        .map((list) => Float32Array.from(list)),
      most: fc.constantFrom(MOST_IN_PAIRS, MOST_ALONE),
    });
  });

describe("quantised weights", () => {
  it("stay in range and within two steps, and kernels keep their sums within half a step", () => {
    fc.assert(
      fc.property(shaped, ({ outputs, inputs, kernel, values, most }) => {
        const { weights, scales } = quantiseWeights(layer({ values, outputs, kernel, most }));
        for (let start = 0; start < values.length; start += kernel) {
          const scale = scales[Math.floor(start / (inputs * kernel))]!;
          let missing = 0;
          for (let at = start; at < start + kernel; at++) {
            expect(Math.abs(weights[at]!)).toBeLessThanOrEqual(most);
            expect(Math.abs(values[at]! / scale - weights[at]!)).toBeLessThan(2);
            missing += values[at]! / scale - weights[at]!;
          }
          expect(Math.abs(missing)).toBeLessThan(0.501);
        }
      }),
    );
  });

  it("use the whole range of each output", () => {
    const values = Float32Array.of(0.5, -1, 200, 100, 0, 0);
    const { weights, scales, bias } = quantiseWeights(layer({ values, outputs: 3 }));
    expect([...weights]).toEqual([32, -64, 64, 32, 0, 0]);
    expect([...scales]).toEqual([1 / 64, 200 / 64, 2 ** -50]);
    expect([...bias]).toEqual([0, 0, 0]);
  });

  it("leave an output of zeros with its bias", () => {
    const { weights, scales, bias } = quantiseWeights(
      layer({ values: Float32Array.of(0, 0, 1, 1), outputs: 2, bias: Float32Array.of(3, 0) }),
    );
    expect([...weights.subarray(0, 2)]).toEqual([0, 0]);
    expect(bias[0]! * scales[0]! * 0.02).toBeCloseTo(3, 5);
  });

  it("make room for a bias far larger than the weights", () => {
    const { scales, bias } = quantiseWeights(
      layer({ values: Float32Array.of(1e-9), outputs: 1, bias: Float32Array.of(1e4) }),
    );
    expect(Math.abs(bias[0]!)).toBeLessThanOrEqual(2 ** 30 + 64);
    expect((bias[0]! * scales[0]! * 0.02) / 1e4).toBeCloseTo(1, 5);
  });

  it("put the mean error of rounding into the bias, group by group", () => {
    // Two groups of two inputs; the third weight of each output is half a step off.
    const values = Float32Array.of(64, 10.25, 64, -3.25);
    const inputMeans = [5, 4, 7, 8];
    const { weights, bias } = quantiseWeights(
      layer({ values, outputs: 2, inputScale: 0.5, inputMeans, bias: Float32Array.of(2, 2) }),
    );
    expect([...weights]).toEqual([64, 10, 64, -3]);
    expect([...bias]).toEqual([(2 + 0.25 * 4) / 0.5, (2 - 0.25 * 8) / 0.5]);
  });
});
