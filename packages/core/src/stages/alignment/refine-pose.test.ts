import { describe, expect, it } from "vitest";
import { correlation, halved, referenceOf, refinePose, sampleLook } from "./refine-pose.js";

const SIDE = 64;
const CELL = { across: 1, down: 0.8 };
const TURNING = { rounds: 20, turning: true };

/** Blobs, seen by a camera that a pose has moved: what stands at p of the reference stands at pose(p) here. */
const look = (x = 0, y = 0, angle = 0, gain = 90) => {
  const unit = 128 / SIDE;
  const middle = (SIDE - 1) / 2;
  const data = Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const right = ((i % SIDE) - middle) * CELL.across * unit - x;
    const down = (Math.floor(i / SIDE) - middle) * CELL.down * unit - y;
    const u = Math.cos(angle) * right + Math.sin(angle) * down;
    const v = -Math.sin(angle) * right + Math.cos(angle) * down;
    const blob = (cx: number, cy: number, s: number) =>
      Math.exp(-((u - cx) ** 2 + (v - cy) ** 2) / (2 * s * s));
    return 70 + gain * (blob(-20, -10, 8) - 0.6 * blob(22, 5, 6) + 0.8 * blob(2, 24, 7));
  });
  return { side: SIDE, data };
};

describe("refinePose", () => {
  const reference = referenceOf(look());

  it.each([
    [0, 0, 0],
    [3, -2, 0],
    [-2.3, 4.1, 0.05],
    [1, 1, -0.06],
  ])("finds %d, %d units and %d radians from nearby, whatever the light is", (x, y, angle) => {
    const still = { x: 0, y: 0, angle: 0 };
    const found = refinePose(reference, look(x, y, angle, 60), CELL, still, TURNING);
    expect(Math.hypot(found.x - x, found.y - y)).toBeLessThan(0.15);
    expect(Math.abs(found.angle - angle)).toBeLessThan(0.004);
    expect(correlation(reference, look(x, y, angle), CELL, found)).toBeGreaterThan(0.995);
  });

  it("keeps the angle when nothing turns", () => {
    const still = { x: 0, y: 0, angle: 0 };
    expect(refinePose(reference, look(2, 1), CELL, still, { rounds: 9, turning: false }).angle).toBe(0);
  });

  it("stays where a picture says nothing, and where too little of it is seen", () => {
    const start = { x: 1, y: 2, angle: 0.1 };
    const flat = { side: SIDE, data: new Float64Array(SIDE * SIDE).fill(3) };
    expect(refinePose(reference, flat, CELL, start, TURNING)).toEqual(start);
    expect(refinePose(referenceOf(flat), look(), CELL, start, TURNING)).toEqual(start);
    const outside = { x: 120, y: 0, angle: 0 };
    expect(refinePose(reference, look(), CELL, outside, TURNING)).toEqual(outside);
    expect(correlation(reference, look(), CELL, outside)).toBe(0);
    // A bar does not say where it lies along itself.
    const bar = {
      side: SIDE,
      data: Float64Array.from({ length: SIDE * SIDE }, (_, i) => (Math.abs((i % SIDE) - 30) < 4 ? 200 : 10)),
    };
    expect(refinePose(referenceOf(bar), bar, CELL, start, TURNING)).toEqual(start);
  });
});

describe("sampleLook", () => {
  it("is the picture itself where nothing is moved, and NaN outside", () => {
    expect(sampleLook(look(), CELL, { x: 0, y: 0, angle: 0 })).toEqual(look().data);
    expect(sampleLook(look(), CELL, { x: 500, y: 0, angle: 0 }).every(Number.isNaN)).toBe(true);
  });
});

it("halved averages 2 × 2 cells", () => {
  const data = Float64Array.from({ length: 16 }, (_, i) => i);
  expect(halved({ side: 4, data })).toEqual({ side: 2, data: Float64Array.from([2.5, 4.5, 10.5, 12.5]) });
});
