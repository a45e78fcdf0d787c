import { describe, expect, it } from "vitest";
import { renderPart } from "../synth/render-part.js";
import type { DatasetItem } from "./dataset.js";
import { type CheckedPicture, comparePictures, finding, sortFindings } from "./health.js";
import { type PictureFacts, pictureFacts } from "./picture-facts.js";

const item: DatasetItem = { path: "", label: "good", defect: "", split: null, mask: null, group: null };

/** Ten different good pictures, some of which are changed. */
function pictures(
  changes: Record<
    number,
    {
      item?: Partial<DatasetItem>;
      facts?: Partial<PictureFacts>;
      sha256?: string;
      shown?: string;
      pixels?: string;
      assumed?: boolean;
    }
  > = {},
): CheckedPicture[] {
  return LOOKS.map((facts, index) => {
    const change = changes[index] ?? {};
    return {
      item: { ...item, path: `${index}.png`, ...change.item },
      sha256: change.sha256 ?? `sha ${index}`,
      shown: change.shown ?? change.sha256 ?? `sha ${index}`,
      facts: { ...facts, ...change.facts },
      pixels: change.pixels ?? "8-bit RGB",
      ...(change.assumed && { assumed: true }),
    };
  });
}
const LOOKS = Array.from({ length: 10 }, (_, seed) =>
  pictureFacts(renderPart("cloth", { seed, width: 64, height: 64 }).image),
);

const found = (changes: Parameters<typeof pictures>[0]) =>
  comparePictures(pictures(changes)).map(({ kind, severity, paths }) => [kind, severity, ...paths]);

describe("comparePictures", () => {
  it("finds nothing wrong with ten different goods", () => expect(found({})).toEqual([]));

  it("samples of 16 bits whose range nobody stated", () => {
    expect(found({ 3: { assumed: true }, 4: { assumed: true } })).toEqual([
      ["pixels", "note", "3.png", "4.png"],
    ]);
  });

  it("the same file twice", () => {
    const copy = { sha256: "sha 0", facts: LOOKS[0]! };
    expect(found({ 4: copy })).toEqual([["duplicate", "warning", "0.png", "4.png"]]);
    expect(found({ 0: { item: { split: "train" } }, 4: { ...copy, item: { split: "test" } } })).toEqual([
      ["train-and-test", "error", "0.png", "4.png"],
    ]);
    expect(found({ 4: { ...copy, item: { label: "anomalous" } } })).toEqual([
      ["label-conflict", "error", "0.png", "4.png"],
    ]);
  });

  it("the same pixels in another file", () => {
    const copy = { shown: "sha 0", facts: LOOKS[0]! };
    const words = (changes: Parameters<typeof pictures>[0]) =>
      comparePictures(pictures(changes)).map(({ kind, severity, message }) => [kind, severity, message]);
    expect(words({ 4: copy })).toEqual([
      [
        "duplicate",
        "warning",
        "2 files are the same picture, pixel for pixel. It counts 2 times, and the false-alarm rate is promised too low.",
      ],
    ]);
    expect(words({ 0: { item: { split: "train" } }, 4: { ...copy, item: { split: "test" } } })).toEqual([
      [
        "train-and-test",
        "error",
        "The same picture, pixel for pixel, in different files, is used for training and for testing, so the test proves nothing about it.",
      ],
    ]);
    expect(words({ 4: { ...copy, item: { label: "anomalous" } } })[0]?.[2]).toBe(
      "The same picture, pixel for pixel, in different files, is labelled good and anomalous.",
    );
    const all = pictures().map((picture) => ({ ...picture, shown: "x", facts: LOOKS[0]! }));
    expect(comparePictures(all)).toMatchObject([
      {
        kind: "duplicate",
        severity: "error",
        message: "All 10 pictures are the same picture, pixel for pixel.",
      },
    ]);
  });

  it("nearly the same picture twice, or on both sides", () => {
    const near = { facts: { look: LOOKS[0]!.look.map((value) => value + 20) } };
    expect(found({ 4: near })).toEqual([["near-duplicate", "warning", "0.png", "4.png"]]);
    expect(found({ 0: { item: { split: "test" } }, 4: { ...near, item: { split: "train" } } })).toEqual([
      ["near-train-and-test", "warning", "0.png", "4.png"],
    ]);
  });

  it("all files the same", () => {
    const all = pictures().map((picture) => ({
      ...picture,
      ...{ sha256: "x", shown: "x", facts: LOOKS[0]! },
    }));
    expect(comparePictures(all)).toMatchObject([
      { kind: "duplicate", severity: "error", message: "All 10 pictures are the same file." },
    ]);
  });

  it("sizes: of one shape a note, of several a warning", () => {
    expect(found({ 2: { facts: { width: 128, height: 128 } } })).toEqual([["sizes", "note", "2.png"]]);
    expect(found({ 2: { facts: { width: 128 } } })).toEqual([["sizes", "warning", "2.png"]]);
    const all = pictures().map((picture, index) => ({
      ...picture,
      facts: { ...picture.facts, width: 64 + index },
    }));
    const [sizes] = comparePictures(all);
    expect(sizes!.message).toBe(
      "Pictures of 10 sizes: 64 × 64 (1), 65 × 64 (1), 66 × 64 (1), 67 × 64 (1), …. Their shapes differ, so they are stretched differently.",
    );
  });

  it("kinds of pixels", () => {
    expect(
      found({ 2: { pixels: "8-bit grey" }, 5: { pixels: "16-bit grey" }, 6: { pixels: "8-bit grey" } }),
    ).toEqual([["pixels", "warning", "5.png", "2.png", "6.png"]]);
  });

  it("goods less sharp than the others, the worst first; not anomalous ones", () => {
    const less = (by: number) => ({ facts: { sharpness: LOOKS[0]!.sharpness - by } });
    expect(found({ 2: less(2), 5: less(Number.POSITIVE_INFINITY) })).toEqual([
      ["blur", "warning", "5.png", "2.png"],
    ]);
    expect(found({ 2: { ...less(9), item: { label: "anomalous" } } })).toEqual([]);
    expect(found({ 2: less(-9) })).toEqual([]);
  });

  it("goods of other exposure, each told once", () => {
    const light = (brightness: number, black = 0, white = 0) => ({ facts: { brightness, black, white } });
    expect(found({ 1: light(20, 0.5), 2: light(250, 0, 0.9), 3: { facts: { white: 0.2 } } })).toEqual([
      ["exposure", "warning", "1.png"],
      ["exposure", "warning", "2.png"],
      ["exposure", "warning", "3.png"],
    ]);
  });

  it("has no opinion on fewer than five", () => {
    const few = pictures({ 1: { facts: { sharpness: -99, brightness: 0 } } }).slice(0, 4);
    expect(comparePictures(few)).toEqual([]);
    expect(comparePictures([])).toEqual([]);
  });
});

describe("sortFindings", () => {
  it("puts errors first and keeps the order otherwise", () => {
    const list = (["note", "error", "warning", "error"] as const).map((severity, i) =>
      finding("mask", severity, String(i), []),
    );
    expect(sortFindings(list).map(({ message }) => message)).toEqual(["1", "3", "2", "0"]);
  });
});
