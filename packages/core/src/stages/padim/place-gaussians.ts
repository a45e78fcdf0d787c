/** Packed Gaussians where compiled kernels can reach them. */
import type { Arena } from "../../kernels/arena.js";
import { ALIGNMENT } from "../../kernels/arena.js";
import type { PackedGaussians } from "./packed-gaussians.js";

/** The head as it is when its arrays are in the arena's memory already (in whatever part of it); else a copy there. */
export function placeGaussians(head: PackedGaussians, arena: Arena): PackedGaussians {
  const { mean, linkedGroups, order, factor, scale } = head;
  if (factor.buffer === arena.buffer) return head;
  return {
    ...head,
    mean: floatsIn(arena, mean),
    linkedGroups: wholeIn(arena, linkedGroups),
    order: wholeIn(arena, order),
    factor: factorIn(arena, factor),
    scale: scale && floatsIn(arena, scale),
  };
}

/** Bytes that a copy of the head takes in an arena. */
export function placedGaussianBytes({ mean, linkedGroups, order, factor, scale }: PackedGaussians): number {
  const orders = linkedGroups.byteLength + order.byteLength;
  return mean.byteLength + orders + factor.byteLength + (scale?.byteLength ?? 0) + 5 * ALIGNMENT;
}

function factorIn(arena: Arena, factor: PackedGaussians["factor"]): PackedGaussians["factor"] {
  if (factor instanceof Float32Array) return floatsIn(arena, factor);
  if (factor instanceof Int16Array) return wholeIn(arena, factor);
  const copy = arena.int8(factor.length);
  copy.set(factor);
  return copy;
}

function wholeIn(arena: Arena, values: Int16Array): Int16Array {
  const copy = arena.int16(values.length);
  copy.set(values);
  return copy;
}

function floatsIn(arena: Arena, values: Float32Array): Float32Array {
  const copy = arena.float32(values.length);
  copy.set(values);
  return copy;
}
