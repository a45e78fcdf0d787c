import { afterEach, expect, it, vi } from "vitest";
import { hasSimd } from "./has-simd.js";

afterEach(() => vi.unstubAllGlobals());

it("is true where kernels can be compiled", () => expect(hasSimd()).toBe(true));

it("is false without WebAssembly", () => {
  vi.stubGlobal("WebAssembly", undefined);
  expect(hasSimd()).toBe(false);
});

it("is false where WebAssembly has no SIMD", async () => {
  const { Memory, Instance } = WebAssembly;
  class Module {
    constructor() {
      throw new Error("invalid opcode");
    }
  }
  vi.stubGlobal("WebAssembly", { Memory, Instance, Module });
  vi.resetModules();
  const fresh = await import("./has-simd.js");
  expect(fresh.hasSimd()).toBe(false);
});
