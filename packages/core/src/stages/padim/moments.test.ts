import { describe, expect, it } from "vitest";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { wasmKernels } from "../../kernels/wasm-kernels.js";
import { addEmbeddings, createMoments, mergeMoments, momentBytes } from "./moments.js";

const CHANNELS = 5;
const CELLS = 70;

/** Embedding number `i`: smooth, correlated, far from zero. */
function embedding(i: number): Float32Array {
  return Float32Array.from(
    { length: CHANNELS * CELLS },
    (_, k) => 40 + Math.sin(i * 1.7 + k) + Math.cos(i * k * 0.3),
  );
}

function accumulate(groups: number[][], kernels = plainKernels()) {
  const moments = createMoments(CHANNELS, CELLS, kernels);
  for (const group of groups) addEmbeddings(moments, group.map(embedding));
  return moments;
}

const bytesOf = ({ count, pilot, sum, scatter }: ReturnType<typeof accumulate>) => ({
  count,
  pilot: pilot.slice(),
  sum: sum.slice(),
  scatter: scatter.slice(),
});

describe("moments", () => {
  it("do not depend on how pictures are grouped: adding more later gives the same bytes", () => {
    const once = accumulate([[0, 1, 2, 3, 4, 5, 6]]);
    expect(bytesOf(accumulate([[0, 1, 2], [3], [4, 5, 6]]))).toEqual(bytesOf(once));
  });

  it("are the same bytes with the compiled kernels", () => {
    const compiled = accumulate([[0, 1, 2, 3]], wasmKernels(momentBytes(CHANNELS, CELLS)));
    expect(bytesOf(compiled)).toEqual(bytesOf(accumulate([[0, 1, 2, 3]])));
  });

  it("of two runs merge to those of one", () => {
    const merged = accumulate([[0, 1, 2]]);
    mergeMoments(merged, accumulate([[3, 4], [5]]));
    const once = accumulate([[0, 1, 2, 3, 4, 5]]);
    expect(merged.count).toBe(6);
    for (const key of ["sum", "scatter"] as const)
      merged[key].forEach((value, i) => {
        expect(Math.abs(value - (once[key][i] as number))).toBeLessThan(1e-9);
      });
    const empty = accumulate([]);
    mergeMoments(empty, once);
    expect(empty.count).toBe(6);
  });

  it("refuse what is not finite or has another shape", () => {
    const bad = embedding(0);
    bad[9] = Number.NaN;
    const moments = accumulate([[0]]);
    expect(() => addEmbeddings(moments, [bad])).toThrow(/not finite/);
    expect(() => addEmbeddings(moments, [bad.subarray(1)])).toThrow(/349 numbers/);
    expect(() => mergeMoments(moments, createMoments(3, 4, plainKernels()))).toThrow(
      /5 channels on 70 cells/,
    );
    expect(moments.count).toBe(1);
  });
});
