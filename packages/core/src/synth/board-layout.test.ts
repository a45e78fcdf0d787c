import { describe, expect, it } from "vitest";
import { lineDistance, neighbourhood, PADS, padDistance, trackDistance } from "./board-layout.js";

describe("board layout", () => {
  it("places every pad in the picture, and no two over each other", () => {
    for (const [i, pad] of PADS.entries()) {
      expect(Math.abs(pad.u) + pad.halfU).toBeLessThan(0.95);
      expect(Math.abs(pad.v) + pad.halfV).toBeLessThan(0.95);
      for (const other of PADS.slice(i + 1)) {
        const apart = Math.max(
          Math.abs(pad.u - other.u) - pad.halfU - other.halfU,
          Math.abs(pad.v - other.v) - pad.halfV - other.halfV,
        );
        expect(apart).toBeGreaterThan(0.028);
      }
    }
  });

  it("lists every pad near a point whose opening may cover it", () => {
    for (let i = 0; i < 5000; i++) {
      const u = ((i * 0.618034) % 2.2) - 1.1;
      const v = ((i * 0.754878) % 2.2) - 1.1;
      const near = neighbourhood(u, v).pads;
      for (const [index, pad] of PADS.entries())
        if (padDistance(pad, u, v) < 0.014) expect(near).toContain(index);
    }
  });

  it("is empty beyond the drawing", () => {
    expect(neighbourhood(1.3, 0).pads).toEqual([]);
    expect(trackDistance([], 0, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("measures tracks from their edge", () => {
    const { tracks } = neighbourhood(-0.3, 0.6);
    expect(trackDistance(tracks, -0.3, 0.6)).toBeCloseTo(-0.016);
    expect(lineDistance([0, 0, 2, 0], 1, 1)).toBe(1);
  });
});
