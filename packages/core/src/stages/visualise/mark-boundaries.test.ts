import { expect, it } from "vitest";
import {
  fingerprint,
  formulaImage,
  formulaMask,
  reference,
  sha256,
} from "../../../../../fixtures/visualise/formulas.js";
import { markBoundaries } from "./mark-boundaries.js";

it.each(reference.boundaries.cases as [number, number, number, number, string][])(
  "equals scikit-image on a %d×%d picture",
  (width, height, seed, percent, hash) => {
    const marked = markBoundaries(formulaImage(width, height), formulaMask(width, height, seed, percent));
    expect(sha256(marked.data)).toBe(hash);
  },
);

it("lowers the 24 byte values that scikit-image's way through float lowers, and no other", () => {
  const ramp = {
    width: 256,
    height: 1,
    channels: 3 as const,
    data: new Uint8Array(768).map((_, i) => Math.floor(i / 3)),
  };
  const empty = { width: 256, height: 1, channels: 1 as const, data: new Uint8Array(256) };
  const out = markBoundaries(ramp, empty).data;
  const lower: number[] = [];
  for (let value = 0; value < 256; value++) {
    if (out[value * 3] === value) continue;
    expect(out[value * 3]).toBe(value - 1);
    lower.push(value);
  }
  expect(lower).toEqual(reference.boundaries.bytesOneLower);
  expect(lower).toHaveLength(24);
});

it("draws the same outline for a mask of 0/1 and of 0/255, and leaves its inputs alone", () => {
  const image = formulaImage(20, 20);
  const mask = formulaMask(20, 20, 3, 30);
  const before = image.data.slice();
  const white = { ...mask, data: mask.data.map((bit) => bit * 255) };
  expect(fingerprint(markBoundaries(image, mask))).toBe(fingerprint(markBoundaries(image, white)));
  expect(image.data).toEqual(before);
});

it("refuses a mask of another size", () => {
  expect(() => markBoundaries(formulaImage(4, 4), formulaMask(4, 5, 1, 50))).toThrow(/4×4/);
});
