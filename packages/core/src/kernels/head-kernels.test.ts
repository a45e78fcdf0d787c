import { expect, it } from "vitest";
import { arenaOver, createArena } from "./arena.js";
import { headKernels } from "./head-kernels.js";
import { plainHeadKernels } from "./plain-head-kernels.js";

it("are compiled where there is WebAssembly memory, plain elsewhere", () => {
  expect(headKernels(createArena(4096))).not.toBe(plainHeadKernels);
  expect(headKernels(arenaOver(new ArrayBuffer(4096), 0, 4096))).toBe(plainHeadKernels);
});
