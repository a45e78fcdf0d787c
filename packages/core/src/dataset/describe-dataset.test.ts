import { describe, expect, it } from "vitest";
import type { DatasetItem } from "./dataset.js";
import { describeDataset } from "./describe-dataset.js";

const good: DatasetItem = { path: "0.png", label: "good", defect: "", split: null, mask: null, group: null };
const bad: DatasetItem = { ...good, label: "anomalous", defect: "crack", split: "test", mask: "m.png" };

describe("describeDataset", () => {
  it("counts by side, label and defect, and adds the notes", () => {
    const items = [
      good,
      { ...good, split: "train" as const },
      bad,
      { ...bad, mask: null },
      { ...bad, defect: "hole" },
    ];
    expect(describeDataset({ layout: "mvtec", root: "bottle", items, notes: ["mind the gap"] })).toBe(
      [
        "bottle: MVTec layout",
        "  all    1 good",
        "  train  1 good",
        "  test   3 anomalous (crack 2, hole 1)",
        "  masks  2 of 3 anomalous pictures",
        "  note: mind the gap",
      ].join("\n"),
    );
  });

  it("says where there are no masks, how many groups, and only the number of very many defects", () => {
    const items = Array.from({ length: 13 }, (_, i) => ({
      ...bad,
      split: null,
      mask: null,
      defect: `d${i}`,
      group: `g${i % 2}`,
    }));
    expect(describeDataset({ layout: "csv", root: "a.csv", items, notes: [] })).toBe(
      "a.csv: table\n  all    13 anomalous of 13 kinds, in 2 groups\n  masks  none",
    );
    expect(describeDataset({ layout: "plain", root: "x", items: [good], notes: [] })).toBe(
      "x: plain folder\n  all    1 good",
    );
  });
});
