import { expect, it } from "vitest";
import { checkBytes, checkPixels, DEFAULT_LIMITS } from "./decode-limits.js";

it("allows exactly the limit and nothing above it", () => {
  checkPixels(20_000, 10_000, "x", DEFAULT_LIMITS);
  checkBytes(256e6, "x", DEFAULT_LIMITS);
  expect(() => checkPixels(20_000, 10_001, "x", DEFAULT_LIMITS)).toThrow(
    expect.objectContaining({
      code: "IMAGE_TOO_LARGE",
      subject: "x",
      expected: "at most 200 million pixels",
      found: "20000 × 10001 pixels",
    }),
  );
  expect(() => checkBytes(256e6 + 1, "x", DEFAULT_LIMITS)).toThrow(
    expect.objectContaining({ code: "IMAGE_TOO_LARGE" }),
  );
  expect(() => checkBytes(11, "x", { ...DEFAULT_LIMITS, maxBytes: 10 })).toThrow(/at most 0.00001 MB/);
});

it("calls nothing empty and impossible sides broken", () => {
  expect(() => checkBytes(0, "x", DEFAULT_LIMITS)).toThrow(expect.objectContaining({ code: "IMAGE_EMPTY" }));
  for (const side of [0, -1, Number.NaN]) {
    expect(() => checkPixels(side, 5, "x", DEFAULT_LIMITS)).toThrow(
      expect.objectContaining({ code: "IMAGE_BROKEN" }),
    );
    expect(() => checkPixels(5, side, "x", DEFAULT_LIMITS)).toThrow(
      expect.objectContaining({ code: "IMAGE_BROKEN" }),
    );
  }
});
