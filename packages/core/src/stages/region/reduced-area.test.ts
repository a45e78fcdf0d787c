import { describe, expect, it } from "vitest";
import { noiseRgb } from "../../../../../tests/support/noise.js";
import { reducePicture } from "../image/reduce-picture.js";
import { greyUnjudged } from "./reduced-area.js";
import { judgedArea, type TrainedPicture } from "./trained-picture.js";

const size = { width: 301, height: 203 };
const picture: TrainedPicture = {
  ...size,
  fit: "stretch",
  view: { x: 0, y: 0, ...size },
  region: { include: [{ type: "circle", x: 120, y: 100, radius: 70 }], ignore: [] },
};

describe("greyUnjudged", () => {
  it.each([
    [128, 86],
    [301, 203],
  ])("shows nothing of what is not judged at %d × %d", (width, height) => {
    const judged = judgedArea(size, picture)!.data;
    const one = noiseRgb(size.width, size.height, 1);
    const other = noiseRgb(size.width, size.height, 2);
    const data = one.data.map((value, i) => (judged[Math.floor(i / 3)] === 1 ? value : other.data[i]!));
    const copies = [one, { ...one, data }].map((image) =>
      greyUnjudged(reducePicture(image, width, height), size, picture),
    );
    expect(Buffer.from(copies[1]!.data).equals(copies[0]!.data)).toBe(true);
    expect(copies[0]!.data.slice(0, 3)).toEqual(Uint8Array.of(127, 127, 127));
    const shown = copies[0]!.data.filter((value) => value !== 127).length / copies[0]!.data.length;
    expect(shown).toBeGreaterThan(0.15);
  });

  it("is the copy itself where all is judged, and looks at what was measured in training", () => {
    const copy = noiseRgb(20, 10, 3);
    const { region: _, ...whole } = picture;
    expect(greyUnjudged(copy, size, whole)).toBe(copy);
    const before = copy.data.slice();
    greyUnjudged(copy, size, { ...picture, measured: { include: [], ignore: [] } });
    expect(copy.data).toEqual(before);
  });
});
