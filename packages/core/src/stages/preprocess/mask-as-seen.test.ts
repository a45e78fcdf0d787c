import { describe, expect, it } from "vitest";
import type { Mask } from "../image/image.js";
import { maskAsSeen } from "./mask-as-seen.js";

const mask: Mask = {
  width: 4,
  height: 4,
  channels: 1,
  data: Uint8Array.of(1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1),
};

describe("maskAsSeen", () => {
  it("crops the middle, as the picture is cropped", () => {
    const seen = maskAsSeen(mask, [{ type: "centerCrop", width: 2, height: 2 }]);
    expect([...seen.data]).toEqual([1, 1, 1, 0]);
  });

  it("resizes with nearest neighbour whatever the picture's filter, then crops", () => {
    const resize = { type: "resize", width: 8, height: 8, interpolation: "linear" } as const;
    expect(maskAsSeen(mask, [resize]).data.reduce((sum, value) => sum + value, 0)).toBe(5 * 4);
    const seen = maskAsSeen(mask, [resize, { type: "centerCrop", width: 4, height: 4 }]);
    expect([...seen.data]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0]);
  });

  it("is left alone by steps on values, and never changed in place", () => {
    expect(maskAsSeen(mask, [{ type: "toFloat", maxValue: 255 }])).toBe(mask);
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(5);
  });
});
