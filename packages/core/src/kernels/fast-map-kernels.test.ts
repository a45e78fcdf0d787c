import { expect, it } from "vitest";
import { createArena } from "./arena.js";
import { fastMapKernels } from "./fast-map-kernels.js";
import { plainMapKernels } from "./plain-map-kernels.js";

it("are compiled where that is possible, and plain elsewhere", () => {
  const arena = createArena(64);
  expect(fastMapKernels(arena)).not.toBe(plainMapKernels);
  expect(fastMapKernels({ ...arena, memory: null })).toBe(plainMapKernels);
});
