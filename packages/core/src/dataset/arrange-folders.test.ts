import { describe, expect, it } from "vitest";
import { arrangeFolders } from "./arrange-folders.js";

/** Path → "split label defect mask". */
function arranged(files: readonly string[], root = "set") {
  const { layout, items, notes } = arrangeFolders([...files].sort(), root);
  const rows = items.map(({ path, split, label, defect, mask }) => [
    path,
    [split, label, defect, mask].filter(Boolean).join(" "),
  ]);
  return { layout, items: Object.fromEntries(rows), notes };
}

describe("layouts", () => {
  it("plain: every picture is good, however deep", () => {
    expect(arranged(["0.png", "lot 1/a/1.png"])).toEqual({
      layout: "plain",
      items: { "0.png": "good", "lot 1/a/1.png": "good" },
      notes: [],
    });
  });

  it("plain: the folder's own name counts", () => {
    expect(arranged(["0.png"], "/data/NG/").items).toEqual({ "0.png": "anomalous NG" });
    expect(arranged(["0.png"], "/data/bad/scratch").items).toEqual({ "0.png": "anomalous scratch" });
    expect(arranged(["0.png"], "/data/good").items).toEqual({ "0.png": "good" });
    expect(arrangeFolders(["0.png"], ".", "/data/bad").items[0]!.label).toBe("anomalous");
  });

  it("good and bad folders, in any of their names", () => {
    for (const [good, bad] of [
      ["good", "bad"],
      ["OK", "NG"],
      ["IO", "NIO"],
      ["pass", "fail"],
    ]) {
      expect(arranged([`${good}/0.png`, `${bad}/0.png`, `${bad}/dent/1.png`])).toEqual({
        layout: "good-bad",
        items: {
          [`${good}/0.png`]: "good",
          [`${bad}/0.png`]: `anomalous ${bad}`,
          [`${bad}/dent/1.png`]: "anomalous dent",
        },
        notes: [],
      });
    }
  });

  it("folders beside good are kinds of defects, and it is said", () => {
    const { items, notes } = arranged(["good/0.png", "crack/0.png"]);
    expect(items["crack/0.png"]).toBe("anomalous crack");
    expect(notes).toEqual(["crack is taken as a kind of defect, because it lies beside the good pictures"]);
  });

  it("Anomalib's Folder: masks flat or by defect, goods for testing", () => {
    expect(arranged(["normal/0.png", "normal_test/1.png", "abnormal/2.png", "mask/2.png"])).toEqual({
      layout: "folder",
      items: {
        "normal/0.png": "train good",
        "normal_test/1.png": "test good",
        "abnormal/2.png": "test anomalous abnormal mask/2.png",
      },
      notes: [],
    });
    const hazelnut = arranged([
      "good/0.jpg",
      "crack/1.jpg",
      "hole/1.jpg",
      "mask/crack/1.jpg",
      "mask/hole/1.jpg",
    ]);
    expect(hazelnut.layout).toBe("folder");
    expect(hazelnut.items).toMatchObject({
      "crack/1.jpg": "anomalous crack mask/crack/1.jpg",
      "hole/1.jpg": "anomalous hole mask/hole/1.jpg",
    });
  });

  const mvtec = ["train/good/000.png", "test/good/000.png", "test/crack/000.png", "test/hole/000.png"];
  const truth = ["ground_truth/crack/000_mask.png", "ground_truth/hole/000_mask.png"];

  it("MVTec", () => {
    expect(arranged([...mvtec, ...truth])).toEqual({
      layout: "mvtec",
      items: {
        "train/good/000.png": "train good",
        "test/good/000.png": "test good",
        "test/crack/000.png": "test anomalous crack ground_truth/crack/000_mask.png",
        "test/hole/000.png": "test anomalous hole ground_truth/hole/000_mask.png",
      },
      notes: [],
    });
  });

  it("MVTec: a mask that is missing moves no other", () => {
    const files = [...mvtec, "test/crack/001.png", "test/crack/002.png", "ground_truth/crack/002_mask.png"];
    const { items, notes } = arranged(files);
    expect(items["test/crack/002.png"]).toBe("test anomalous crack ground_truth/crack/002_mask.png");
    expect(items["test/crack/001.png"]).toBe("test anomalous crack");
    expect(notes).toEqual([
      "3 anomalous pictures have no mask: test/crack/000.png, test/crack/001.png, test/hole/000.png",
    ]);
  });

  it("MVTec: training pictures may lie in train itself, validation goods train too, the rest is left out", () => {
    const { items, notes } = arranged([
      "train/0.png",
      "validation/good/1.png",
      "test/good/2.png",
      "docs/3.png",
      "4.png",
    ]);
    expect(items).toEqual({
      "train/0.png": "train good",
      "validation/good/1.png": "train good",
      "test/good/2.png": "test good",
    });
    expect([...notes].sort()).toEqual([
      "1 picture beside the folders left out: 4.png",
      "1 picture in docs left out: neither train nor test",
      "validation is used for training, as train is",
    ]);
  });

  it("MVTec: masks of good pictures and masks of one picture in several files are not paired", () => {
    const { items, notes } = arranged([
      ...mvtec,
      "ground_truth/good/000_mask.png",
      "ground_truth/crack/001/000.png",
    ]);
    expect(items["test/crack/000.png"]).toBe("test anomalous crack");
    expect(notes[0]).toBe("1 mask fits no picture by name: ground_truth/crack/001/000.png");
  });

  it("BTAD", () => {
    const files = ["train/ok/0.bmp", "test/ok/1.bmp", "test/ko/0.bmp", "ground_truth/ko/0.png"];
    expect(arranged(files)).toEqual({
      layout: "btad",
      items: {
        "train/ok/0.bmp": "train good",
        "test/ok/1.bmp": "test good",
        "test/ko/0.bmp": "test anomalous ko ground_truth/ko/0.png",
      },
      notes: [],
    });
  });

  it("VisA", () => {
    const files = [
      "Data/Images/Normal/0.JPG",
      "Data/Images/Anomaly/0.JPG",
      "Data/Masks/Anomaly/0.png",
      "preview.png",
    ];
    expect(arranged(files)).toEqual({
      layout: "visa",
      items: {
        "Data/Images/Normal/0.JPG": "good",
        "Data/Images/Anomaly/0.JPG": "anomalous Anomaly Data/Masks/Anomaly/0.png",
      },
      notes: ["1 picture outside Images and Masks left out"],
    });
    expect(arranged(files.slice(0, 3).map((file) => file.slice(5))).layout).toBe("visa");
  });

  it("any of them inside one more folder, as archives unpack", () => {
    const { layout, items } = arranged(mvtec.map((file) => `bottle/${file}`));
    expect(layout).toBe("mvtec");
    expect(items["bottle/test/crack/000.png"]).toBe("test anomalous crack");
    expect(arranged(["candle/Data/Images/Normal/0.JPG"]).layout).toBe("visa");
  });
});

describe("refuses", () => {
  it.each([
    ["several data sets", ["bottle/train/good/0.png", "cable/train/good/0.png"], "bottle, cable"],
    ["several VisA objects", ["a/Data/Images/Normal/0.JPG", "b/Data/Images/Normal/0.JPG"], "a, b"],
    ["a bad folder deep in a plain one", ["0.png", "monday/late/bad/1.png"], "monday/late/bad/1.png"],
    ["test pictures without a label", ["train/good/0.png", "test/1.png"], "test/1.png"],
    ["training pictures in part without a label", ["train/good/0.png", "train/1.png"], "train/1.png"],
    ["training folders that may be anything", ["train/a/0.png"], "train/a"],
    ["folders beside bad alone", ["bad/0.png", "stuff/1.png"], "the folder stuff"],
    ["masks alone", ["ground_truth/crack/0.png"], "masks only"],
    ["masks beside an empty test", ["ground_truth/crack/0.png", "test/mask/1.png"], "masks only"],
  ])("%s", (_, files, words) => {
    const run = () => arranged(files);
    expect(run).toThrow(expect.objectContaining({ code: "DATASET", subject: "set" }));
    expect(run).toThrow(words);
  });
  it("a folder of masks", () =>
    expect(() => arranged(["0.png"], "x/ground_truth/crack")).toThrow("found masks only"));
});
