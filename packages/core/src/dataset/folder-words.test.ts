import { describe, expect, it } from "vitest";
import { folderMeaning, placeMeaning } from "./folder-words.js";

describe("folderMeaning", () => {
  it.each([
    ["good", "good"],
    ["OK", "good"],
    ["Normal", "good"],
    ["IO", "good"],
    ["i.O.", "good"],
    ["defect-free", "good"],
    ["normal_test", "good-test"],
    ["NIO", "bad"],
    ["n.i.O.", "bad"],
    ["not ok", "bad"],
    ["Abnormal", "bad"],
    ["ko", "bad"],
    ["ground_truth", "mask"],
    ["Masks", "mask"],
    ["train", "train"],
    ["validation", "train"],
    ["Test", "test"],
  ])("%s is %s", (name, meaning) => expect(folderMeaning(name)).toBe(meaning));

  it.each(["", "crack", "goodbye", "oks", "lot 7", "testing ground", "constructor", "1"])(
    "%j has none",
    (name) => expect(folderMeaning(name)).toBe(null),
  );
});

describe("placeMeaning", () => {
  it.each([
    ["/data/bad", "bad", "bad"],
    ["/data/bad/", "bad", "bad"],
    ["C:\\data\\NG\\scratch", "bad", "scratch"],
    ["masks/crack", "mask", "crack"],
    ["bad/good", "good", "good"],
    ["bad/a/b", null, "b"],
    ["good/lot 7", null, "lot 7"],
    ["", null, ""],
  ])("%s: %s", (folder, meaning, name) => expect(placeMeaning(folder)).toEqual({ meaning, name }));
});
