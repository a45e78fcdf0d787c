import { describe, expect, it } from "vitest";
import type { EmbeddedPicture } from "./embedder.js";
import { keepEmbeddings, keptCount } from "./kept-embeddings.js";

const picture = (index: number) => ({ sha256: String(index) }) as EmbeddedPicture;

/** Which pictures are kept. */
function indices(count: number, pictures: number): number[] {
  const kept = keepEmbeddings(count, pictures);
  const all = Array.from({ length: pictures }, (_, index) => index);
  for (const index of all) kept.keep(index, picture(index));
  // A second offer changes nothing: what was kept first stays.
  for (const index of all) kept.keep(index, picture(-1));
  const there = () => all.filter((index) => kept.get(index)?.sha256 === String(index));
  expect(all.filter((index) => kept.get(index) !== null)).toEqual(there());
  return there();
}

describe("keepEmbeddings", () => {
  it("keeps as many as it should, spread over all, and gives each as often as it is wanted", () => {
    expect(indices(0, 5)).toEqual([]);
    expect(indices(5, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(indices(2, 6)).toEqual([2, 5]);
    for (const [count, pictures] of [
      [91, 209],
      [1, 7],
      [208, 209],
    ] as const)
      expect(indices(count, pictures)).toHaveLength(count);
  });

  it("keeps no more than fit into the memory, and no more than there are", () => {
    expect(keptCount(1000, 300, 50)).toBe(3);
    expect(keptCount(1000, 300, 2)).toBe(2);
    expect(keptCount(1000, 3000, 2)).toBe(0);
  });
});
