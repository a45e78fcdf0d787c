import { describe, expect, it } from "vitest";
import { blendSurface, newSurface, plain, tint } from "./surface.js";

describe("surface", () => {
  it("plain sets everything but part", () => {
    const surface = { ...newSurface(), sheen: 1, slopeU: 2, gloss: 1, satin: 1, open: 0.2, part: 0.5 };
    plain(surface, [0.1, 0.2, 0.3], 2);
    expect(surface).toEqual({ ...newSurface(), red: 0.2, green: 0.4, blue: 0.6, part: 0.5 });
  });

  it("tint moves the colour only", () => {
    const surface = newSurface();
    tint(surface, [1, 0.5, 0], 0.5);
    expect(surface).toEqual({ ...newSurface(), red: 0.5, green: 0.25 });
  });

  it("blend keeps at 0, replaces at 1, leaves part alone", () => {
    const other = {
      red: 1,
      green: 2,
      blue: 3,
      slopeU: 4,
      slopeV: 5,
      satin: 6,
      gloss: 7,
      sheen: 8,
      open: 9,
      part: 0,
    };
    const surface = newSurface();
    blendSurface(surface, other, 0);
    expect(surface).toEqual(newSurface());
    blendSurface(surface, other, 1);
    expect(surface).toEqual({ ...other, part: 1 });
  });
});
