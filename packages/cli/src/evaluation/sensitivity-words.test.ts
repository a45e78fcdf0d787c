import { describe, expect, it } from "vitest";
import { madeUpSensitivity } from "../../../../tests/support/made-up-sensitivity.js";
import {
  cellWords,
  groupName,
  limitWords,
  sensitivityBasis,
  sensitivityText,
  sensitivityVerdict,
  sizeWords,
} from "./sensitivity-words.js";

describe("sensitivityVerdict", () => {
  it("says from which size on a kind is found, and of which kinds nothing can be said", () => {
    expect(sensitivityVerdict(madeUpSensitivity())).toEqual([
      "All kinds: 90 % are found, with 95 % confidence, from 16 px on at contrast 50 %; smaller or fainter ones it may not see.",
      "Scratches: 90 % are found, with 95 % confidence, from 8 px on at contrast 50 %; smaller or fainter ones it may not see.",
      "Stains: 90 % are found of none of the tried sizes and contrasts.",
    ]);
  });

  it("names contrasts together that have the same size", () => {
    const limits = [
      { contrast: 0.1, size: null },
      { contrast: 0.25, size: 8 },
      { contrast: 0.4, size: 4 },
      { contrast: 0.5, size: 4 },
    ];
    expect(limitWords({ limits }, null)).toContain(
      "from 4 px on at contrast 50 % and 40 %, from 8 px on at contrast 25 %;",
    );
  });

  it("says millimetres where they are known, and names zones", () => {
    const verdict = sensitivityVerdict(madeUpSensitivity({ millimetresPerPixel: 0.052 }, true));
    expect(verdict[1]).toContain("from 8 px (0.42 mm) on");
    expect(verdict.slice(3).map((line) => line.split(":")[0])).toEqual(["Zone rim", "Zone <face>"]);
  });
});

describe("sensitivityBasis", () => {
  it("says what was measured on, and what good pictures say untouched", () => {
    const [what, means, untouched, ...rest] = sensitivityBasis(madeUpSensitivity());
    expect(what).toContain("20 good pictures of 256 × 200 pixels");
    expect(what).toContain("at 60 places where it judges (seed 3)");
    expect(means).toContain("a marked region touches the defect");
    expect(untouched).toBe(
      "Untouched, 1 of 20 pictures is called anomalous (0.12 to 25 % with 95 % confidence).",
    );
    expect(rest).toEqual([]);
    expect(sensitivityBasis(madeUpSensitivity({}, true))[0]).toContain("as many in each zone");
  });

  it("says when there are too few places to show anything", () => {
    const { settings } = madeUpSensitivity();
    const said = (places: number) =>
      sensitivityBasis(madeUpSensitivity({ settings: { ...settings, places } }));
    expect(said(35).at(-1)).toBe(
      "35 places cannot show 90 % of one kind with 95 % confidence, even where all are found: that takes 36.",
    );
    expect(said(36)).toHaveLength(3);
  });

  it("says what was left out", () => {
    const left = sensitivityBasis(madeUpSensitivity({ known: 1, failed: ["a.png", "b.png"], invalid: 2 }));
    expect(left.slice(3)).toEqual([
      "1 picture left out: the model has learnt from it.",
      "2 pictures could not be judged.",
      "2 pictures with a defect could not be judged and count as not found.",
    ]);
  });
});

describe("sensitivityText", () => {
  it("has a table for each group: sizes down, contrasts across, with intervals", () => {
    const text = sensitivityText(madeUpSensitivity());
    expect(text).toContain("Scratches  contrast 10 %          contrast 50 %\n");
    expect(text).toMatch(/\n {2}8 px {5}20 of 60 \(21 to 47 %\) {2}60 of 60 \(94 to 100 %\)\n/);
    expect(text.split("\n").every((line) => line === line.trimEnd())).toBe(true);
  });
});

it("writes sizes, names and cells shortly", () => {
  expect(sizeWords(12.345, null)).toBe("12.3 px");
  expect(groupName({ by: "type", name: "foreign" })).toBe("Foreign bodies");
  expect(cellWords(undefined)).toBe("–");
  expect(cellWords({ size: 4, contrast: 0.1, tried: 0, found: 0, interval: [0, 1] })).toBe("–");
});
