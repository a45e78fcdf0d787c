import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskedStem, pairMasks, stemOf } from "./pair-masks.js";

const pair = (pictures: [string, string][], masks: [string, string][]) => {
  const list = (rows: [string, string][]) => rows.map(([folder, path]) => ({ folder, path }));
  const { maskOf, notes } = pairMasks(list(pictures), list(masks));
  return { pairs: Object.fromEntries(maskOf), notes };
};

describe("pairMasks", () => {
  it("pairs by stem, never by position, whatever is missing and in whatever order", () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 12 });
    fc.assert(
      fc.property(numbers, numbers, fc.constantFrom("", "_mask", "_gt"), (pictures, masks, suffix) => {
        const { pairs } = pair(
          pictures.map((n) => ["crack", `test/crack/${n}.png`]),
          masks.map((n) => ["crack", `gt/crack/${n}${suffix}.bmp`]),
        );
        const both = pictures.filter((n) => masks.includes(n));
        expect(pairs).toEqual(
          Object.fromEntries(both.map((n) => [`test/crack/${n}.png`, `gt/crack/${n}${suffix}.bmp`])),
        );
      }),
    );
  });

  it("keeps defects apart", () => {
    const { pairs, notes } = pair(
      [
        ["crack", "t/crack/0.png"],
        ["hole", "t/hole/0.png"],
      ],
      [
        ["hole", "g/hole/0_mask.png"],
        ["Crack", "g/Crack/0_mask.png"],
      ],
    );
    expect(pairs).toEqual({ "t/crack/0.png": "g/Crack/0_mask.png", "t/hole/0.png": "g/hole/0_mask.png" });
    expect(notes).toEqual([]);
  });

  it("lets masks without folders serve all defects, unless two pictures claim one", () => {
    const { pairs, notes } = pair(
      [
        ["a", "t/a/0.png"],
        ["b", "t/b/0.png"],
        ["b", "t/b/1.png"],
      ],
      [
        ["", "masks/0.png"],
        ["", "masks/1.png"],
      ],
    );
    expect(pairs).toEqual({ "t/b/1.png": "masks/1.png" });
    expect(notes).toEqual(["1 mask fits several pictures and is not used: masks/0.png"]);
  });

  it("prefers the very stem, and takes none of two that fit alike", () => {
    expect(
      pair(
        [["a", "t/x.png"]],
        [
          ["a", "m/x.png"],
          ["a", "m/x_mask.png"],
        ],
      ).pairs,
    ).toEqual({ "t/x.png": "m/x.png" });
    const { pairs, notes } = pair(
      [["a", "t/x.png"]],
      [
        ["a", "m/x_gt.png"],
        ["a", "m/x_mask.png"],
      ],
    );
    expect(pairs).toEqual({});
    expect(notes).toEqual(["1 picture fits several masks and gets none: t/x.png"]);
  });

  it("says how many masks and pictures are left over, and a few names", () => {
    const masks = [0, 1, 2, 3].map((n): [string, string] => ["a", `m/${n}-wrong.png`]);
    expect(pair([["a", "t/0.png"]], masks).notes).toEqual([
      "4 masks fit no picture by name: m/0-wrong.png, m/1-wrong.png, m/2-wrong.png, …",
      "1 anomalous picture has no mask: t/0.png",
    ]);
  });

  it("says nothing where there are no masks at all", () => {
    expect(pair([["a", "t/0.png"]], [])).toEqual({ pairs: {}, notes: [] });
  });
});

describe("stems", () => {
  it("are names without folder and extension", () => {
    expect(["a/b.c/000.tar.png", "000", "a/.png"].map(stemOf)).toEqual(["000.tar", "000", ""]);
  });
  it("of masks lose their ending", () => {
    expect(["0_mask.png", "0-GT.png", "0_ground_truth.bmp", "0.label.png"].map(maskedStem)).toEqual([
      "0",
      "0",
      "0",
      "0",
    ]);
    expect(["0.png", "mask.png", "0mask.png"].map(maskedStem)).toEqual([null, null, null]);
  });
});
