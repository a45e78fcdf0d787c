/** Anomalib's image score of a memory bank as ONNX nodes: what `stages/patchcore/reweighted-score.ts` computes. */
import type { StoredHead } from "../../bundle/model-file.js";
import type { GraphBuilder } from "./graph-builder.js";

/** What a detector found, by the names of its values. */
export interface FoundPatches {
  /** `[batch, channels, cells]`. */
  readonly embedding: string;
  /** `[batch, cells]`. */
  readonly distances: string;
  /** Of a bank: its rows `[rows, channels]` and the nearest of each patch `[batch, cells]`; null for Gaussians. */
  readonly bank: { readonly rows: string; readonly nearest: string; readonly lengths: string } | null;
  readonly head: StoredHead;
}

/** @returns the score `[1, 1]`: of one picture, because its hottest patch is looked up. */
export function reweightedNodes(
  builder: GraphBuilder,
  { embedding, distances, bank, head }: FoundPatches,
  neighbours: number,
): string {
  const highest = builder.reduce("Max", distances, [1], true);
  const count = head.kind === "patchcore" ? Math.min(neighbours, head.bank.rows) : 1;
  if (bank === null || count === 1) return highest;
  const cell = builder.add("ArgMax", [distances], { axis: 1, keepdims: 0 });
  const own = builder.add("Gather", [builder.add("Reshape", [bank.nearest, builder.ints([-1])]), cell], {
    axis: 0,
  });
  const row = builder.add("Gather", [bank.rows, own], { axis: 0 });
  const near = nearestRows(builder, bank, row, count);
  const crowd = builder.add("Gather", [bank.rows, near], { axis: 0 });
  const patch = builder.add("Gather", [builder.add("Transpose", [embedding], { perm: [0, 2, 1] }), cell], {
    axis: 1,
  });
  const difference = builder.add("Sub", [crowd, builder.add("Reshape", [patch, builder.ints([1, -1])])]);
  const squares = builder.add("Mul", [difference, difference]);
  const lengths = builder.add("Sqrt", [builder.reduce("Sum", squares, [1], false)]);
  const shares = builder.add("Softmax", [lengths], { axis: 0 });
  const first = builder.add("Gather", [shares, builder.ints([0])], { axis: 0 });
  const weight = builder.add("Sub", [builder.floats([], [1]), first]);
  return builder.add("Mul", [highest, builder.add("Reshape", [weight, builder.ints([1, 1])])]);
}

/** Indices of the rows nearest to a row `[1, channels]`, the nearest first. */
function nearestRows(
  builder: GraphBuilder,
  { rows, lengths }: NonNullable<FoundPatches["bank"]>,
  row: string,
  count: number,
): string {
  const products = builder.add("MatMul", [rows, builder.add("Transpose", [row], { perm: [1, 0] })]);
  const partial = builder.add("Sub", [lengths, builder.add("Mul", [products, builder.floats([], [2])])]);
  const flat = builder.add("Reshape", [partial, builder.ints([-1])]);
  const [, found] = builder.addMany(
    "TopK",
    [flat, builder.ints([count])],
    { axis: 0, largest: 0, sorted: 1 },
    2,
  );
  return found as string;
}
