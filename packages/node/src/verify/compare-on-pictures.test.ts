import { expect, it } from "vitest";
import { compareOnPictures } from "./compare-on-pictures.js";
import type { Engine } from "./engines.js";

/** Says the sum of a picture's samples, times its factor. */
function summing(name: string, factor: number): Engine {
  return {
    name,
    async judge({ data }) {
      const score = factor * data.reduce((sum, value) => sum + value, 0);
      return { score, map: { width: 1, height: 1, data: Float32Array.of(score) } };
    },
    async close() {},
  };
}

const common = {
  samples: { parity: [{ seed: 1 }, { seed: 2 }] },
  reading: {},
  measure: { threshold: 1, tolerance: 0.05 },
};

it("makes a row for each engine, by the model's measure or its own", async () => {
  const engines = [
    { engine: summing("near", 1.01) },
    { engine: summing("far", 1.2) },
    { engine: summing("coarse", 1.2), tolerance: 0.3, decides: false },
  ];
  const told: string[] = [];
  const rows = await compareOnPictures(summing("own", 1), engines, common, {
    onProgress: (done, total) => told.push(`${done}/${total}`),
  });
  expect(rows.map(({ engine, against, passed, decides }) => [engine, against, passed, decides])).toEqual([
    ["near", "own", true, true],
    ["far", "own", false, true],
    ["coarse", "own", true, false],
  ]);
  expect(told).toEqual(["1/2", "2/2"]);
});

it("has nothing to say without pictures, and can be cancelled", async () => {
  const none = { ...common, samples: { parity: [] } };
  expect(await compareOnPictures(summing("a", 1), [{ engine: summing("b", 1) }], none, {})).toEqual([]);
  const signal = AbortSignal.abort();
  await expect(compareOnPictures(summing("a", 1), [], common, { signal })).rejects.toThrow(/CANCELLED/);
});
