import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../tensor.js";
import { type EmbeddingSpec, embed, embeddingRoom } from "./embed.js";

const tap = (channels: number, height: number, width: number, start: number): Tensor => ({
  shape: [1, channels, height, width],
  data: Float32Array.from({ length: channels * height * width }, (_, i) => start + i),
});
const PLAIN: EmbeddingSpec = {
  grid: "finest",
  scales: [1, 1],
  channels: null,
  projection: null,
  neighbourhood: 1,
};

describe("embed", () => {
  const fine = tap(1, 4, 4, 0);
  const coarse = tap(2, 2, 2, 100);

  it("repeats coarse taps onto the finest grid", () => {
    const { data, channels, width, height } = embed([fine, coarse], PLAIN);
    expect([channels, width, height]).toEqual([3, 4, 4]);
    expect(data.subarray(0, 16)).toEqual(fine.data);
    expect([...data.subarray(16, 32)]).toEqual([
      100, 100, 101, 101, 100, 100, 101, 101, 102, 102, 103, 103, 102, 102, 103, 103,
    ]);
  });

  it("averages fine taps onto the coarsest grid, each divided by its scale", () => {
    const { data, width } = embed([fine, coarse], { ...PLAIN, grid: "coarsest", scales: [0.5, 2] });
    expect(width).toBe(2);
    expect([...data]).toEqual([5, 9, 21, 25, 50, 50.5, 51, 51.5, 52, 52.5, 53, 53.5]);
  });

  it("gives the vectors of some places, in their order, as those of all", () => {
    const specs: EmbeddingSpec[] = [
      PLAIN,
      { ...PLAIN, grid: "coarsest", neighbourhood: 3 },
      { ...PLAIN, projection: { rows: 2, data: Float32Array.of(1, 2, 3, -1, 0.5, 0.25) } },
    ];
    const places = Int32Array.of(1, 3, 3, 0);
    for (const spec of specs) {
      const whole = embed([fine, coarse], spec);
      const cells = whole.width * whole.height;
      const room = embeddingRoom(spec, 3, 4, new Float32Array(4 * whole.channels));
      for (const used of [undefined, room]) {
        const some = embed([fine, coarse], { ...spec, places }, used);
        expect([some.width, some.height]).toEqual([whole.width, whole.height]);
        some.data.forEach((value, i) => {
          expect(value).toBe(whole.data[Math.floor(i / 4) * cells + places[i % 4]!]);
        });
      }
    }
  });

  it("keeps the drawn channels in draw order", () => {
    const { data, channels } = embed([fine, coarse], { ...PLAIN, channels: [2, 0] });
    expect(channels).toBe(2);
    expect(data[0]).toBe(104);
    expect(data[16]).toBe(0);
  });

  it("keeps nearest neighbours asymmetric for odd sides", () => {
    const { data } = embed([tap(1, 1, 5, 0), tap(1, 1, 3, 10)], PLAIN);
    expect([...data.subarray(5)]).toEqual([10, 10, 11, 11, 12]);
  });

  it("projects every vector", () => {
    const projection = { rows: 1, data: Float32Array.of(1, 0, -1) };
    const { data, channels } = embed([fine, coarse], { ...PLAIN, grid: "coarsest", projection });
    expect(channels).toBe(1);
    expect([...data]).toEqual([2.5 - 104, 4.5 - 105, 10.5 - 106, 12.5 - 107]);
  });

  it("is what its definition says, cell by cell, for any sizes and scales", () => {
    const sizes = fc.record({
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      coarseHeight: fc.integer({ min: 1, max: 9 }),
      coarseWidth: fc.integer({ min: 1, max: 9 }),
      scale: fc.constantFrom(1, 3),
    });
    fc.assert(
      fc.property(sizes, ({ height, width, coarseHeight, coarseWidth, scale }) => {
        const taps = [tap(2, height, width, 0), tap(1, coarseHeight, coarseWidth, 50)];
        const { data, ...grid } = embed(taps, { ...PLAIN, scales: [1, scale] });
        expect(grid).toEqual({
          channels: 3,
          width: Math.max(width, coarseWidth),
          height: Math.max(height, coarseHeight),
        });
        const expected = taps.flatMap((one, i) =>
          repeated(one, grid.height, grid.width, i === 0 ? 1 : scale),
        );
        expect([...data]).toEqual(expected);
      }),
    );
  });

  it("uses the room it is given again and again, and leaves nothing of the picture before", () => {
    const spec = {
      ...PLAIN,
      grid: "coarsest" as const,
      projection: { rows: 2, data: Float32Array.from({ length: 12 }, (_, i) => i - 5) },
    };
    const wide = tap(4, 2, 2, 7);
    const room = embeddingRoom(spec, 6, 4, new Float32Array(8));
    const first = embed([tap(2, 4, 4, 0), wide], spec, room);
    expect(first.data).toBe(room.data);
    embed([tap(2, 4, 4, 1000), wide], spec, room);
    expect(embed([tap(2, 4, 4, 0), wide], spec, room)).toEqual(embed([tap(2, 4, 4, 0), wide], spec));
  });

  it("sums a projection over the channels in order", () => {
    const seven = tap(7, 1, 2, 0.1);
    const weights = Float32Array.from({ length: 7 }, (_, i) => 0.3 * i - 1);
    const spec = { ...PLAIN, scales: [1], projection: { rows: 1, data: weights } };
    const expected = [0, 1].map((cell) =>
      weights.reduce((sum, weight, channel) => sum + weight * (seven.data[channel * 2 + cell] as number), 0),
    );
    expect([...embed([seven], spec).data]).toEqual(expected.map(Math.fround));
  });

  it("averages every tap over 3 × 3 places before it is scaled and brought to the grid", () => {
    const three = { ...PLAIN, neighbourhood: 3 as const };
    const { data } = embed([tap(1, 2, 2, 1), tap(2, 1, 1, 18)], { ...three, scales: [1, 2] });
    const [ten, first, second] = [10 / 9, 1, 19 / 18].map(Math.fround);
    expect([...data]).toEqual([
      ...[ten, ten, ten, ten],
      ...[first, first, first, first],
      ...[second, second, second, second],
    ]);
    const mean = embed([fine, coarse], { ...three, grid: "coarsest" });
    expect(mean.data[0]).toBeCloseTo((10 + 18 + 27 + 45) / 4 / 9, 6);
    expect(embed([fine, coarse], { ...PLAIN, neighbourhood: 1 })).toEqual(embed([fine, coarse], PLAIN));
  });

  it("averages in the room of the picture before", () => {
    const spec = { ...PLAIN, neighbourhood: 3 as const, channels: [2, 0] };
    const room = embeddingRoom(spec, 3, 16, new Float32Array(32));
    expect(embed([fine, coarse], spec, room)).toEqual(embed([fine, coarse], spec));
    const { plane } = room;
    embed([tap(1, 4, 4, -9), coarse], spec, room);
    expect(room.plane).toBe(plane);
    expect(embed([fine, coarse], spec, room)).toEqual(embed([fine, coarse], spec));
  });

  it("refuses taps of another backbone", () => {
    expect(() => embed([fine], PLAIN)).toThrow(/MODEL_OUTPUT/);
    expect(() => embed([fine, coarse], { ...PLAIN, channels: [3] })).toThrow(/made for/);
    expect(() => embed([tap(1, 5, 5, 0), coarse], { ...PLAIN, grid: "coarsest" })).toThrow(/\[1, 1, 5, 5\]/);
    const room = embeddingRoom(PLAIN, 3, 16, new Float32Array(48));
    expect(() => embed([fine, tap(1, 2, 2, 0)], PLAIN, room)).toThrow(/48 values.*32/);
  });

  it("brings coarser taps to the finest grid with bilinear interpolation where the specification says so", () => {
    const taps = [
      { shape: [1, 1, 1, 4], data: Float32Array.of(1, 2, 3, 4) },
      { shape: [1, 1, 1, 2], data: Float32Array.of(0, 8) },
    ];
    const spec = { ...PLAIN, scales: [1, 2] };
    expect([...embed(taps, { ...spec, enlargement: "bilinear" }).data]).toEqual([1, 2, 3, 4, 0, 1, 3, 4]);
    expect([...embed(taps, { ...spec, enlargement: "nearest" }).data]).toEqual([1, 2, 3, 4, 0, 0, 4, 4]);
    expect(embed(taps, spec)).toEqual(embed(taps, { ...spec, enlargement: "nearest" }));
  });
});

/** Nearest neighbour as `embed` defines it, one value after the other. */
function repeated({ shape, data }: Tensor, height: number, width: number, scale: number): number[] {
  const [, channels = 0, h = 0, w = 0] = shape;
  const values: number[] = [];
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = (channel * h + Math.floor((y * h) / height)) * w + Math.floor((x * w) / width);
        values.push(Math.fround((data[at] as number) / scale));
      }
  return values;
}
