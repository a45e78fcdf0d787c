import { expect, it } from "vitest";
import { renderKernels } from "../../../../scripts/build-kernels.js";
import { read } from "../../../../tests/repo/sources.js";
import { KERNELS } from "./compiled-kernels.js";

it("are what their sources compile to (npm run kernels)", async () => {
  expect(await renderKernels()).toBe(read("packages/core/src/kernels/compiled-kernels.ts"));
});

it("are small enough to be compiled on the spot", () => {
  const code = Buffer.from(KERNELS, "base64");
  expect(code.length).toBeLessThan(32 * 1024);
});
