import { afterEach, expect, it, vi } from "vitest";
import { createArena } from "./arena.js";
import { quantiseBank } from "./memory-bank.js";
import { neighbourKernels } from "./neighbour-kernels.js";
import { plainNeighbourKernels } from "./plain-neighbour-kernels.js";

afterEach(() => vi.unstubAllGlobals());

it("are compiled where that is possible, and else plain", () => {
  expect(neighbourKernels(createArena(0))).not.toBe(plainNeighbourKernels);
  vi.stubGlobal("WebAssembly", undefined);
  expect(neighbourKernels(createArena(0))).toBe(plainNeighbourKernels);
});

it("work on arrays of other memories too", () => {
  const bank = quantiseBank(3, 2, Float32Array.of(0, 0, 5, 5, 1, 0));
  const out = { index: new Int32Array(2), squared: new Float32Array(2) };
  neighbourKernels(createArena(0)).nearest(bank, Float32Array.of(1.25, 5, 0, 6), 2, 1, out);
  expect([...out.index, ...out.squared]).toEqual([2, 1, 0.0625, 1]);
});
