import { describe, expect, it } from "vitest";
import { scoreMapper } from "./score-map.js";

const SPEC = {
  gridWidth: 6,
  gridHeight: 4,
  width: 96,
  height: 64,
  sigma: 4,
  score: "max" as const,
  ignoreBorder: 0,
};
const hot = (cell: number) => Float32Array.from({ length: 24 }, (_, i) => (i === cell ? 10 : 1));

describe("scoreMapper", () => {
  it("puts the peak where the cell lies, on a map of the asked size", () => {
    const { map, score } = scoreMapper(SPEC)(hot(8));
    expect([map.width, map.height]).toEqual([96, 64]);
    const at = map.data.indexOf(Math.max(...map.data));
    expect(Math.floor((at % 96) / 16)).toBe(2);
    expect(Math.floor(at / 96 / 16)).toBe(1);
    expect(score).toBe(Math.max(...map.data));
  });

  it("leaves an ignored border out of map and score", () => {
    const { map, score } = scoreMapper({ ...SPEC, ignoreBorder: 16 })(hot(0));
    expect(map.data.subarray(0, 96 * 16).every((value) => value === 0)).toBe(true);
    expect(map.data[30 * 96 + 15]).toBe(0);
    expect(map.data[30 * 96 + 16]).toBeGreaterThan(0);
    expect(map.data[30 * 96 + 80]).toBe(0);
    expect(score).toBeLessThan(scoreMapper(SPEC)(hot(0)).score);
  });

  it("a border that covers everything leaves nothing", () => {
    expect(scoreMapper({ ...SPEC, ignoreBorder: 60 })(hot(0)).score).toBe(0);
  });
});
