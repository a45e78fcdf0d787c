import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdOut } from "./hold-out.js";

describe("holdOut", () => {
  it("divides the pictures, a third and forty at most, in their order", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), (count) => {
        const pictures = Array.from({ length: count }, (_, i) => String(i).padStart(4, "0"));
        const { rest, held } = holdOut(pictures);
        expect([...rest, ...held].sort()).toEqual(pictures);
        expect(held.length).toBe(count < 6 ? 0 : Math.min(40, Math.floor(count / 3)));
        expect([...held].sort()).toEqual(held);
        expect([...rest].sort()).toEqual(rest);
      }),
    ));

  it("takes them from all over the list", () => {
    const { held } = holdOut(Array.from({ length: 90 }, (_, i) => String(i)));
    expect(held).toEqual(Array.from({ length: 30 }, (_, i) => String(3 * i + 2)));
  });
});
