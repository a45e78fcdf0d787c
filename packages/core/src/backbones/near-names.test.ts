import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearNames } from "./near-names.js";

describe("similar names", () => {
  it("puts names that hold the text first, then names a few letters away", () => {
    const names = ["layer2.0.conv1", "layer2", "layer1", "fc.weight", "/model/layer3/Relu_output_0"];
    expect(nearNames("layer2", names)).toEqual(["layer2", "layer2.0.conv1", "layer1"]);
    expect(nearNames("LAYER3", names)[0]).toBe("/model/layer3/Relu_output_0");
    expect(nearNames("zzz", names)).toEqual([]);
  });

  it("finds a name with one letter changed, and never gives more than asked for", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{6,20}$/),
        fc.nat(5),
        fc.array(fc.string(), { maxLength: 30 }),
        (name, at, others) => {
          const typo = `${name.slice(0, at)}#${name.slice(at + 1)}`;
          expect(nearNames(typo, [name])).toEqual([name]);
          expect(nearNames(name, [...others, name], 3)).toContain(name);
          expect(nearNames(name, others, 3).length).toBeLessThanOrEqual(3);
        },
      ),
    );
  });

  it("does not compare endless names letter by letter", () => {
    expect(nearNames("a".repeat(1000), ["b".repeat(100_000)])).toEqual([]);
  });
});
