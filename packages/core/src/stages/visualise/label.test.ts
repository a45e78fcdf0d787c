import { describe, expect, it } from "vitest";
import { fingerprint, formulaImage, reference, sha256 } from "../../../../../fixtures/visualise/formulas.js";
import { judged } from "../../../../../fixtures/visualise/judged.js";
import { addLabel, LABEL_COLOURS, labelText } from "./label.js";

describe("text", () => {
  it.each(reference.percentages as [number, string][])(
    "%d is %s%%, as Python rounds it",
    (share, percent) => {
      expect(labelText(judged({ predScore: share }))).toBe(`anomalous (${percent}%)`);
    },
  );

  it("shows 1 − score for a normal picture", () => {
    const normal = { predLabel: false, verdict: "good" as const };
    expect(labelText(judged({ ...normal, predScore: 0.2 }))).toBe("normal (80%)");
    expect(labelText(judged({ ...normal, predScore: 0.4538874275037132 }))).toBe("normal (55%)");
  });

  it("says uncertain with the score itself", () => {
    const grey = { predLabel: false, verdict: "uncertain" as const, predScore: 0.46 };
    expect(labelText(judged(grey))).toBe("uncertain (46%)");
    expect(Array.from(addLabel(formulaImage(64, 48), judged(grey)).data.subarray(0, 3))).toEqual(
      LABEL_COLOURS.uncertain,
    );
  });

  it("has no percentage for a raw score", () => {
    expect(labelText(judged({ normalised: false, predScore: 12.5 }))).toBe("anomalous");
  });
});

describe("tag", () => {
  it.each([
    [64, 48],
    [900, 900],
    [4000, 1000],
    [30, 400],
    [1, 1],
  ])("stands in the top left corner of a %d×%d picture and changes nothing else", (width, height) => {
    const image = formulaImage(width, height);
    const before = fingerprint(image);
    const tagged = addLabel(image, judged());
    expect(fingerprint(image)).toBe(before);
    if (height > 1) expect(Array.from(tagged.data.subarray(0, 3))).toEqual(LABEL_COLOURS.anomalous);
    const rows = Math.ceil(Math.max(0.05 * Math.min(width, height), 12) * 1.5);
    const under = ({ data }: { data: Uint8Array }) => sha256(data.subarray(rows * width * 3));
    expect(under(tagged)).toBe(under(image));
  });

  it("has Anomalib's colours", () => {
    const normal = addLabel(formulaImage(300, 300), judged({ predLabel: false }));
    expect(Array.from(normal.data.subarray(0, 3))).toEqual([225, 252, 134]);
    expect(LABEL_COLOURS.anomalous).toEqual([255, 100, 100]);
  });

  it("holds dark lettering", () => {
    const white = {
      width: 300,
      height: 200,
      channels: 3 as const,
      data: new Uint8Array(300 * 200 * 3).fill(255),
    };
    const dark = addLabel(white, judged()).data.filter((value) => value < 30).length;
    expect(dark).toBeGreaterThan(200);
  });

  it("refuses a picture without pixels", () => {
    const nothing = { width: 0, height: 0, channels: 3 as const, data: new Uint8Array(0) };
    expect(() => addLabel(nothing, judged())).toThrow(/0×0/);
  });
});
