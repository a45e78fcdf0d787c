import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DatasetItem } from "./dataset.js";
import { groupByName, splitByGroup, splitDataset } from "./split-dataset.js";

const good: DatasetItem = { path: "", label: "good", defect: "", split: null, mask: null, group: null };

const items = fc
  .array(fc.record({ bad: fc.boolean(), group: fc.option(fc.constantFrom("A", "B", "C", "D", "E")) }), {
    maxLength: 30,
  })
  .map((rows) =>
    rows.map(
      ({ bad, group }, i): DatasetItem => ({
        ...good,
        path: `${i}.png`,
        label: bad ? "anomalous" : "good",
        group,
      }),
    ),
  );
const options = fc.record({
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

describe("splitByGroup", () => {
  it("parts the items, never a group, and takes at most the share", () => {
    fc.assert(
      fc.property(items, options, (all, { share, seed }) => {
        const { taken, kept } = splitByGroup(all, { share, seed });
        expect([...taken, ...kept].sort((a, b) => all.indexOf(a) - all.indexOf(b))).toEqual(all);
        const groups = (part: readonly DatasetItem[]) => new Set(part.flatMap(({ group }) => group ?? []));
        for (const group of groups(taken)) expect(groups(kept).has(group)).toBe(false);
        expect(taken.length).toBeLessThanOrEqual(Math.round(share * all.length) + 1);
      }),
    );
  });

  it("takes exactly the share of each label where there are no groups", () => {
    const all = Array.from(
      { length: 50 },
      (_, i): DatasetItem => ({ ...good, path: `${i}`, label: i < 10 ? "anomalous" : "good" }),
    );
    const { taken } = splitByGroup(all, { share: 0.3, seed: 1 });
    expect(taken.filter(({ label }) => label === "anomalous")).toHaveLength(3);
    expect(taken).toHaveLength(15);
  });

  it("depends on the seed, not on the order", () => {
    const all = Array.from({ length: 40 }, (_, i): DatasetItem => ({ ...good, path: `${i}` }));
    const paths = (list: readonly DatasetItem[], seed: number) =>
      splitByGroup(list, { share: 0.5, seed })
        .taken.map(({ path }) => path)
        .sort();
    expect(paths([...all].reverse(), 7)).toEqual(paths(all, 7));
    expect(paths(all, 8)).not.toEqual(paths(all, 7));
  });

  it.each([-0.1, 1.1, Number.NaN])("refuses a share of %s", (share) => {
    expect(() => splitByGroup([], { share, seed: 0 })).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE" }),
    );
  });
});

describe("splitDataset", () => {
  it("gives every picture a side, keeps groups together and teaches nothing anomalous", () => {
    fc.assert(
      fc.property(items, options, (all, { share, seed }) => {
        const before = structuredClone(all);
        const split = splitDataset(all, { testShare: share, seed });
        expect(all).toEqual(before);
        expect(split.map(({ path }) => path)).toEqual(all.map(({ path }) => path));
        for (const item of split) {
          expect(item.split).not.toBe(null);
          if (item.label === "anomalous") expect(item.split).toBe("test");
          for (const other of split)
            if (item.group !== null && item.group === other.group) expect(other.split).toBe(item.split);
        }
      }),
    );
  });

  it("keeps given sides, and lets groups follow them", () => {
    const all: DatasetItem[] = [
      { ...good, path: "a", split: "test", group: "A" },
      { ...good, path: "b", group: "A" },
      { ...good, path: "c", split: "train" },
      { ...good, path: "d", label: "anomalous", split: "train" },
    ];
    expect(splitDataset(all, { testShare: 0, seed: 0 }).map(({ split }) => split)).toEqual([
      "test",
      "test",
      "train",
      "train",
    ]);
  });

  it("refuses groups that cannot be kept together", () => {
    const on = (split: "train" | "test"): DatasetItem => ({ ...good, path: split, split, group: "A" });
    expect(() => splitDataset([on("train"), on("test")], { testShare: 0.2, seed: 0 })).toThrow(
      "group A in train and in test",
    );
    const bad: DatasetItem = { ...good, path: "bad.png", label: "anomalous", group: "A" };
    expect(() => splitDataset([on("train"), bad], { testShare: 0.2, seed: 0 })).toThrow("bad.png in group A");
  });
});

describe("groupByName", () => {
  it("reads the group from the file name", () => {
    const all = [
      { ...good, path: "x_9/part12_cam1.png" },
      { ...good, path: "other.png" },
      { ...good, path: "part3.png", group: "G" },
    ];
    expect(groupByName(all, /part(\d+)/g).map(({ group }) => group)).toEqual(["12", null, "G"]);
    expect(groupByName(all, /part\d+/)[0]!.group).toBe("part12");
  });
});
