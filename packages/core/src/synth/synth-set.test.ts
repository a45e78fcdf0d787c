import { describe, expect, it } from "vitest";
import { type SynthSetOptions, synthSet } from "./synth-set.js";

const OPTIONS: SynthSetOptions = { seed: 5, train: 3, testGood: 2, testBad: 7, width: 64, height: 48 };

describe("synthSet", () => {
  const items = [...synthSet("washer", OPTIONS)];

  it("names its pictures as MVTec AD does", () => {
    expect(items.map(({ name, maskName }) => `${name} ${maskName}`)).toEqual([
      "train/good/000 null",
      "train/good/001 null",
      "train/good/002 null",
      "test/good/000 null",
      "test/good/001 null",
      "test/scratch/000 ground_truth/scratch/000_mask",
      "test/scratch/001 ground_truth/scratch/001_mask",
      "test/dent/000 ground_truth/dent/000_mask",
      "test/dent/001 ground_truth/dent/001_mask",
      "test/stain/000 ground_truth/stain/000_mask",
      "test/missing/000 ground_truth/missing/000_mask",
      "test/foreign/000 ground_truth/foreign/000_mask",
    ]);
  });

  it("labels them, with a mask exactly for the bad ones", () => {
    for (const { name, split, label, mask, defect, image } of items) {
      expect(name.startsWith(`${split}/${label}/`)).toBe(true);
      expect(mask.data.some((value) => value === 1)).toBe(label !== "good");
      expect(defect?.type ?? "good").toBe(label);
      expect([image.width, image.height]).toEqual([64, 48]);
    }
  });

  it("never draws the same picture twice", () => {
    expect(new Set(items.map(({ image }) => image.data.join())).size).toBe(items.length);
  });

  it("begins a larger set with the pictures of a smaller one, and repeats itself", () => {
    const larger = [...synthSet("washer", { ...OPTIONS, train: 5, testBad: 12 })];
    for (const item of items) expect(larger.find(({ name }) => name === item.name)).toEqual(item);
    expect([...synthSet("washer", { ...OPTIONS, seed: 6 })][0]!.image.data).not.toEqual(items[0]!.image.data);
  });

  it("draws only the defects asked for, and one picture at a time", () => {
    const endless = synthSet("cap", { ...OPTIONS, train: 1_000_000 });
    expect(endless.next().value?.name).toBe("train/good/000000");
    const dents = [...synthSet("cap", { ...OPTIONS, train: 0, testGood: 0, testBad: 2, types: ["dent"] })];
    expect(dents.map(({ name }) => name)).toEqual(["test/dent/000", "test/dent/001"]);
  });

  it.each(["train", "testGood", "testBad"] as const)("refuses a wrong %s", (key) => {
    for (const value of [-1, 1.5, 1_000_001])
      expect(() => [...synthSet("cap", { ...OPTIONS, [key]: value })]).toThrow(
        expect.objectContaining({ code: "OPTION_VALUE", subject: key }),
      );
  });
});
