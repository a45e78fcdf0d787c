import { describe, expect, it } from "vitest";
import type { Tensor } from "../../tensor.js";
import { type EmbeddingSpec, embed } from "./embed.js";

const tap = (channels: number, height: number, width: number, start: number): Tensor => ({
  shape: [1, channels, height, width],
  data: Float32Array.from({ length: channels * height * width }, (_, i) => start + i),
});
const PLAIN: EmbeddingSpec = { grid: "finest", scales: [1, 1], channels: null, projection: null };

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

  it("refuses taps of another backbone", () => {
    expect(() => embed([fine], PLAIN)).toThrow(/MODEL_OUTPUT/);
    expect(() => embed([fine, coarse], { ...PLAIN, channels: [3] })).toThrow(/made for/);
    expect(() => embed([tap(1, 5, 5, 0), coarse], { ...PLAIN, grid: "coarsest" })).toThrow(/\[1, 1, 5, 5\]/);
  });
});
