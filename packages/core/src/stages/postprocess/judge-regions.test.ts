import { describe, expect, it } from "vitest";
import type { Decision } from "../decision/decision.js";
import { resizeMask } from "../image/resize-mask.js";
import { findComponents, isEmpty, judgeRegions, judgeZones, rowsOf, sortMask } from "./judge-regions.js";

const zone = { weight: 1, unit: 1, minArea: 0, minPeak: 0.5, ignoreTouchingBorder: false };
const whole: Decision = { zones: [{ ...zone, name: "", runs: [0, 48] }] };

/** 8 × 6 pixels: three of 2 in the upper left, one of 3 in the lower right. */
const map = { width: 8, height: 6, data: new Float32Array(48) };
for (const [at, value] of [
  [9, 2],
  [10, 2],
  [17, 2],
  [37, 3],
] as const)
  map.data[at] = value;
const mask = {
  width: 8,
  height: 6,
  channels: 1 as const,
  data: Uint8Array.from(map.data, (one) => Number(one > 0)),
};

describe("sortMask", () => {
  it("is the mask itself without filters, and without anything in it", () => {
    expect(sortMask(map, mask, 1, {})).toEqual({ kept: mask, dropped: [] });
    expect(sortMask(map, null, 1, { decision: whole })).toEqual({ kept: null, dropped: [] });
    const empty = { ...mask, data: new Uint8Array(48) };
    expect(sortMask(map, empty, 1, { decision: whole }).kept).toBe(empty);
    expect([isEmpty(empty), isEmpty(mask)]).toEqual([true, false]);
  });

  it("takes out what a filter leaves out", () => {
    const decision = { zones: [{ ...whole.zones[0]!, minArea: 2 }] };
    const { kept, dropped } = sortMask(map, mask, 1, { decision });
    expect(kept!.data.reduce((sum, one) => sum + one)).toBe(3);
    expect(dropped.map(({ reason, mask: own }) => [reason, own.data.indexOf(1)])).toEqual([["area", 37]]);
  });
});

describe("judgeRegions", () => {
  const full = { ...map, width: 16, height: 12, data: new Float32Array(192).fill(0.5) };
  const view = { x: 0, y: 0, width: 16, height: 12 };
  const halves: Decision = {
    zones: [
      { ...zone, name: "upper", runs: [0, 24] },
      { ...zone, name: "lower", runs: [24, 48], minArea: 2 },
    ],
  };
  const enlarge = (one: typeof mask) => resizeMask(one, 16, 12);
  const { kept, dropped } = sortMask(map, mask, 1, { decision: halves });
  const found = findComponents(enlarge(kept as typeof mask), dropped, enlarge as never);

  it("measures what counts and what does not, with zone and reason", () => {
    const { regions, filtered } = judgeRegions(found, full, map, view, { decision: halves });
    expect(regions.map((one) => one.zone)).toEqual(["upper"]);
    expect(filtered.map(({ zone: name, reason }) => [name, reason])).toEqual([["lower", "area"]]);
    const { from, to } = rowsOf(found);
    expect(from).toBeLessThanOrEqual(3);
    expect(to).toBeGreaterThanOrEqual(9);
    expect(rowsOf([])).toEqual({ from: 0, to: 0 });
  });

  it("knows the border of what is judged, without zones", () => {
    const plain = findComponents(enlarge(mask), [], enlarge as never);
    const all = judgeRegions(plain, full, map, view, {}).regions;
    expect(all.map(({ touchesBorder }) => touchesBorder)).toEqual([false, false]);
    // The lower three rows are not judged: the upper region lies beside them.
    const { regions } = judgeRegions(plain.slice(0, 1), full, map, view, { judged: [0, 24] });
    expect(regions[0]).toMatchObject({ touchesBorder: true });
    expect(regions[0]).not.toHaveProperty("zone");
  });
});

describe("judgeZones", () => {
  it("gives scores and thresholds of zones before they were weighed", () => {
    const zones = [
      { ...zone, name: "a", runs: [0, 24], weight: 2, unit: 5 },
      { ...zone, name: "b", runs: [24, 48] },
    ];
    expect(judgeZones({ zones }, [4, 1], 2)).toEqual([
      { name: "a", score: 10, threshold: 5, anomalous: true },
      { name: "b", score: 1, threshold: 2, anomalous: false },
    ]);
    expect(judgeZones(whole, [4], 2)).toBeNull();
    expect(judgeZones(undefined, undefined, 2)).toBeNull();
  });
});
