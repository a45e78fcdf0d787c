import { BlemishError } from "@blemish/core";
import type { FailedItem } from "@blemish/node";
import { expect, it } from "vitest";
import { unjudgedText } from "./unjudged-text.js";

const item = {} as FailedItem["item"];
const invalid = (...rules: string[]): FailedItem => {
  const evidence = ["size", ...rules].map((rule, i) => ({ rule, value: 1, low: 0, high: 2, ok: i === 0 }));
  return { item, error: new BlemishError("PICTURE_INVALID", { subject: "x", evidence }) };
};

it("counts pictures by what keeps them from being judged, the most frequent first", () => {
  const empty = { item, error: new BlemishError("IMAGE_EMPTY", { subject: "x" }) };
  expect(unjudgedText([empty, invalid("place"), invalid("brightness", "contrast"), invalid("place")])).toBe(
    [
      "Not judged, and in no figure: 4 pictures",
      "       2  PICTURE_INVALID: place",
      "       1  IMAGE_EMPTY",
      "       1  PICTURE_INVALID: brightness, contrast",
    ].join("\n"),
  );
  expect(unjudgedText([])).toBe("");
});
