import { describe, expect, it } from "vitest";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { seededRandom } from "../../random.js";
import { fitGaussians } from "./gaussian.js";
import { addEmbeddings, createMoments } from "./moments.js";
import { meanOf } from "./packed-gaussians.js";
import { fillLanes, fitShared, packShared } from "./shared-gaussian.js";
import { addShared, createSharedMoments } from "./shared-moments.js";
import { unpackFactor } from "./unpack-factor.js";

const [CHANNELS, CELLS] = [3, 130];
const random = seededRandom(5);
const PICTURES = Array.from({ length: 6 }, () =>
  Float32Array.from({ length: CHANNELS * CELLS }, (_, i) => 2 + (i % 3) * random.normal() + random.normal()),
);

function fitted(ridge: Parameters<typeof fitShared>[1], pictures = PICTURES) {
  const moments = createSharedMoments(CHANNELS, CELLS, plainKernels());
  for (const picture of pictures) addShared(moments, picture);
  return fitShared(moments, ridge);
}

describe("one Gaussian for all places", () => {
  it.each([{ absolute: 0.01 }, { relative: 0.4 }])(
    "is that of a place whose pictures are all the vectors, ridge %o",
    (ridge) => {
      // The same vectors as pictures of a single cell.
      const single = createMoments(CHANNELS, 1, plainKernels());
      for (const picture of PICTURES)
        for (let cell = 0; cell < CELLS; cell++)
          addEmbeddings(single, [Float32Array.from([0, 1, 2], (d) => picture[d * CELLS + cell]!)]);
      const wanted = fitGaussians(single, { ridge, width: 1, pool: 1 });
      const found = fitted(ridge);
      expect(found.count).toBe(6);
      expect(found.ridge / wanted.ridge).toBeCloseTo(1, 10);
      found.mean.forEach((value, d) => {
        expect(value).toBeCloseTo(wanted.mean[d * 64]!, 10);
      });
      found.factor.forEach((value, at) => {
        expect(value).toBeCloseTo(wanted.factor[at * 64]!, 10);
      });
    },
  );

  it("is packed as one block in which all cells are alike, for a grid of any size", () => {
    const found = fitted({ absolute: 0.01 });
    const packed = packShared(found, "float32");
    expect(packed).toMatchObject({ cells: CELLS, shared: true, linkedGroups: Int16Array.of(1) });
    for (const cell of [0, 5, 129]) {
      expect([...meanOf(packed, cell)]).toEqual([...Float32Array.from(found.mean)]);
      expect([...unpackFactor(packed, cell)]).toEqual([...Float32Array.from(found.factor)]);
    }
  });

  it("cannot be had of one picture, nor of pictures that are all the same", () => {
    expect(() => fitted({ absolute: 1 }, PICTURES.slice(0, 1))).toThrow(/at least 2.*MODEL_STATISTICS/);
    const same = [PICTURES[0]!, PICTURES[0]!.slice()];
    expect(() => fitted({ absolute: 1 }, same)).toThrow(/all the same.*MODEL_STATISTICS/);
  });
});

it("rows stand in all lanes", () => {
  const out = new Float64Array(6);
  fillLanes(out, Float64Array.of(4, 5), 3);
  expect([...out]).toEqual([4, 4, 4, 5, 5, 5]);
});
