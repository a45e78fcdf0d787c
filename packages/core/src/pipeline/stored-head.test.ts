import { afterEach, describe, expect, it, vi } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { detectorsOf } from "../bundle/detectors-of.js";
import type { StoredHead } from "../bundle/model-file.js";
import { ALIGNMENT, arenaOver, createArena, createKernelMemory } from "../kernels/arena.js";
import { seededRandom } from "../random.js";
import { unpackFactor } from "../stages/padim/unpack-factor.js";
import { patchDistances } from "../stages/patchcore/patch-distances.js";
import { reweightedScore } from "../stages/patchcore/reweighted-score.js";
import { headArrayBytes, headWorkBytes, placeHead } from "./stored-head.js";

afterEach(() => vi.unstubAllGlobals());

/** Every kind of head on every grid of the small fusions. */
const HEADS = (["float32", "int8"] as const).flatMap((bank) => {
  const { manifest, detectors } = smallFusion({ bank, twoInputs: true });
  return detectorsOf(manifest).map((one, i) => {
    const { head } = detectors[i]!;
    const kind = head.kind === "padim" ? "padim" : `patchcore ${bank}`;
    return { name: `${kind} on ${one.grid.width} × ${one.grid.height}`, manifest: one, head };
  });
});

const embeddingOf = (length: number, seed: number) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => 2 * random.normal());
};

/** Distances as their definitions say. */
function plainDistances(head: StoredHead, embedding: Float32Array, cells: number): number[] {
  const patch = (cell: number) => [embedding[cell]!, embedding[cells + cell]!];
  return Array.from({ length: cells }, (_, cell) => {
    const [x, y] = patch(cell) as [number, number];
    if (head.kind === "patchcore") {
      const { rows, data, scale } = head.bank;
      const value = (row: number, d: number) => data[2 * row + d]! * (scale?.[row] ?? 1);
      const far = Array.from({ length: rows }, (_, row) => Math.hypot(x - value(row, 0), y - value(row, 1)));
      return Math.min(...far);
    }
    const { mean } = head.gaussians;
    const first = Math.floor(cell / 8) * 16 + (cell % 8);
    const [u, v] = [x - mean[first]!, y - mean[first + 8]!];
    const [a, b, c] = unpackFactor(head.gaussians, cell) as unknown as [number, number, number];
    return Math.hypot(a * u, b * u + c * v);
  });
}

describe("placeHead", () => {
  it.each(HEADS)("measures what the head defines, again and again: $name", ({ manifest, head }) => {
    const cells = manifest.grid.width * manifest.grid.height;
    const placed = placeHead(head, manifest, createArena(headWorkBytes(manifest) + headArrayBytes(head)));
    expect(placed.embedding).toHaveLength(2 * cells);
    for (const seed of [1, 2, 1]) {
      const embedding = embeddingOf(2 * cells, seed);
      placed.embedding.set(embedding);
      const expected = plainDistances(head, embedding, cells);
      // A distance of int8 rows is measured by squares of numbers up to 10.
      placed.distances().forEach((distance, cell) => {
        expect(Math.abs(distance - expected[cell]!)).toBeLessThan(2e-3 + 1e-4 * expected[cell]!);
      });
    }
  });

  it.each(HEADS)("gives the same bytes without compiled kernels: $name", ({ manifest, head }) => {
    const distances = () => {
      const bytes = headWorkBytes(manifest) + headArrayBytes(head);
      const placed = placeHead(head, manifest, createArena(bytes));
      placed.embedding.set(embeddingOf(placed.embedding.length, 5));
      return placed.distances().slice();
    };
    const found = distances();
    vi.stubGlobal("WebAssembly", undefined);
    expect(distances()).toEqual(found);
  });

  it.each(HEADS)("uses a head in place that lies in the arena's memory: $name", ({ manifest, head }) => {
    const [forHead, forWork] = [headArrayBytes(head) + ALIGNMENT, headWorkBytes(manifest)];
    const memory = createKernelMemory(forHead + forWork, true);
    const inMemory = copied(head, memory, forHead);
    const placed = placeHead(inMemory, manifest, arenaOver(memory, forHead, forHead + forWork));
    placed.embedding.set(embeddingOf(placed.embedding.length, 3));
    const own = placeHead(head, manifest, createArena(forHead + forWork));
    own.embedding.set(placed.embedding);
    expect(placed.distances()).toEqual(own.distances());
  });

  it.each(["float32", "int8"] as const)(
    "gives Anomalib's image score of a bank in %s, where it is wanted",
    (bank) => {
      const { manifest, head } = HEADS.find(({ name }) => name.startsWith(`patchcore ${bank}`))!;
      if (head.kind !== "patchcore" || manifest.head.kind !== "patchcore") throw new Error("a bank");
      expect(placeHead(head, manifest, createArena(1 << 20)).score).toBeUndefined();
      const weighed = { ...manifest, head: { ...manifest.head, neighbours: 5 } };
      const placed = placeHead(head, weighed, createArena(headWorkBytes(weighed) + headArrayBytes(head)));
      const cells = manifest.grid.width * manifest.grid.height;
      for (const seed of [4, 7, 4]) {
        placed.embedding.set(embeddingOf(2 * cells, seed));
        const distances = placed.distances().slice();
        const search = patchDistances(head.bank, cells, createArena(1 << 20));
        search.embedding.set(placed.embedding);
        search.distances();
        const weigh = reweightedScore(head.bank, 5, createArena(1 << 20));
        const expected = weigh({ embedding: placed.embedding, distances, nearest: search.nearest() });
        expect(placed.score?.()).toBe(expected);
        expect(expected).toBeGreaterThan(0);
        expect(expected).toBeLessThan(Math.max(...distances));
      }
    },
  );

  it.each(HEADS)("refuses an arena without room: $name", ({ manifest, head }) => {
    const none = arenaOver(createKernelMemory(0, false), 0, 64);
    expect(() => placeHead(head, manifest, none)).toThrow(/MEMORY/);
  });
});

/** The head with its large arrays at the start of a memory. */
function copied(head: StoredHead, memory: ReturnType<typeof createKernelMemory>, bytes: number): StoredHead {
  const arena = arenaOver(memory, 0, bytes);
  const floats = (values: Float32Array) => {
    const copy = arena.float32(values.length);
    copy.set(values);
    return copy;
  };
  if (head.kind === "padim") {
    const { mean, factor } = head.gaussians;
    const gaussians = { ...head.gaussians, mean: floats(mean), factor: floats(factor as Float32Array) };
    return { ...head, gaussians };
  }
  const { data, scale, norms } = head.bank;
  const entries = data instanceof Int8Array ? arena.int8(data.length) : arena.float32(data.length);
  entries.set(data);
  const bank = { ...head.bank, data: entries, scale: scale && floats(scale), norms: floats(norms) };
  return { ...head, bank };
}
