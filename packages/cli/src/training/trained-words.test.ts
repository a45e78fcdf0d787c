import { changeThreshold, type TrainedModelFile } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { namedSuspects, trainedWords } from "./trained-words.js";

function model(scores: readonly number[], falseAlarmRate = 0.05): TrainedModelFile {
  const { manifest, ...rest } = smallModel();
  const files = scores.map((_, i) => ({ path: `good/${i}.png`, sha256: "" }));
  const training = { ...manifest.training, count: scores.length, files };
  const base = { ...rest, manifest: { ...manifest, training } };
  return changeThreshold({ ...base, scores: Float64Array.from(scores) }, { falseAlarmRate }, "");
}

const even = Array.from({ length: 99 }, (_, i) => 10 + (i % 10) / 10);

describe("trainedWords", () => {
  it("says what was learnt and promised", () => {
    const text = trainedWords(model(even));
    expect(text).toMatch(/^Learned from 99 pictures of good parts\. The threshold is 10\.9\./);
    expect(text).toContain("with 95 % confidence not more than");
    expect(text).not.toContain("stand out");
    expect(text).not.toContain("mirrored");
  });
  it("says when turned copies took part, and how to leave them out", () => {
    const plain = model(even);
    const training = { ...plain.manifest.training, turned: true };
    const text = trainedWords({ ...plain, manifest: { ...plain.manifest, training } });
    expect(text).toMatch(/^Learned from 99 .*\n.*mirrored and slightly rotated copies.*--no-turned\.\n/);
  });
  it("says when there are too few pictures for the rate", () => {
    const text = trainedWords(model([3, 4, 5], 0.01));
    expect(text).toContain("3 pictures are too few for 1 of 100: that takes 99.");
  });
  it("names pictures that stand out", () => {
    const odd = model([...even, 40, 30]);
    expect(namedSuspects(odd).map(({ path }) => path)).toEqual(["good/99.png", "good/100.png"]);
    expect(trainedWords(odd)).toMatch(/really good\?\n +40 {2}good\/99\.png\n +30 {2}good\/100\.png$/);
  });
});
