import { describe, expect, it } from "vitest";
import { emptyHead } from "../../../../../tests/support/packed-heads.js";
import { arenaOver, createArena, createKernelMemory } from "../../kernels/arena.js";
import { placedGaussianBytes, placeGaussians } from "./place-gaussians.js";

describe("placeGaussians", () => {
  it.each(["float32", "int16", "int8"] as const)(
    "copies %s arrays that are elsewhere, in the room foretold",
    (precision) => {
      const head = { ...emptyHead(5, 11, precision), order: Int16Array.of(1, 2, 3) };
      head.mean.fill(2);
      head.factor.fill(3);
      head.scale?.fill(4);
      const arena = createArena(placedGaussianBytes(head));
      const placed = placeGaussians(head, arena);
      expect(placed).toEqual(head);
      expect(
        [placed.mean, placed.linkedGroups, placed.order, placed.factor, placed.scale ?? placed.mean].every(
          ({ buffer }) => buffer === arena.buffer,
        ),
      ).toBe(true);
      expect(arena.free).toBeLessThan(5 * 64 + 1);
    },
  );

  it("leaves arrays alone that are in the memory already, in whatever part of it", () => {
    const memory = createKernelMemory(100_000, true);
    const head = placeGaussians(emptyHead(5, 11, "int16"), arenaOver(memory, 0, 50_000));
    const other = arenaOver(memory, 50_000, 100_000);
    const { free } = other;
    expect(placeGaussians(head, other)).toBe(head);
    expect(other.free).toBe(free);
  });
});
