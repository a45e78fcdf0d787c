import { describe, expect, it } from "vitest";
import { arenaOver, createArena, createKernelMemory } from "../../kernels/arena.js";
import { bankBytes, makePatchBank } from "./patch-bank.js";
import { placeBank } from "./place-bank.js";

const bankOf = (precision: "float32" | "int8") =>
  makePatchBank(
    Float32Array.from({ length: 55 }, (_, i) => i - 20),
    5,
    new Int32Array(11).fill(1),
    Int32Array.from({ length: 11 }, (_, i) => i),
    precision,
  );

describe("placeBank", () => {
  it.each(["float32", "int8"] as const)(
    "copies %s arrays that are elsewhere, in the room foretold",
    (precision) => {
      const bank = bankOf(precision);
      const arena = createArena(bankBytes(bank));
      const placed = placeBank(bank, arena);
      expect(placed).toEqual(bank);
      const arrays = [placed.data, placed.norms, placed.scale ?? placed.data];
      expect(arrays.every(({ buffer }) => buffer === arena.buffer)).toBe(true);
      expect(arena.free).toBeLessThan(3 * 64 + 1);
    },
  );

  it("leaves arrays alone that are in the memory already, in whatever part of it", () => {
    const memory = createKernelMemory(20_000, true);
    const bank = placeBank(bankOf("int8"), arenaOver(memory, 0, 10_000));
    const other = arenaOver(memory, 10_000, 20_000);
    const { free } = other;
    expect(placeBank(bank, other)).toBe(bank);
    expect(other.free).toBe(free);
  });
});
