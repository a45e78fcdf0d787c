/** Packed Gaussians where compiled kernels can reach them. */
import type { Arena } from "../../kernels/arena.js";
import { ALIGNMENT } from "../../kernels/arena.js";
import type { PackedGaussians } from "./packed-gaussians.js";

/** The head as it is when its arrays are in the arena's memory already (in whatever part of it); else a copy there. */
export function placeGaussians(head: PackedGaussians, arena: Arena): PackedGaussians {
  const { mean, factor, scale } = head;
  if (factor.buffer === arena.buffer) return head;
  return {
    ...head,
    mean: floatsIn(arena, mean),
    factor: factorIn(arena, factor),
    scale: scale && floatsIn(arena, scale),
  };
}

/** Bytes that a copy of the head takes in an arena. */
export function headBytes({ mean, factor, scale }: PackedGaussians): number {
  return mean.byteLength + factor.byteLength + (scale?.byteLength ?? 0) + 3 * ALIGNMENT;
}

function factorIn(arena: Arena, factor: PackedGaussians["factor"]): PackedGaussians["factor"] {
  if (factor instanceof Float32Array) return floatsIn(arena, factor);
  const copy = factor instanceof Int16Array ? arena.int16(factor.length) : arena.int8(factor.length);
  copy.set(factor);
  return copy;
}

function floatsIn(arena: Arena, values: Float32Array): Float32Array {
  const copy = arena.float32(values.length);
  copy.set(values);
  return copy;
}
