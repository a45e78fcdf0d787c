import { describe, expect, it } from "vitest";
import { judgedPixels } from "./judged-pixels.js";

const map = Float32Array.of(9, 1, 2, 3, 4, 5);

describe("judgedPixels", () => {
  it("is everything where everything is judged", () =>
    expect(judgedPixels(map, null, undefined)).toEqual({ values: map, regions: null }));

  it("leaves out what is not judged, regions that are wholly there included", () => {
    const regions = { labels: Int32Array.of(2, 0, 1, 0, 1, 3), count: 3 };
    expect(judgedPixels(map, regions, [1, 4])).toEqual({
      values: Float32Array.of(1, 2, 3),
      regions: { labels: Int32Array.of(0, 1, 0), count: 1 },
    });
    expect(regions.labels).toEqual(Int32Array.of(2, 0, 1, 0, 1, 3));
    expect(judgedPixels(map, regions, [3, 4]).regions?.count).toBe(0);
  });
});
