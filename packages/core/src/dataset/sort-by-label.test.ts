import { describe, expect, it } from "vitest";
import { sortByLabel } from "./sort-by-label.js";

describe("sortByLabel", () => {
  const sorted = sortByLabel(
    [
      "x/good/0.png",
      "x/good/lot 2/1.png",
      "x/good_test/2.png",
      "x/bad/3.png",
      "x/bad/scratch/4.png",
      "x/crack/5.png",
      "x/crack/5_mask.png",
      "x/crack/6_mask.png",
      "x/masks/bad/scratch/4.png",
      "x/masks/3.png",
      "x/7.png",
    ],
    "x/",
    null,
    "set",
  );

  it("labels by the first folder", () => {
    expect(
      sorted.pictures.map(({ item, folder }) => [item.path, item.label, item.defect, item.split, folder]),
    ).toEqual([
      ["x/good/0.png", "good", "", null, "good"],
      ["x/good/lot 2/1.png", "good", "", null, "good"],
      ["x/good_test/2.png", "good", "", "test", "good_test"],
      ["x/bad/3.png", "anomalous", "bad", null, "bad"],
      ["x/bad/scratch/4.png", "anomalous", "scratch", null, "scratch"],
      ["x/crack/5.png", "anomalous", "crack", null, "crack"],
      // Without 6.png beside it, it is a picture of that name.
      ["x/crack/6_mask.png", "anomalous", "crack", null, "crack"],
    ]);
  });

  it("tells masks by their folder or by the picture beside them", () => {
    expect(sorted.masks).toEqual([
      { path: "x/crack/5_mask.png", folder: "crack" },
      { path: "x/masks/bad/scratch/4.png", folder: "scratch" },
      { path: "x/masks/3.png", folder: "" },
    ]);
  });

  it("says what it left and what it assumed", () => {
    expect(sorted.loose).toEqual(["x/7.png"]);
    expect(sorted.assumed).toEqual(["crack"]);
  });

  it("assumes nothing among training pictures", () => {
    expect(() => sortByLabel(["train/lot/0.png"], "train/", "train", "set")).toThrow(
      expect.objectContaining({ code: "DATASET", subject: "set", found: "the folder train/lot" }),
    );
    const [bad] = sortByLabel(["train/bad/0.png"], "train/", "train", "set").pictures;
    expect(bad!.item).toMatchObject({ label: "anomalous", split: "train" });
  });
});
