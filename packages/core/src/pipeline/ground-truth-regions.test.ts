import { describe, expect, it } from "vitest";
import type { Mask } from "../stages/image/image.js";
import { groundTruthRegions } from "./ground-truth-regions.js";

const mask: Mask = {
  width: 4,
  height: 3,
  channels: 1,
  data: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1),
};

describe("groundTruthRegions", () => {
  it("numbers the regions from 1 and leaves good pixels at 0", () => {
    const { labels, count } = groundTruthRegions(mask, mask);
    expect(count).toBe(3);
    expect([...labels].map((label) => (label > 0 ? 1 : 0))).toEqual([...mask.data]);
    expect(labels[0]).toBe(labels[4]);
    expect(new Set([labels[0], labels[3], labels[11]])).toEqual(new Set([1, 2, 3]));
  });

  it("takes the map's size", () => {
    const { labels, count } = groundTruthRegions(mask, { width: 8, height: 6 });
    expect(labels).toHaveLength(48);
    expect(count).toBe(3);
    expect(labels.filter((label) => label > 0)).toHaveLength(16);
  });

  it("finds nothing in an empty mask", () => {
    const empty = { ...mask, data: new Uint8Array(12) };
    expect(groundTruthRegions(empty, mask)).toEqual({ labels: new Int32Array(12), count: 0 });
  });
});
