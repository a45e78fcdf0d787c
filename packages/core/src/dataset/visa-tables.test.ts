import { describe, expect, it } from "vitest";
import { arrangeFolders } from "./arrange-folders.js";
import { applyVisaTables } from "./visa-tables.js";

const arrangement = arrangeFolders(
  [
    "Data/Images/Anomaly/000.JPG",
    "Data/Images/Normal/0000.JPG",
    "Data/Images/Normal/0001.JPG",
    "Data/Masks/Anomaly/000.png",
  ],
  "candle",
);
const split = [
  "object,split,label,image,mask",
  "candle,train,normal,candle/Data/Images/Normal/0000.JPG,",
  "candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png",
  "pcb1,test,normal,pcb1/Data/Images/Normal/0001.JPG,",
].join("\n");
const annotations =
  'image,label,mask\ncandle/Data/Images/Normal/0000.JPG,normal,\ncandle/Data/Images/Anomaly/000.JPG,"foreign particle,wax melded",candle/Data/Masks/Anomaly/000.png\n';

describe("applyVisaTables", () => {
  it("gives splits and kinds of defects, and says which pictures have no split", () => {
    const { items, notes } = applyVisaTables(arrangement, { object: "candle", split, annotations });
    expect(items.map((item) => [item.path.slice(12), item.split, item.defect, item.mask])).toEqual([
      ["Anomaly/000.JPG", "test", "foreign particle,wax melded", "Data/Masks/Anomaly/000.png"],
      ["Normal/0000.JPG", "train", "", null],
      ["Normal/0001.JPG", null, "", null],
    ]);
    expect(notes).toEqual(["1 of 3 pictures are not in split_csv/1cls.csv"]);
  });

  it("changes nothing without tables", () => {
    expect(applyVisaTables(arrangement, { object: "candle", split: null, annotations: null })).toEqual(
      arrangement,
    );
  });
});
