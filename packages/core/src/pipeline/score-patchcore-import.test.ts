import { describe, expect, it } from "vitest";
import type { RecognisedPatchcore } from "../anomalib/recognise-patchcore.js";
import { createArena } from "../kernels/arena.js";
import { plainNeighbourKernels } from "../kernels/plain-neighbour-kernels.js";
import { seededRandom } from "../random.js";
import { embed } from "../stages/embedding/embed.js";
import { neighbourWeight } from "../stages/patchcore/reweighted-score.js";
import { scoreMapper } from "../stages/score-map/score-map.js";
import type { Tensor } from "../tensor.js";
import { patchcoreImport, patchcoreImportBytes, patchcoreImportScorer } from "./score-patchcore-import.js";

const random = seededRandom(7);
const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());

/** Two layers of 3 and 4 channels on 6 × 5 and 3 × 3 cells, a bank of 40 rows. */
function export_(changes: Partial<RecognisedPatchcore> = {}): RecognisedPatchcore {
  return {
    recognised: true,
    input: "input",
    batch: 1,
    size: { width: 48, height: 40 },
    resizes: false,
    taps: [
      { name: "a", channels: 3, width: 6, height: 5 },
      { name: "b", channels: 4, width: 3, height: 3 },
    ],
    grid: { width: 6, height: 5 },
    embedding: {
      grid: "finest",
      scales: [1, 1],
      channels: null,
      projection: null,
      neighbourhood: 3,
      enlargement: "bilinear",
    },
    bank: { rows: 40, channels: 7, data: numbers(280) },
    neighbours: 5,
    map: { upsampling: "nearest", sigma: 2 },
    end: null,
    ...changes,
  };
}

const picture = (): Tensor[] => [
  { shape: [1, 3, 5, 6], data: numbers(90) },
  { shape: [1, 4, 3, 3], data: numbers(36) },
];

const prepared = (found = export_(), precision: "float32" | "int8" = "float32") => {
  const parts = patchcoreImport(found, precision, "model.onnx");
  return { parts, score: patchcoreImportScorer(parts, createArena(patchcoreImportBytes(parts))) };
};

describe("patchcoreImportScorer", () => {
  it.each(["float32", "int8"] as const)("puts the stages together, with a bank in %s", (precision) => {
    const found = export_();
    const { parts, score } = prepared(found, precision);
    for (const taps of [picture(), picture()]) {
      const { data } = embed(taps, found.embedding);
      const out = { index: new Int32Array(30), squared: new Float32Array(30) };
      plainNeighbourKernels.nearest(parts.bank, data, 30, 1, out);
      const distances = out.squared.map(Math.sqrt);
      const expected = scoreMapper(parts.map)([distances]);
      const { map, highest, score: weighted } = score(taps);
      expect(map).toEqual(expected.map);
      expect(highest).toBe(expected.score);
      expect(highest).toBe(Math.max(...map.data));
      expect(weighted).toBeGreaterThan(0);
      expect(weighted).toBeLessThan(Math.max(...distances));
    }
  });

  it("weighs the largest distance by the neighbours of its row", () => {
    const found = export_();
    const { parts, score } = prepared(found);
    const taps = picture();
    const { data } = embed(taps, found.embedding);
    const out = { index: new Int32Array(30), squared: new Float32Array(30) };
    plainNeighbourKernels.nearest(parts.bank, data, 30, 1, out);
    const cell = out.squared.indexOf(Math.max(...out.squared));
    const row = parts.bank.data.slice(out.index[cell]! * 7, (out.index[cell]! + 1) * 7) as Float32Array;
    const near = { index: new Int32Array(5), squared: new Float32Array(5) };
    plainNeighbourKernels.nearest(parts.bank, row, 1, 5, near);
    const patch = Float32Array.from({ length: 7 }, (_, d) => data[d * 30 + cell]!);
    const away = Float32Array.from(near.index, (at) =>
      Math.hypot(...patch.map((value, d) => value - parts.bank.data[at * 7 + d]!)),
    );
    expect(score(taps).score).toBeCloseTo(neighbourWeight(away) * Math.sqrt(out.squared[cell]!), 5);
    const { score: plain } = prepared({ ...found, neighbours: 1 });
    expect(plain(taps).score).toBe(Math.fround(Math.sqrt(out.squared[cell]!)));
  });

  it("knows of no row which picture it is from", () => {
    const { bank } = prepared().parts;
    expect(new Set([...bank.picture, ...bank.cell])).toEqual(new Set([-1]));
  });

  it("keeps the rows in the export's order", () => {
    const found = export_();
    expect(prepared(found).parts.bank.data).toEqual(found.bank.data);
  });
});

describe("refused are", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("banks with %d", (value) => {
    const data = numbers(280);
    data[15] = value;
    expect(() => prepared(export_({ bank: { rows: 40, channels: 7, data } }))).toThrowError(
      expect.objectContaining({ code: "MODEL_STATISTICS", found: `${value} in row 2` }),
    );
  });

  it("taps of other sizes", () => {
    const { score } = prepared();
    const [fine, coarse] = picture() as [Tensor, Tensor];
    const wide = { shape: [1, 5, 3, 3], data: numbers(45) };
    for (const taps of [[fine], [fine, wide], [coarse, coarse]])
      expect(() => score(taps)).toThrowError(expect.objectContaining({ code: "MODEL_OUTPUT" }));
  });

  it("arenas that are too small", () => {
    const parts = patchcoreImport(export_(), "float32", "model.onnx");
    expect(() => patchcoreImportScorer(parts, createArena(1000))).toThrowError(
      expect.objectContaining({ code: "MEMORY" }),
    );
  });
});
