/** Vectors → distances as ONNX nodes: what the kernels of the two heads compute, in float32. */

import type { StoredHead } from "../../bundle/model-file.js";
import { BlemishError } from "../../errors.js";
import { meanOf, type PackedGaussians } from "../../stages/padim/packed-gaussians.js";
import { unpackFactor } from "../../stages/padim/unpack-factor.js";
import type { PatchBank } from "../../stages/patchcore/patch-bank.js";
import type { GraphBuilder } from "./graph-builder.js";
import type { FoundPatches } from "./reweighted-nodes.js";

/** @param embedding `[batch, channels, cells]`. @returns distances `[batch, cells]`, and of a bank how they were found. */
export function distanceNodes(
  builder: GraphBuilder,
  embedding: string,
  head: StoredHead,
): Pick<FoundPatches, "distances" | "bank"> {
  return head.kind === "padim"
    ? { distances: padimNodes(builder, embedding, head.gaussians), bank: null }
    : patchcoreNodes(builder, embedding, head.bank);
}

/** d = ‖W·(x − μ)‖, W the factor of each cell: better conditioned than the inverse covariance that Anomalib exports. */
function padimNodes(builder: GraphBuilder, embedding: string, gaussians: PackedGaussians): string {
  if (gaussians.shared === true) return sharedNodes(builder, embedding, gaussians);
  const { channels, cells } = gaussians;
  const mean = builder.floats([channels, cells], meansOf(gaussians));
  const factors = builder.floats([cells, channels, channels], factorsOf(gaussians));
  const difference = builder.add("Sub", [embedding, mean]);
  const columns = builder.add("Transpose", [difference], { perm: [2, 1, 0] });
  const whitened = builder.add("MatMul", [factors, columns]);
  const squares = builder.add("Mul", [whitened, whitened]);
  const sums = builder.reduce("Sum", squares, [1], false);
  return builder.add("Sqrt", [builder.add("Transpose", [sums], { perm: [1, 0] })]);
}

/** The same with one W and μ for all cells. */
function sharedNodes(builder: GraphBuilder, embedding: string, gaussians: PackedGaussians): string {
  const { channels } = gaussians;
  const one = { ...gaussians, cells: 1 };
  const mean = builder.floats([channels, 1], meansOf(one));
  const factor = builder.floats([channels, channels], factorsOf(one));
  const whitened = builder.add("MatMul", [factor, builder.add("Sub", [embedding, mean])]);
  const squares = builder.add("Mul", [whitened, whitened]);
  return builder.add("Sqrt", [builder.reduce("Sum", squares, [1], false)]);
}

/** `[channels, cells]`. */
function meansOf(gaussians: PackedGaussians): Float32Array {
  const { channels, cells } = gaussians;
  const out = new Float32Array(channels * cells);
  for (let cell = 0; cell < cells; cell++)
    for (const [c, value] of meanOf(gaussians, cell).entries()) out[c * cells + cell] = value;
  return out;
}

/** `[cells, channels, channels]`, lower triangles. */
function factorsOf(gaussians: PackedGaussians): Float32Array {
  const { channels, cells } = gaussians;
  const out = new Float32Array(cells * channels * channels);
  for (let cell = 0; cell < cells; cell++) {
    const triangle = unpackFactor(gaussians, cell);
    for (let i = 0, at = 0; i < channels; i++)
      for (let j = 0; j <= i; j++, at++) out[(cell * channels + i) * channels + j] = triangle[at] as number;
  }
  return out;
}

/** The row with the smallest |b|² − 2·x·b, and the distance from that row, computed as a difference: nothing cancels. */
function patchcoreNodes(
  builder: GraphBuilder,
  embedding: string,
  bank: PatchBank,
): Pick<FoundPatches, "distances" | "bank"> {
  const { rows, channels } = bank;
  const data = rowsOf(bank);
  const written = builder.floats([rows, channels], data);
  const lengths = builder.floats([rows, 1], squaredLengths(data, rows, channels));
  const products = builder.add("MatMul", [written, embedding]);
  const partial = builder.add("Sub", [lengths, builder.add("Mul", [products, builder.floats([], [2])])]);
  const nearest = builder.add("ArgMin", [partial], { axis: 1, keepdims: 0 });
  const found = builder.add("Gather", [written, nearest], { axis: 0 });
  const patches = builder.add("Transpose", [embedding], { perm: [0, 2, 1] });
  const difference = builder.add("Sub", [patches, found]);
  const squared = builder.reduce("Sum", builder.add("Mul", [difference, difference]), [2], false);
  return { distances: builder.add("Sqrt", [squared]), bank: { rows: written, nearest, lengths } };
}

/** `[rows, channels]` in float32, as the head's kernel multiplies them. */
export function rowsOf({ rows, channels, data, scale }: PatchBank): Float32Array {
  if (scale === null) {
    if (data instanceof Float32Array) return data;
    throw new BlemishError("MODEL_BROKEN", {
      subject: "The memory bank",
      expected: "scales of its rows",
      found: "none",
    });
  }
  const out = new Float32Array(rows * channels);
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < channels; c++, at++) out[at] = (data[at] as number) * (scale[row] as number);
  return out;
}

function squaredLengths(data: Float32Array, rows: number, channels: number): Float32Array {
  const out = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = row * channels; at < (row + 1) * channels; at++) sum += (data[at] as number) ** 2;
    out[row] = sum;
  }
  return out;
}
