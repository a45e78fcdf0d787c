/** The head kernels compiled to WebAssembly with SIMD (`assembly/`): the same bytes as the plain ones. */
import { ALIGNMENT, type Arena } from "./arena.js";
import { instantiate } from "./instantiate.js";
import { BLOCK_CELLS, GROUP_ROWS, type HeadKernels, type PackedFactors } from "./packed-factors.js";
import { plainHeadKernels } from "./plain-head-kernels.js";

interface Exports {
  distancesFloat32(
    factor: number,
    mean: number,
    embedding: number,
    cells: number,
    channels: number,
    scratch: number,
    out: number,
  ): void;
  distancesInt16: IntegerDistances;
  distancesInt8: IntegerDistances;
  factorise(matrices: number, channels: number): number;
}

type IntegerDistances = (
  factor: number,
  mean: number,
  scale: number,
  embedding: number,
  cells: number,
  channels: number,
  scratch: number,
  out: number,
) => void;

/** Bytes that the kernels take of their arena for heads with so many channels. */
export function headKernelBytes(channels: number): number {
  return scratchBytes(channels) + ALIGNMENT;
}

/** A block's deltas as float32 and as 16-bit integers, and its results. */
function scratchBytes(channels: number): number {
  const rows = GROUP_ROWS * Math.ceil(channels / GROUP_ROWS);
  return rows * BLOCK_CELLS * (4 + 2) + BLOCK_CELLS * 4;
}

/**
 * Compiled kernels for arrays in the arena's memory, in whatever part of it. Arrays that are elsewhere are left to the
 * plain kernels. Room of `headKernelBytes` is taken from the arena when a head with more channels than before comes.
 * @returns null where WebAssembly with SIMD is missing.
 */
export function wasmHeadKernels(arena: Arena): HeadKernels | null {
  const compiled = instantiate<Exports>(arena.memory);
  if (compiled === null) return null;
  let scratch = arena.uint8(0);
  const isHere = (array: ArrayBufferView | null) => array === null || array.buffer === arena.buffer;
  return {
    squaredDistances(head, embedding, out) {
      if (![head.mean, head.factor, head.scale, embedding, out].every(isHere)) {
        plainHeadKernels.squaredDistances(head, embedding, out);
        return;
      }
      const needed = scratchBytes(head.channels);
      if (scratch.length < needed) scratch = arena.uint8(needed);
      measure(compiled, head, embedding.byteOffset, scratch.byteOffset, out.byteOffset);
    },
    factorise(matrices, channels) {
      return isHere(matrices)
        ? compiled.factorise(matrices.byteOffset, channels)
        : plainHeadKernels.factorise(matrices, channels);
    },
  };
}

function measure(
  compiled: Exports,
  head: PackedFactors,
  embedding: number,
  scratch: number,
  out: number,
): void {
  const { channels, cells, factor, scale } = head;
  const mean = head.mean.byteOffset;
  if (scale === null) {
    compiled.distancesFloat32(factor.byteOffset, mean, embedding, cells, channels, scratch, out);
    return;
  }
  const distances = factor instanceof Int16Array ? compiled.distancesInt16 : compiled.distancesInt8;
  distances(factor.byteOffset, mean, scale.byteOffset, embedding, cells, channels, scratch, out);
}
