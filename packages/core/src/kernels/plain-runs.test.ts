import { describe, expect, it } from "vitest";
import { averageBytes, filterBytes } from "./plain-runs.js";

const ONE = 1 << 22;
const STAY = { first: Int32Array.of(0), offset: Int32Array.of(0, 1), weight: Int32Array.of(ONE) };
const STAY_FLOAT = { ...STAY, weight: Float32Array.of(1) };
const KEEP = { scale: 1, shift: 0 };
/** Both source positions in one run. */
const both = (...weight: number[]) => ({
  first: Int32Array.of(0),
  offset: Int32Array.of(0, weight.length),
  weight: Int32Array.from(weight),
});

describe("plain sums of runs", () => {
  it("in fixed point round to a byte after each axis, halves up", () => {
    const out = new Uint8Array(1);
    const picture = { width: 2, channels: 1, data: Uint8Array.of(1, 2, 4, 4) };
    filterBytes(picture, both(ONE / 2, ONE / 2), both(ONE / 2, ONE / 2), out);
    // 1.5 becomes 2; (2 + 4) / 2.
    expect([...out]).toEqual([3]);
    filterBytes(picture, both(ONE / 2, ONE / 2), STAY, out);
    expect([...out]).toEqual([2]);
  });

  it("in fixed point saturate where the weights sum to more than one", () => {
    const out = new Uint8Array(1);
    const white = { width: 2, channels: 1, data: Uint8Array.of(255, 255, 255, 255) };
    filterBytes(white, both(ONE, ONE / 2), both(ONE / 2, ONE), out);
    expect([...out]).toEqual([255]);
  });

  it("in float32 add tap after tap, along the rows first", () => {
    const [a, b] = [Math.fround(0.1), Math.fround(0.7)];
    const x = { ...both(0, 0), weight: Float32Array.of(a, b) };
    const out = new Uint8Array(1);
    const picture = { width: 2, channels: 1, data: Uint8Array.of(200, 101) };
    const sum = Math.fround(Math.fround(200 * a) + Math.fround(101 * b));
    // What comes out shows the float32 sum to the last bit.
    averageBytes(picture, x, STAY_FLOAT, { scale: 2 ** 17, shift: -(sum * 2 ** 17) + 7 }, out);
    expect([...out]).toEqual([7]);
  });

  it("in float32 round halves to even, and saturate", () => {
    const x = {
      first: Int32Array.of(0, 1),
      offset: Int32Array.of(0, 1, 2),
      weight: Float32Array.of(0.5, 0.5),
    };
    const out = new Uint8Array(2);
    const picture = { width: 2, channels: 1, data: Uint8Array.of(5, 7) };
    averageBytes(picture, x, STAY_FLOAT, KEEP, out);
    expect([...out]).toEqual([2, 4]);
    averageBytes(picture, x, STAY_FLOAT, { scale: 100, shift: 0 }, out);
    expect([...out]).toEqual([250, 255]);
    averageBytes(picture, x, STAY_FLOAT, { scale: 1, shift: -3 }, out);
    expect([...out]).toEqual([0, 0]);
  });
});
