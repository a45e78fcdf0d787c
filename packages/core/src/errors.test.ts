import { describe, expect, it } from "vitest";
import { BlemishError, ERRORS, type ErrorCode } from "./errors.js";

const codes = Object.keys(ERRORS) as ErrorCode[];

describe("BlemishError", () => {
  it("is one sentence with subject, expected and found, then the next step and the code", () => {
    const error = new BlemishError("IMAGE_EMPTY", { subject: "a.png", expected: "bytes", found: "none" });
    expect(error.message).toBe(
      "a.png is empty: expected bytes, found none. Save the picture again. [IMAGE_EMPTY]",
    );
    expect(new BlemishError("IMAGE_EMPTY", { subject: "a.png" }).message).toBe(
      "a.png is empty. Save the picture again. [IMAGE_EMPTY]",
    );
  });

  it.each(codes)("%s survives a trip as plain data", (code) => {
    const error = new BlemishError(code, { subject: "x", expected: "y", found: "z" });
    const back = BlemishError.fromJSON(JSON.parse(JSON.stringify(error)));
    expect(back).toBeInstanceOf(BlemishError);
    expect([back.message, back.exit, back.http]).toEqual([
      error.message,
      ERRORS[code].exit,
      ERRORS[code].http,
    ]);
  });

  it.each(codes)("%s says what is wrong and what to do next", (code) => {
    expect(ERRORS[code].problem).toMatch(/^(is|has|does|cannot|keeps|gave|asks|holds|was|stopped|needs)\b/);
    expect(ERRORS[code].next).toMatch(/^[A-Z].*\.$/);
  });
});
