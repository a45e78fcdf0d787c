import { expect, it, vi } from "vitest";
import { warnWithoutSimd } from "./warn-without-simd.js";

it("warns once, and only where SIMD is missing", () => {
  const emit = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  warnWithoutSimd(true);
  expect(emit).not.toHaveBeenCalled();
  warnWithoutSimd(false);
  warnWithoutSimd(false);
  expect(emit).toHaveBeenCalledTimes(1);
  expect(emit).toHaveBeenCalledWith(
    expect.stringContaining("SIMD"),
    expect.objectContaining({ code: "BLEMISH_NO_SIMD" }),
  );
  emit.mockRestore();
});
