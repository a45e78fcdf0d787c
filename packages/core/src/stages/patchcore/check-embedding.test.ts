import { describe, expect, it } from "vitest";
import { checkEmbedding } from "./check-embedding.js";

const SHAPE = { channels: 2, cells: 3, pictures: 4 };

describe("checkEmbedding", () => {
  it("accepts finite numbers of the right shape", () => {
    checkEmbedding(Float32Array.of(0, -1, 1e15, 3, 4, 1e-40), 3, SHAPE);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e17])(
    "names the picture and the patch with %f",
    (value) => {
      expect(() => checkEmbedding(Float32Array.of(0, 0, 0, 0, value, 0), 2, SHAPE)).toThrow(
        /picture 2 .*finite.*patch 1.*MODEL_STATISTICS/,
      );
    },
  );

  it("refuses another size and another picture", () => {
    expect(() => checkEmbedding(new Float32Array(5), 0, SHAPE)).toThrow(
      /3 patches of 2 channels.*5 numbers/s,
    );
    for (const picture of [4, -1, 0.5, Number.NaN])
      expect(() => checkEmbedding(new Float32Array(6), picture, SHAPE)).toThrow(/one of 4 pictures/);
  });
});
