import { describe, expect, it } from "vitest";
import { checkGroups, readManifest } from "./manifest.js";

const read = (text: string, only: string | null = null) => readManifest(text, "parts.csv", only);

describe("readManifest", () => {
  it("reads every column", () => {
    const text =
      "path;label;split;mask;group\na\\0.png;good;train;;A\nb/1.png;bad;test;m/1.png;B\nb/2.png;1;;;\nb/3.png;0;;;\n";
    expect(read(text)).toEqual({
      layout: "csv",
      items: [
        { path: "a/0.png", label: "good", defect: "", split: "train", mask: null, group: "A" },
        { path: "b/1.png", label: "anomalous", defect: "bad", split: "test", mask: "m/1.png", group: "B" },
        { path: "b/2.png", label: "anomalous", defect: "anomalous", split: null, mask: null, group: null },
        { path: "b/3.png", label: "good", defect: "", split: null, mask: null, group: null },
      ],
      notes: [],
    });
  });

  it("takes the kind of defect from its own column, and ignores it for goods", () => {
    const { items } = read("path,label,defect\n0.png,NG,scratch\n1.png,OK,scratch\n");
    expect(items.map(({ defect }) => defect)).toEqual(["scratch", ""]);
  });

  it("says which columns it does not use", () => {
    expect(read("path,label,Camera,operator\n0.png,ok,1,x").notes).toEqual([
      "parts.csv: columns not used: Camera, operator",
    ]);
  });

  it("reads the split table of VisA, one object at a time", () => {
    const rows = [
      "candle,train,normal,candle/Data/Images/Normal/0.JPG,",
      "candle,test,anomaly,candle/Data/Images/Anomaly/0.JPG,candle/Data/Masks/Anomaly/0.png",
    ];
    const head = "object,split,label,image,mask";
    const one = [head, ...rows].join("\n");
    const two = `${one}\npcb1,train,normal,pcb1/Data/Images/Normal/0.JPG,\n`;
    expect(read(one).items[1]).toMatchObject({
      split: "test",
      label: "anomalous",
      mask: "candle/Data/Masks/Anomaly/0.png",
    });
    expect(() => read(two)).toThrow("expected one object; give the folder of one, found 2: candle, pcb1");
    expect(read(two, "candle")).toEqual(read(one));
    expect(read(two, "fryum").items).toEqual([]);
  });

  it.each([
    ["path\n0.png", "expected a column label, found the columns path"],
    ["label\ngood", "expected a column path"],
    [
      "path,label\n0.png,good\n1.png,maybe",
      'parts.csv, line 3, is not a data set that can be used: expected good, bad or a word like them, 0 or 1, found the label "maybe"',
    ],
    [
      "path,label\n0.png,",
      'line 2, is not a data set that can be used: expected good, bad or a word like them, 0 or 1, found the label ""',
    ],
    [
      "path,label,split\n0.png,good,tset",
      'line 2, is not a data set that can be used: expected train, test or nothing, found the split "tset"',
    ],
    ["path,label\n,good", "line 2, is not a data set that can be used: expected a path, found an empty cell"],
    [
      "path,label\n0.png,good\n\n0.png,bad",
      "line 4, is not a data set that can be used: expected each picture once, found 0.png again, as in line 2",
    ],
    ["path,label,split,group\n0.png,good,train,A\n1.png,good,test,A", "found group A in train and in test"],
  ])("refuses %j", (text, words) => {
    expect(() => read(text)).toThrow(words);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "DATASET" }));
  });
});

describe("checkGroups", () => {
  it("lets a group without a side be anywhere", () => {
    const item = { path: "0.png", label: "good", defect: "", mask: null, group: "A" } as const;
    const items = [
      { ...item, split: "train" },
      { ...item, split: null },
      { ...item, split: "test", group: null },
    ] as const;
    expect(() => checkGroups(items, "x")).not.toThrow();
    expect(() => checkGroups([...items, { ...item, split: "test" }], "x")).toThrow("group A");
  });
});
