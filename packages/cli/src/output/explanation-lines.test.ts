import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { explained } from "../../../../tests/support/explained.js";
import { explanationLines } from "./explanation-lines.js";

const plain = new PassThrough();

it("is nothing for a picture that was not explained, or not judged", () => {
  expect(explanationLines({ explanations: null, width: 9, height: 9 }, plain)).toBe("");
  expect(explanationLines({ explanations: [explained()], width: null, height: null }, plain)).toBe("");
});

it("prints no control characters of file names", () => {
  const { detectors, ...place } = explained();
  const [, bank] = detectors;
  const nearest = [{ ...bank!.nearest[0]!, path: "good/\u001b[31m\n.png" }];
  const text = explanationLines(
    { explanations: [{ ...place, detectors: [{ ...bank!, nearest }] }], width: 9, height: 9 },
    plain,
  );
  expect(text.split("\n")).toHaveLength(2);
  expect(text).not.toContain("\u001b");
});
