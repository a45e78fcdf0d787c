import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactDistance } from "../../../../../tests/support/packed-heads.js";
import { type Kernels, LANES } from "../../kernels/kernels.js";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { wasmKernels } from "../../kernels/wasm-kernels.js";
import { seededRandom } from "../../random.js";
import { fitShared } from "./shared-gaussian.js";
import { sharedLeaveOneOut, sharedTrainingBytes } from "./shared-leave-one-out.js";
import { addShared, createSharedMoments } from "./shared-moments.js";

function embeddings(count: number, channels: number, cells: number, seed: number): Float32Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const light = random.normal();
    return Float32Array.from({ length: channels * cells }, (_, i) => 3 + light * (i % 5) + random.normal());
  });
}

function learnt(pictures: readonly Float32Array[], channels: number, kernels: Kernels = plainKernels()) {
  const cells = pictures[0]!.length / channels;
  const moments = createSharedMoments(channels, cells, kernels);
  for (const picture of pictures) addShared(moments, picture);
  return { moments, gaussian: fitShared(moments, { absolute: 0.05 }) };
}

describe("leave-one-out with one Gaussian for all places", () => {
  it("equals fitting again without the picture", () => {
    const shapes = fc.record({
      count: fc.integer({ min: 3, max: 8 }),
      channels: fc.integer({ min: 1, max: 6 }),
      cells: fc.constantFrom(2, 9, 64, 70),
      seed: fc.nat(1e6),
    });
    fc.assert(
      fc.property(shapes, ({ count, channels, cells, seed }) => {
        const pictures = embeddings(count, channels, cells, seed);
        const { moments, gaussian } = learnt(pictures, channels);
        const left = seed % count;
        const [found] = sharedLeaveOneOut(moments, gaussian).take(pictures[left]!);
        const others = learnt(
          pictures.filter((_, i) => i !== left),
          channels,
        ).gaussian;
        const sample = { mean: Float32Array.from(others.mean), factor: others.factor, vectors: [] };
        found!.forEach((distance, cell) => {
          const vector = Float32Array.from(
            { length: channels },
            (_, d) => pictures[left]![d * cells + cell]!,
          );
          const wanted = exactDistance(sample, vector);
          expect(Math.abs(distance - wanted)).toBeLessThan(1e-5 * (1 + wanted));
        });
      }),
      { numRuns: 100 },
    );
  });

  it("measures a picture in the deviation of the others", () => {
    // Vectors 0, 2 | 4, 6 | 0, 2 of three pictures: without the second the mean is 1 and the variance 4 / 3.
    const pictures = [Float32Array.of(0, 2), Float32Array.of(4, 6), Float32Array.of(0, 2.0001)];
    const { moments, gaussian } = learnt(pictures, 1);
    const [found] = sharedLeaveOneOut(moments, { ...gaussian, ridge: 0 }).take(pictures[1]!);
    expect([...found!]).toEqual([3, 5].map((x) => expect.closeTo(x / Math.sqrt(4 / 3), 3)));
  });

  it("gives the same bytes with the compiled kernels, in the memory that was forecast, again and again", () => {
    const pictures = embeddings(5, 7, 64 * 18 + 3, 2);
    const [plain, compiled] = [plainKernels(), wasmKernels(sharedTrainingBytes(7))].map((kernels) => {
      const { moments, gaussian } = learnt(pictures, 7, kernels);
      const scorer = sharedLeaveOneOut(moments, gaussian);
      const found = [0, 1, 2, 3, 4, 0].flatMap((i) => scorer.take(pictures[i]!));
      expect(scorer.rest()).toEqual([]);
      expect(found[5]).toEqual(found[0]);
      return found;
    });
    expect(compiled).toEqual(plain);
    // Not with the grid, and hardly more than three triangles of all lanes.
    expect(sharedTrainingBytes(100)).toBeLessThan(5 * 8 * LANES * 5050);
  });

  it("needs three pictures", () => {
    const { moments, gaussian } = learnt(embeddings(2, 2, 4, 1), 2);
    expect(() => sharedLeaveOneOut(moments, gaussian)).toThrow(/at least 3 pictures/);
  });
});
