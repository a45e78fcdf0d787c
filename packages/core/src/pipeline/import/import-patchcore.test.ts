import { describe, expect, it } from "vitest";
import type { RecognisedPatchcore } from "../../anomalib/recognise-patchcore.js";
import { seededRandom } from "../../random.js";
import { importPatchcore } from "./import-patchcore.js";

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

const bankOf = (found: RecognisedPatchcore, precision: "float32" | "int8") => {
  const { head } = importPatchcore(found, precision, "model.onnx").stored;
  if (head.kind !== "patchcore") throw new Error("a bank");
  return head.bank;
};

describe("importPatchcore", () => {
  it("says how the layers become patches, and the distances map and score", () => {
    const found = export_();
    const { graph, taps, manifest, map } = importPatchcore(found, "int8", "model.onnx");
    expect(graph).toBe(found);
    expect(taps.map(({ kept }) => kept)).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3],
    ]);
    expect(manifest).toEqual({
      embedding: {
        grid: "finest",
        scales: [1, 1],
        channels: null,
        neighbourhood: 3,
        enlargement: "bilinear",
        projectionRows: 0,
      },
      channels: 7,
      grid: { width: 6, height: 5 },
      head: { kind: "patchcore", rows: 40, precision: "int8", neighbours: 5 },
    });
    expect(map).toEqual({ sigma: 2, upsampling: "nearest" });
  });

  it("keeps the rows as they are, in the export's order; which picture they are from nobody knows", () => {
    const found = export_();
    const bank = bankOf(found, "float32");
    expect([bank.data, bank.scale]).toEqual([found.bank.data, null]);
    expect(new Set([...bank.picture, ...bank.cell])).toEqual(new Set([-1]));
  });

  it("rounds rows to int8 where that is asked for", () => {
    const found = export_();
    const { data, scale } = bankOf(found, "int8");
    expect(data).toBeInstanceOf(Int8Array);
    data.forEach((value, at) => {
      const step = scale![Math.floor(at / 7)]!;
      expect(Math.abs(value * step - found.bank.data[at]!)).toBeLessThanOrEqual(0.5001 * step);
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses a bank with %d", (value) => {
    const data = numbers(280);
    data[15] = value;
    const found = export_({ bank: { rows: 40, channels: 7, data } });
    for (const precision of ["float32", "int8"] as const)
      expect(() => importPatchcore(found, precision, "model.onnx")).toThrowError(
        expect.objectContaining({
          code: "MODEL_STATISTICS",
          subject: "model.onnx",
          found: `${value} in row 2`,
        }),
      );
  });
});
