import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LANES } from "../../kernels/kernels.js";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { wasmKernels } from "../../kernels/wasm-kernels.js";
import { seededRandom } from "../../random.js";
import { addShared, createSharedMoments, eachStaged, sumsOfAll, sumsOfPicture } from "./shared-moments.js";

/** `[channels, cells]` each. */
function embeddings(count: number, channels: number, cells: number): Float32Array[] {
  const random = seededRandom(count + 7 * cells);
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: channels * cells }, () => 4 + random.normal()),
  );
}

const sizes = [fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })] as const;
const cellCounts = fc.constantFrom(1, 63, 64, 65, 1024, 1025, 1100);

describe("shared moments", () => {
  it("are the sums over all vectors of all pictures", () => {
    fc.assert(
      fc.property(...sizes, cellCounts, (count, channels, cells) => {
        const pictures = embeddings(count, channels, cells);
        const moments = createSharedMoments(channels, cells, plainKernels());
        for (const picture of pictures) addShared(moments, picture);
        const { vectors, sum, scatter } = sumsOfAll(moments);
        expect(vectors).toBe(count * cells);
        const pilot = (d: number) => pictures[0]![d * cells]!;
        const deviation = (picture: Float32Array, d: number, cell: number) =>
          picture[d * cells + cell]! - pilot(d);
        for (let i = 0, at = 0; i < channels; i++)
          for (let j = 0; j <= i; j++, at++) {
            let [first, second] = [0, 0];
            for (const picture of pictures)
              for (let cell = 0; cell < cells; cell++) {
                first += deviation(picture, i, cell);
                second += deviation(picture, i, cell) * deviation(picture, j, cell);
              }
            expect(Math.abs(sum[i]! - first)).toBeLessThan(1e-9 * vectors);
            expect(Math.abs(scatter[at]! - second)).toBeLessThan(1e-9 * vectors);
          }
      }),
      { numRuns: 30 },
    );
  });

  it("have the same bytes with the compiled kernels", () => {
    const pictures = embeddings(3, 5, 1100);
    const [plain, compiled] = [plainKernels(), wasmKernels(4e6)].map((kernels) => {
      const moments = createSharedMoments(5, 1100, kernels);
      for (const picture of pictures) addShared(moments, picture);
      return [moments.pilot, moments.sum, moments.scatter].map((array) => Array.from(array));
    });
    expect(compiled).toEqual(plain);
  });

  it("of one picture are what it added, and leave the others alone", () => {
    const [one, two] = embeddings(2, 3, 130) as [Float32Array, Float32Array];
    const kernels = plainKernels();
    const moments = createSharedMoments(3, 130, kernels);
    addShared(moments, one);
    const before = sumsOfAll(moments);
    addShared(moments, two);
    const all = sumsOfAll(moments);
    const room = { sum: kernels.float64(3 * LANES).fill(9), scatter: kernels.float64(6 * LANES).fill(9) };
    const own = sumsOfPicture(moments, two, room);
    expect(own.vectors).toBe(130);
    own.scatter.forEach((value, at) => {
      expect(value).toBeCloseTo(all.scatter[at]! - before.scatter[at]!, 8);
    });
    expect(sumsOfAll(moments)).toEqual(all);
  });

  it("know whether pictures differ", () => {
    const [one, two] = embeddings(2, 2, 70) as [Float32Array, Float32Array];
    const moments = createSharedMoments(2, 70, plainKernels());
    addShared(moments, one);
    addShared(moments, one.slice());
    expect(moments.differ).toBe(false);
    addShared(moments, two);
    addShared(moments, one);
    expect(moments.differ).toBe(true);
  });

  it("refuse what is not finite, and are what they were before", () => {
    const moments = createSharedMoments(2, 70, plainKernels());
    const [one] = embeddings(1, 2, 70) as [Float32Array];
    addShared(moments, one);
    const before = sumsOfAll(moments);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => addShared(moments, one.slice().fill(value, 139))).toThrow(/not finite.*MODEL_STATISTICS/);
    expect(sumsOfAll(moments)).toEqual(before);
  });
});

it("all vectors are staged once, in order, and behind them what is asked for", () => {
  const [channels, cells] = [2, 64 * 17 + 5];
  const moments = createSharedMoments(channels, cells, plainKernels());
  const embedding = Float32Array.from({ length: channels * cells }, (_, i) => i);
  const seen: number[][] = [[], []];
  const { block, picture } = moments.staged;
  eachStaged(moments, embedding, new Float64Array(channels * LANES).fill(-1), (pictures, first) => {
    expect(first).toBe(seen[0]!.length);
    for (let i = 0; i < pictures; i++)
      for (let d = 0; d < channels; d++)
        seen[d]!.push(...block.subarray(i * picture + d * LANES, i * picture + (d + 1) * LANES));
  });
  for (let d = 0; d < channels; d++) {
    expect(seen[d]!.slice(0, cells)).toEqual([...embedding.subarray(d * cells, (d + 1) * cells)]);
    expect(new Set(seen[d]!.slice(cells))).toEqual(new Set([-1]));
  }
});
