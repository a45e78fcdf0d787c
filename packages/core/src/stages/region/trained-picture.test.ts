import { describe, expect, it } from "vitest";
import {
  checkPictureSize,
  isSizeJudged,
  judgedArea,
  type TrainedPicture,
  viewOf,
} from "./trained-picture.js";

const size = { width: 40, height: 30 };
const view = { x: 0, y: 0, ...size };
const plain: TrainedPicture = { ...size, fit: "native", view };

describe("sizes", () => {
  it("are all judged where nothing is known of them", () => {
    expect(isSizeJudged({ width: 1, height: 9 }, undefined)).toBe(true);
    expect(() => checkPictureSize({ width: 1, height: 9 }, undefined, "a.png")).not.toThrow();
  });

  it("are refused by the picture's name", () => {
    expect(() => checkPictureSize(size, plain, "a.png")).not.toThrow();
    expect(() => checkPictureSize({ width: 80, height: 60 }, plain, "a.png")).toThrow(
      /a\.png .*expected 40 × 30 pixels, found 80 × 60.*\[PICTURE_SIZE\]/,
    );
  });

  it("of the same aspect are judged where it is tolerated", () => {
    const padded = { ...plain, aspectTolerance: 0.02 };
    expect(isSizeJudged({ width: 80, height: 60 }, padded)).toBe(true);
    expect(isSizeJudged({ width: 81, height: 60 }, padded)).toBe(true);
    expect(isSizeJudged({ width: 60, height: 80 }, padded)).toBe(false);
    expect(viewOf({ width: 80, height: 60 }, padded)).toEqual({ x: 0, y: 0, width: 80, height: 60 });
  });
});

describe("judgedArea", () => {
  it("is null where all is judged", () => {
    expect(judgedArea(size, undefined)).toBeNull();
    expect(judgedArea(size, plain)).toBeNull();
  });

  it("is the region within the view", () => {
    const cut = { ...plain, fit: "crop", view: { x: 10, y: 5, width: 20, height: 20 } } as const;
    const region = {
      include: [],
      ignore: [{ type: "rectangle", x: 0, y: 0, width: 15, height: 30 }],
    } as const;
    const count = (picture: TrainedPicture) => judgedArea(size, picture)?.data.reduce((a, b) => a + b, 0);
    expect(count(cut)).toBe(400);
    expect(count({ ...plain, region })).toBe(25 * 30);
    expect(count({ ...cut, region })).toBe(15 * 20);
    expect(viewOf(size, cut)).toBe(cut.view);
  });
});
