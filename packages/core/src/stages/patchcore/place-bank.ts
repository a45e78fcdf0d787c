/** A memory bank where compiled kernels can reach it. */
import type { Arena } from "../../kernels/arena.js";
import type { PatchBank } from "./patch-bank.js";

/**
 * The bank as it is when its arrays are in the arena's memory already (in whatever part of it); else a copy there, which
 * takes `bankBytes`. Pictures and places of the rows stay where they are: no kernel reads them.
 */
export function placeBank(bank: PatchBank, arena: Arena): PatchBank {
  const { data, scale, norms } = bank;
  if ([data, scale ?? data, norms].every(({ buffer }) => buffer === arena.buffer)) return bank;
  const entries = data instanceof Int8Array ? arena.int8(data.length) : arena.float32(data.length);
  entries.set(data);
  return { ...bank, data: entries, scale: scale && floatsIn(arena, scale), norms: floatsIn(arena, norms) };
}

function floatsIn(arena: Arena, values: Float32Array): Float32Array {
  const copy = arena.float32(values.length);
  copy.set(values);
  return copy;
}
