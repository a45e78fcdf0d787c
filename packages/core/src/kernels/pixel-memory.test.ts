import { expect, it } from "vitest";
import { MARGIN, reserve, STRIP_BYTES, stripRows } from "./pixel-memory.js";

const fresh = () => new WebAssembly.Memory({ initial: 1 });

it("places parts behind each other with a margin, away from address 0", () => {
  const sizes = [1, 64, 100, 0];
  const places = reserve(fresh(), sizes)!;
  let free = 64;
  places.forEach((place, part) => {
    expect(place % 64).toBe(0);
    expect(place).toBeGreaterThanOrEqual(free);
    free = place + sizes[part]! + MARGIN;
  });
});

it("grows as far as needed and refuses what is too large", () => {
  const memory = fresh();
  expect(reserve(memory, [65_536])).not.toBeNull();
  expect(memory.buffer.byteLength).toBe(2 * 65_536);
  expect(reserve(memory, [1 << 25])).toBeNull();
  expect(memory.buffer.byteLength).toBe(2 * 65_536);
});

it("does without where the memory cannot grow", () => {
  expect(reserve(new WebAssembly.Memory({ initial: 1, maximum: 1 }), [65_536])).toBeNull();
});

it("makes strips of whole rows, at least one", () => {
  expect(stripRows(1000)).toBe(Math.floor(STRIP_BYTES / 1000));
  expect(stripRows(STRIP_BYTES + 1)).toBe(1);
});
