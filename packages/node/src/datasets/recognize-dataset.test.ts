import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeDataset } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeShared, sharedPath } from "../../../../tests/support/shared.js";
import { recognizeDataset } from "./recognize-dataset.js";

let root = "";
// Recognition looks at names only, so empty files do.
const FILES = [
  "mvtec/train/good/0.png",
  "mvtec/test/good/0.png",
  "mvtec/test/crack/0.png",
  "mvtec/ground_truth/crack/0_mask.png",
  "pile/0.png",
  "pile/more/1.png",
  "line/good/0.png",
  "line/bad/dent/1.png",
  "only/bad/0.png",
  "empty/readme.txt",
  "visa/candle/Data/Images/Normal/0.JPG",
  "visa/candle/Data/Images/Anomaly/0.JPG",
  "visa/candle/Data/Masks/Anomaly/0.png",
];
const TABLES = {
  "visa/split_csv/1cls.csv":
    "object,split,label,image,mask\ncandle,train,normal,candle/Data/Images/Normal/0.JPG,\ncandle,test,anomaly,candle/Data/Images/Anomaly/0.JPG,candle/Data/Masks/Anomaly/0.png\n",
  "visa/candle/image_anno.csv":
    "image,label,mask\ncandle/Data/Images/Anomaly/0.JPG,melded wax,candle/Data/Masks/Anomaly/0.png\n",
  "tables/parts.csv":
    "\uFEFFpath;label;split;mask;group;camera\r\n..\\pile\\0.png;OK;train;;A;1\r\n../line/bad/dent/1.png;NG;test;../mvtec/ground_truth/crack/0_mask.png;B;2\r\n",
  "tables/missing.csv": "path,label\n../pile/0.png,good\ngone.png,good\n",
  "tables/label.csv": "path,label\n../pile/0.png,good\n../pile/more/1.png,so-so\n",
  "tables/none.csv": "path,label\n",
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-dataset-"));
  for (const [file, text] of [...FILES.map((name) => [name, ""] as const), ...Object.entries(TABLES)]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  await mkdir(join(root, "nothing"));
});
afterAll(() => rm(root, { recursive: true }));

async function recognized(...paths: string[]) {
  const { layout, items, notes } = await recognizeDataset(paths.map((path) => join(root, path)));
  const rows = items.map(({ path, split, label, defect, mask, group }) =>
    [path.slice(root.length + 1), split, label, defect, mask?.slice(root.length + 1), group]
      .filter(Boolean)
      .join(" "),
  );
  return { layout, rows, notes };
}

describe("recognizeDataset", () => {
  it("joins paths to the folder that was given", async () => {
    expect(await recognized("mvtec")).toEqual({
      layout: "mvtec",
      rows: [
        "mvtec/test/crack/0.png test anomalous crack mvtec/ground_truth/crack/0_mask.png",
        "mvtec/test/good/0.png test good",
        "mvtec/train/good/0.png train good",
      ],
      notes: [],
    });
  });

  it("knows that test, and folders and pictures in it, are parts of a whole", async () => {
    const whole = await recognized("mvtec");
    expect((await recognized("mvtec/test")).rows).toEqual(whole.rows.slice(0, 2));
    const both = await recognized("mvtec/test/crack", "mvtec/train/good");
    expect(both.rows).toEqual([whole.rows[0], "mvtec/train/good/0.png good"]);
    expect(both.layout).toBe("several");
    const pictures = await recognized("mvtec/test/crack/0.png", "mvtec/test/good/*.png");
    expect(pictures.rows).toEqual(["mvtec/test/crack/0.png anomalous crack", "mvtec/test/good/0.png good"]);
  });

  it("takes single pictures and globs as good, unless their folder says otherwise", async () => {
    expect((await recognized("pile/0.png", "pile/**/*.png", "line/bad/dent/*.png")).rows).toEqual([
      "pile/0.png good",
      "pile/more/1.png good",
      "line/bad/dent/1.png anomalous dent",
    ]);
    await expect(recognized("mvtec/ground_truth/crack/*.png")).rejects.toMatchObject({
      code: "DATASET",
      found: "a mask",
    });
  });

  it("puts several inputs together", async () => {
    const { layout, rows } = await recognized("line/good", "line/bad");
    expect(rows).toEqual(["line/good/0.png good", "line/bad/dent/1.png anomalous dent"]);
    expect(layout).toBe("plain");
    const { root: common } = await recognizeDataset([join(root, "line/good"), join(root, "line/bad")]);
    expect(common).toBe(join(root, "line"));
  });

  it("reads the tables of VisA", async () => {
    const wanted = [
      "visa/candle/Data/Images/Anomaly/0.JPG test anomalous melded wax visa/candle/Data/Masks/Anomaly/0.png",
      "visa/candle/Data/Images/Normal/0.JPG train good",
    ];
    expect(await recognized("visa/candle")).toEqual({ layout: "visa", rows: wanted, notes: [] });
    const { layout, rows } = await recognized("visa/split_csv/1cls.csv");
    expect(layout).toBe("csv");
    expect(rows.sort()).toEqual(wanted.map((row) => row.replace("melded wax", "anomaly")));
  });

  it("reads a table, relative to its folder", async () => {
    const table = join(root, "tables/parts.csv");
    expect(await recognized("tables/parts.csv")).toEqual({
      layout: "csv",
      rows: [
        "pile/0.png train good A",
        "line/bad/dent/1.png test anomalous NG mvtec/ground_truth/crack/0_mask.png B",
      ],
      notes: [`${table}: columns not used: camera`],
    });
  });

  it("refuses tables with pictures that are not there, unknown labels, or no pictures", async () => {
    await expect(recognized("tables/missing.csv")).rejects.toMatchObject({
      code: "DATASET",
      found: `1 that do not exist, such as ${join(root, "tables/gone.png")}`,
    });
    await expect(recognized("tables/label.csv")).rejects.toMatchObject({
      code: "DATASET",
      subject: `${join(root, "tables/label.csv")}, line 3,`,
      found: 'the label "so-so"',
    });
    await expect(recognized("tables/none.csv")).rejects.toMatchObject({ code: "NO_IMAGES" });
  });

  it("refuses what holds no goods, unless none are needed", async () => {
    const only = join(root, "only");
    await expect(recognizeDataset([only])).rejects.toMatchObject({
      code: "DATASET",
      subject: only,
      expected: "pictures of good parts",
      found: "1 anomalous and no good ones",
    });
    expect((await recognizeDataset([only], { needGoods: false })).items).toHaveLength(1);
  });

  it("refuses folders without pictures, and paths that do not exist", async () => {
    await expect(recognizeDataset([])).rejects.toMatchObject({ code: "NO_IMAGES" });
    for (const name of ["empty", "nothing"])
      await expect(recognized(name)).rejects.toMatchObject({ code: "NO_IMAGES" });
    await expect(recognized("gone")).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await expect(recognized("gone.csv")).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
  });

  it("refuses the folder of several data sets", async () => {
    await expect(recognizeDataset([root])).rejects.toMatchObject({ code: "DATASET" });
  });
});

describeShared(
  "real data sets",
  ["data/mvtec-bottle-256", "data/mvtec-bottle-original", "data/dobot-cubes"],
  () => {
    const lines = async (name: string) => {
      const text = describeDataset(await recognizeDataset([sharedPath("data", name)]));
      return text.split("\n").slice(1);
    };

    it("mvtec-bottle-256", async () => {
      expect(await lines("mvtec-bottle-256")).toEqual([
        "  train  209 good",
        "  test   20 good, 63 anomalous (broken_large 20, broken_small 22, contamination 21)",
        "  masks  63 of 63 anomalous pictures",
      ]);
    });
    it("mvtec-bottle-original", async () => {
      expect(await lines("mvtec-bottle-original")).toEqual([
        "  train  2 good",
        "  test   2 good, 4 anomalous (broken_large 1, broken_small 1, contamination 2)",
        "  masks  4 of 4 anomalous pictures",
      ]);
    });
    it("dobot-cubes", async () => {
      expect(await lines("dobot-cubes")).toEqual([
        "  train  93 good",
        "  test   23 good, 72 anomalous (abnormal 72)",
        "  masks  none",
      ]);
    });
  },
);
