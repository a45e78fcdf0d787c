import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import type { RgbImage } from "../stages/image/image.js";
import { resizeArea } from "../stages/image/resize-area.js";
import { PART_KINDS } from "../synth/part-kinds.js";
import { renderPart } from "../synth/render-part.js";
import { nearDuplicates } from "./near-duplicates.js";
import { pictureFacts } from "./picture-facts.js";

const draw = (kind: (typeof PART_KINDS)[number], seed: number): RgbImage =>
  renderPart(kind, { seed, width: 96, height: 96 }).image;
const look = (image: RgbImage) => pictureFacts(image).look;

function noisy(image: RgbImage, sigma: number): RgbImage {
  const random = seededRandom(5);
  const data = Uint8Array.from(image.data, (value) =>
    Math.max(0, Math.min(255, Math.round(value + sigma * random.normal()))),
  );
  return { ...image, data };
}

describe("nearDuplicates", () => {
  it.each(PART_KINDS)("tells parts of %s apart and finds copies of them", (kind) => {
    const parts = Array.from({ length: 24 }, (_, seed) => draw(kind, seed));
    expect(nearDuplicates(parts.map(look))).toEqual([]);
    const brighter = { ...parts[3]!, data: parts[3]!.data.map((value) => Math.min(255, value * 1.04 + 3)) };
    const copies = [noisy(parts[7]!, 2), resizeArea(parts[11]!, 64, 64), brighter, parts[7]!];
    expect(nearDuplicates([...parts, ...copies].map(look))).toEqual([
      [3, 26],
      [7, 24, 27],
      [11, 25],
    ]);
  });

  it("finds a set in which every picture is there twice", () => {
    const parts = Array.from({ length: 10 }, (_, seed) => draw("washer", seed));
    const twice = [...parts, ...parts.map((part) => noisy(part, 1))].map(look);
    expect(nearDuplicates(twice)).toEqual(parts.map((_, index) => [index, index + 10]));
  });

  it("stands few, equal and blank pictures", () => {
    const blank = new Uint16Array(256);
    expect(nearDuplicates([])).toEqual([]);
    expect(nearDuplicates([blank])).toEqual([]);
    expect(nearDuplicates([blank, blank, blank])).toEqual([[0, 1, 2]]);
    const one = look(draw("cap", 1));
    expect(nearDuplicates([one, blank, one])).toEqual([[0, 2]]);
    expect(nearDuplicates([one, look(draw("cap", 2))])).toEqual([]);
  });
});
