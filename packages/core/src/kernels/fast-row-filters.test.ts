import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function fresh() {
  vi.resetModules();
  const { fastRowFilters } = await import("./fast-row-filters.js");
  const { plainRowFilters } = await import("./plain-row-filters.js");
  return { fastRowFilters, plainRowFilters };
}

it("are compiled once where that is possible", async () => {
  const { fastRowFilters, plainRowFilters } = await fresh();
  expect(fastRowFilters()).not.toBe(plainRowFilters);
  expect(fastRowFilters()).toBe(fastRowFilters());
});

it("are plain without WebAssembly, or without its vector instructions", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  const none = await fresh();
  expect(none.fastRowFilters()).toBe(none.plainRowFilters);
  vi.unstubAllGlobals();
  class Module {
    constructor() {
      throw new Error("Invalid opcode 0xfd");
    }
  }
  vi.stubGlobal("WebAssembly", { ...WebAssembly, Memory: WebAssembly.Memory, Module });
  const old = await fresh();
  expect(old.fastRowFilters()).toBe(old.plainRowFilters);
});
