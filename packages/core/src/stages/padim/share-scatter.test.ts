import { expect, it } from "vitest";
import { LANES } from "../../kernels/kernels.js";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { addEmbeddings, createMoments } from "./moments.js";
import { poolScatter } from "./pooled-scatter.js";
import { cellBase, triangleRows } from "./tiles.js";

it("every cell has mean and scatter of all vectors of all pictures", () => {
  const [channels, width, height] = [3, 4, 3];
  const cells = width * height;
  const pictures = Array.from({ length: 5 }, (_, n) =>
    Float32Array.from({ length: channels * cells }, (_, i) => Math.sin(i * 3 + n * 7) + (i % 4)),
  );
  const moments = createMoments(channels, cells, plainKernels());
  for (const picture of pictures) addEmbeddings(moments, [picture]);
  const { mean, scatter, vectors } = poolScatter(moments, { width }, "all");
  const samples = pictures.flatMap((picture) =>
    Array.from({ length: cells }, (_, cell) => [0, 1, 2].map((d) => picture[d * cells + cell]!)),
  );
  const middle = [0, 1, 2].map((d) => samples.reduce((sum, x) => sum + x[d]!, 0) / samples.length);
  for (let cell = 0; cell < cells; cell++) {
    expect(vectors[cell]).toBe(samples.length);
    for (let i = 0; i < channels; i++) {
      expect(mean[cellBase(cell, channels) + i * LANES]).toBeCloseTo(middle[i]!, 10);
      for (let j = 0; j <= i; j++) {
        const wanted = samples.reduce((sum, x) => sum + (x[i]! - middle[i]!) * (x[j]! - middle[j]!), 0);
        const at = cellBase(cell, triangleRows(channels)) + (triangleRows(i) + j) * LANES;
        expect(scatter[at]).toBeCloseTo(wanted, 8);
      }
    }
  }
});
