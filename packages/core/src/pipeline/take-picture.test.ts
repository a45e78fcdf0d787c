import { describe, expect, it } from "vitest";
import type { BlemishError } from "../errors.js";
import { alignmentLook, cellSize } from "../stages/alignment/alignment-look.js";
import { learnAlignment } from "../stages/alignment/learn-alignment.js";
import { alignedPicture } from "../stages/alignment/pose.js";
import type { RgbImage } from "../stages/image/image.js";
import { learnValidity } from "../stages/validity/learn-validity.js";
import { measurePicture } from "../stages/validity/measure-picture.js";
import { renderPart } from "../synth/render-part.js";
import { takePicture } from "./take-picture.js";

const SIDE = 96;
const part = (seed: number) => renderPart("label", { seed, width: SIDE, height: SIDE }).image;
const moved = (image: RgbImage, x: number) =>
  alignedPicture(image, { width: SIDE, height: SIDE, x: -x, y: 0, angle: 0 });
const goods = Array.from({ length: 12 }, (_, i) => part(1 + i));
const validity = learnValidity(goods.map((image) => measurePicture(image)))!;
const alignment = learnAlignment(
  goods.map((image) => ({ look: alignmentLook(image), cell: cellSize(image) })),
  "translation",
);
const errorOf = (work: () => unknown): BlemishError => {
  try {
    work();
  } catch (error) {
    return error as BlemishError;
  }
  throw new Error("Nothing was refused.");
};

describe("takePicture", () => {
  it("takes a picture as it is for a model without rules", () => {
    const taken = takePicture(part(20), {});
    expect([taken.validity, taken.alignment]).toEqual([null, null]);
    expect(taken.image).toEqual(part(20));
    expect(taken.mask(null)).toBeNull();
    expect(taken.explanations(null)).toBeNull();
  });

  it("gives the evidence of a good picture, and refuses one out of place", () => {
    const taken = takePicture(part(20), { validity });
    expect(taken.validity!.map(({ ok }) => ok)).toEqual(validity.rules.map(() => true));
    const error = errorOf(() => takePicture(moved(part(20), 14), { validity }, { subject: "c.png" }));
    expect([error.code, error.subject]).toEqual(["PICTURE_INVALID", "c.png"]);
    expect(error.evidence!.filter(({ ok }) => !ok).map(({ rule }) => rule)).toEqual(["place"]);
    expect(error.evidence!.at(-1)!.shift!.x).toBeGreaterThan(10);
  });

  it("judges it all the same when that is asked for", () => {
    const taken = takePicture(moved(part(20), 14), { validity }, { validity: false });
    expect(taken.validity!.some(({ ok }) => !ok)).toBe(true);
  });

  it("aligns, and leads results back to the picture", () => {
    const taken = takePicture(moved(part(20), 9), { alignment });
    const still = takePicture(part(20), { alignment });
    expect(taken.alignment!.shift.x - still.alignment!.shift.x).toBeCloseTo(9, 0);
    const mask = { width: SIDE, height: SIDE, channels: 1, data: new Uint8Array(SIDE * SIDE) } as const;
    mask.data[50 * SIDE + 40] = 1;
    const back = taken.mask(mask)!.data.indexOf(1);
    expect(Math.abs((back % SIDE) - 40 - taken.alignment!.shift.x)).toBeLessThanOrEqual(1);
  });

  it("refuses a picture in which the part is not found", () => {
    const other = renderPart("cloth", { seed: 1, width: SIDE, height: SIDE }).image;
    expect(errorOf(() => takePicture(other, { alignment })).code).toBe("PICTURE_ALIGNMENT");
    expect(takePicture(other, { alignment }, { validity: false }).alignment!.confidence).toBeLessThan(
      alignment.least,
    );
  });
});
