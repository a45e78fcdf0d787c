import type { DatasetItem, DatasetSplit } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { testItems } from "./test-items.js";

const item = (path: string, split: DatasetSplit | null): DatasetItem => ({
  path,
  label: "good",
  defect: "",
  split,
  mask: null,
  group: null,
});
const pathsOf = (...items: DatasetItem[]) => testItems({ root: "set", items }).map(({ path }) => path);

describe("testItems", () => {
  it("takes the part that is for testing, and never what is for training", () => {
    expect(pathsOf(item("a", "train"), item("b", "test"), item("c", null))).toEqual(["b"]);
    expect(pathsOf(item("a", "train"), item("c", null))).toEqual(["c"]);
    expect(pathsOf(item("a", null), item("b", null))).toEqual(["a", "b"]);
  });
  it("says when there is nothing to test on", () =>
    expect(() => pathsOf(item("a", "train"))).toThrow(expect.objectContaining({ code: "DATASET" })));
});
