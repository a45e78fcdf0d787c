import { adoptAdaptive, changeThreshold } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { thresholdWords } from "./threshold-words.js";

const scores = Float64Array.from({ length: 99 }, (_, i) => i + 1);
const model = changeThreshold({ ...smallModel(), scores }, { falseAlarmRate: 0.1 }, "");
const fresh = {
  ...model,
  manifest: { ...model.manifest, calibration: { ...model.manifest.calibration, changes: [] } },
};

describe("thresholdWords", () => {
  it("says where the threshold comes from and what it promises", () => {
    const [first, second, ...rest] = thresholdWords(fresh).split("\n");
    expect(first).toBe(
      "The threshold is 90 (pixels: 4.5), found for a false-alarm rate of 10 of 100, from 5 good pictures.",
    );
    expect(second).toMatch(/^Expected: 10 of 100 .* with 95 % confidence not more than 16 of 100/);
    expect(rest).toEqual([]);
  });
  it("tells the history", () => {
    const changed = changeThreshold(fresh, { threshold: 95 }, "line 2\u0007");
    expect(thresholdWords(changed)).toMatch(
      /set after the training\.\n.*\nChanges.*\n {2}90 → 95 {2}line 2 $/,
    );
  });
  it("says when nothing is promised, and when labels were seen", () => {
    const low = changeThreshold(fresh, { threshold: 0.5 }, "");
    expect(thresholdWords(low)).toContain("nothing is promised");
    const found = { imageThreshold: 95, pixelThreshold: 1, min: 0, max: 2 };
    expect(thresholdWords(adoptAdaptive(fresh, found, "x"))).toContain("it has seen the answers");
  });
});
