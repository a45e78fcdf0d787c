import { describe, expect, it } from "vitest";
import { ALIGNMENT, arenaOver, bufferOf, createArena, createKernelMemory } from "./arena.js";

describe("an arena", () => {
  it("hands out zeroed arrays that stand apart, at cache lines", () => {
    const arena = createArena(4096);
    const arrays = [
      arena.uint8(3),
      arena.int8(5),
      arena.int16(7),
      arena.int32(1),
      arena.float32(9),
      arena.float64(2),
    ];
    let end = ALIGNMENT;
    for (const array of arrays) {
      expect(array.buffer).toBe(arena.buffer);
      expect(array.byteOffset % ALIGNMENT).toBe(0);
      expect(array.byteOffset).toBeGreaterThanOrEqual(end);
      expect(array.every((value) => value === 0)).toBe(true);
      array.fill(1);
      end = array.byteOffset + array.byteLength;
    }
    expect(arrays.map((array) => array.length)).toEqual([3, 5, 7, 1, 9, 2]);
    expect(arrays.every((array) => array.every((value) => value === 1))).toBe(true);
  });

  it("has room for what was asked, counts what is left, and says when it is full", () => {
    const arena = createArena(1000);
    expect(arena.free).toBeGreaterThanOrEqual(1000);
    const before = arena.free;
    arena.float32(16);
    expect(arena.free).toBe(before - 64);
    expect(arena.uint8(900)).toHaveLength(900);
    expect(() => arena.float64(1000)).toThrow(/MEMORY/);
  });

  it("keeps to its part of a memory, so that two threads do not meet", () => {
    const memory = createKernelMemory(1 << 17, true);
    const first = arenaOver(memory, 0, 1 << 16)
      .uint8(1000)
      .fill(1);
    const second = arenaOver(memory, 1 << 16, 1 << 17)
      .uint8(1000)
      .fill(2);
    expect(second.byteOffset).toBe(1 << 16);
    expect(first.every((value) => value === 1)).toBe(true);
    expect(() => arenaOver(memory, 0, 1 << 10).uint8(1 << 12)).toThrow(/MEMORY/);
  });

  it("has the memory for compiled kernels, shared where that is asked for", () => {
    const shared = createKernelMemory(100, true);
    const own = createKernelMemory(100, false);
    expect(bufferOf(shared)).toBeInstanceOf(SharedArrayBuffer);
    expect(bufferOf(own)).toBeInstanceOf(ArrayBuffer);
    expect(arenaOver(shared, 0, 100).memory).toBe(shared);
    expect(arenaOver(own, 0, 100).memory).toBe(own);
  });

  it("works on plain memory too, where there is no WebAssembly", () => {
    const buffer = new ArrayBuffer(4096);
    const arena = arenaOver(buffer, 0, 4096);
    expect(arena.memory).toBeNull();
    expect(arena.float32(4).buffer).toBe(buffer);
    const { WebAssembly: kept } = globalThis;
    try {
      Reflect.set(globalThis, "WebAssembly", undefined);
      expect(createKernelMemory(100, false)).toBeInstanceOf(ArrayBuffer);
      expect(createKernelMemory(100, true)).toBeInstanceOf(SharedArrayBuffer);
      expect(createArena(100).memory).toBeNull();
    } finally {
      Reflect.set(globalThis, "WebAssembly", kept);
    }
  });

  it("refuses more than WebAssembly addresses", () => {
    expect(() => createKernelMemory(2 ** 32, false)).toThrow(/MEMORY/);
    expect(() => createArena(2 ** 40)).toThrow(/MEMORY/);
  });
});
