import { BlemishError, type DatasetItem } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { EVALUATION_COLUMNS, picturesCsv } from "./pictures-csv.js";

describe("picturesCsv", () => {
  it("has a row for each picture, names quoted, and the failed ones last", () => {
    const judged = [
      { path: 'a,"b".png', label: "good", defect: "", score: 1.25, predLabel: false },
      { path: "c.png", label: "anomalous", defect: "scratch", score: 9, predLabel: true },
      { path: "g.png", label: "good", defect: "", score: 5, predLabel: false, uncertain: true },
    ] as const;
    const error = new BlemishError("IMAGE_EMPTY", { subject: "d.png" });
    const item = { path: "d.png", label: "anomalous", defect: "dent" } as DatasetItem;
    expect(picturesCsv(judged, [{ item, error }]).split("\n")).toEqual([
      EVALUATION_COLUMNS.join(","),
      '"a,""b"".png",good,,1.25,false,good,',
      "c.png,anomalous,scratch,9,true,anomalous,",
      "g.png,good,,5,false,uncertain,",
      "d.png,anomalous,dent,,,invalid,IMAGE_EMPTY",
      "",
    ]);
  });
});
