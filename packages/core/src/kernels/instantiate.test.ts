import { expect, it, vi } from "vitest";
import { arenaOver, createKernelMemory } from "./arena.js";
import { instantiate } from "./instantiate.js";

interface Factorise {
  factorise(matrices: number, channels: number): number;
}

it.each([false, true])("binds a module to a memory (shared: %s) that arrays are views of", (shared) => {
  const memory = createKernelMemory(4096, shared);
  const arena = arenaOver(memory, 0, 4096);
  const kernels = instantiate<Factorise>(arena.memory);
  const matrices = arena.float64(8).fill(9);
  expect(kernels?.factorise(matrices.byteOffset, 1)).toBe(-1);
  expect([...matrices]).toEqual(new Array(8).fill(3));
});

it("can be bound to one memory several times", () => {
  const { memory } = arenaOver(createKernelMemory(4096, true), 0, 4096);
  expect(instantiate(memory)).not.toBeNull();
  expect(instantiate(memory)).not.toBeNull();
});

it("gives null without a memory and without WebAssembly", () => {
  expect(instantiate(null)).toBeNull();
  const { memory } = arenaOver(createKernelMemory(4096, false), 0, 4096);
  vi.stubGlobal("WebAssembly", undefined);
  expect(instantiate(memory)).toBeNull();
  vi.unstubAllGlobals();
});

it("gives null where the module is refused, as by an engine without vector instructions", async () => {
  class Module {
    constructor() {
      throw new Error("Invalid opcode 0xfd");
    }
  }
  vi.resetModules();
  const { memory } = arenaOver(createKernelMemory(4096, false), 0, 4096);
  vi.stubGlobal("WebAssembly", { ...WebAssembly, Module });
  const fresh = await import("./instantiate.js");
  expect(fresh.instantiate(memory)).toBeNull();
  vi.unstubAllGlobals();
});
