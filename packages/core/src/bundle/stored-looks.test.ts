import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import type { AlignmentRules } from "../stages/alignment/alignment-model.js";
import type { ValidityRules } from "../stages/validity/validity-rules.js";
import { describeModelFile } from "./describe-model-file.js";
import { readModelFile, type TrainedModelFile, writeModelFile } from "./model-file.js";

const good = { low: 0.9, high: 1 };
const validity: ValidityRules = {
  pictures: 12,
  rules: [{ rule: "likeness", low: 0.7, high: null, good }],
  notLearnt: [],
};
const alignment: AlignmentRules = {
  mode: "translation",
  pictures: 12,
  least: 0.7,
  good: { lowest: 0.9, median: 0.95, shift: 0.1, degrees: 0 },
};
const look = Uint8Array.from({ length: 32 * 32 }, (_, i) => i % 256);
const reference = Uint8Array.from({ length: 128 * 128 }, (_, i) => (i * 7) % 256);
const hash = (parts: readonly Uint8Array[]) =>
  parts.reduce((sum, part) => part.reduce((a, b) => (a * 31 + b) % 1e9, sum), 7).toString();
const there = (model: TrainedModelFile) => readModelFile(writeModelFile(model, hash), "m", hash);

describe("looks in a model file", () => {
  const plain = smallModel() as TrainedModelFile;
  const model: TrainedModelFile = {
    ...plain,
    manifest: { ...plain.manifest, validity, alignment },
    validityLook: look,
    alignmentReference: reference,
  };

  it("read back, with their rules, as what predictions need", () => {
    const back = there(model);
    expect(Array.from(back.validityLook!)).toEqual(Array.from(look));
    expect(back.manifest).toEqual(model.manifest);
    const { validity: rules, alignment: placing } = describeModelFile(back);
    expect(rules).toEqual({ ...validity, look });
    expect(placing).toEqual({ ...alignment, reference });
  });

  it("are not there, and no bytes of them, in a model without rules", () => {
    const back = there(plain);
    expect([back.validityLook, back.alignmentReference]).toEqual([undefined, undefined]);
    expect(describeModelFile(back)).not.toHaveProperty("validity");
    expect(describeModelFile(back)).not.toHaveProperty("alignment");
    const unread = { ...plain, manifest: { ...plain.manifest, validity: { ...validity, rules: [] } } };
    expect(there(unread).validityLook).toBeUndefined();
  });

  it("must be there where a rule compares with them", () => {
    for (const name of ["validityLook", "alignmentReference"] as const) {
      const { [name]: _, ...lacking } = model;
      expect(() => there(lacking)).toThrow(/MODEL_BROKEN/);
    }
    expect(() => there({ ...model, validityLook: look.subarray(1) })).toThrow();
  });
});
