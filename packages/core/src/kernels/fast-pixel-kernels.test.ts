import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function fresh() {
  vi.resetModules();
  const { fastPixelKernels } = await import("./fast-pixel-kernels.js");
  const { plainPixelKernels } = await import("./plain-pixel-kernels.js");
  return { fastPixelKernels, plainPixelKernels };
}

it("are compiled once where that is possible", async () => {
  const { fastPixelKernels, plainPixelKernels } = await fresh();
  expect(fastPixelKernels()).not.toBe(plainPixelKernels);
  expect(fastPixelKernels()).toBe(fastPixelKernels());
});

it("are plain without WebAssembly, or without its vector instructions", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  const none = await fresh();
  expect(none.fastPixelKernels()).toBe(none.plainPixelKernels);
  vi.unstubAllGlobals();
  class Module {
    constructor() {
      throw new Error("Invalid opcode 0xfd");
    }
  }
  vi.stubGlobal("WebAssembly", { ...WebAssembly, Memory: WebAssembly.Memory, Module });
  const old = await fresh();
  expect(old.fastPixelKernels()).toBe(old.plainPixelKernels);
});
