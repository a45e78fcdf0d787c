/** The head kernels compiled to WebAssembly with SIMD (`assembly/`): the same bytes as the plain ones. */
import { ALIGNMENT, type Arena } from "./arena.js";
import { instantiate } from "./instantiate.js";
import {
  BLOCK_CELLS,
  type BlockPlace,
  GROUP_ROWS,
  type HeadKernels,
  nextPlace,
  type PackedFactors,
  storedBlock,
} from "./packed-factors.js";
import { plainHeadKernels } from "./plain-head-kernels.js";

interface Exports {
  distancesFloat32(
    factor: number,
    end: number,
    linkedGroups: number,
    order: number,
    mean: number,
    embedding: number,
    cells: number,
    channels: number,
    scratch: number,
    out: number,
    from: number,
    to: number,
  ): void;
  distancesInt16: IntegerDistances;
  distancesInt8: IntegerDistances;
  factorise(matrices: number, channels: number): number;
}

type IntegerDistances = (
  factor: number,
  end: number,
  linkedGroups: number,
  order: number,
  mean: number,
  scale: number,
  embedding: number,
  cells: number,
  channels: number,
  scratch: number,
  out: number,
  from: number,
  to: number,
) => void;

/** Bytes that the kernels take of their arena for heads with so many channels. */
export function headKernelBytes(channels: number): number {
  return scratchBytes(channels) + ALIGNMENT;
}

/** A block's deltas, the same in the block's order, and its results. */
function scratchBytes(channels: number): number {
  const rows = GROUP_ROWS * Math.ceil(channels / GROUP_ROWS);
  return (2 * rows + 1) * BLOCK_CELLS * 4;
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
  const placesOf = rememberPlaces();
  const isHere = (array: ArrayBufferView | null) => !array?.byteLength || array.buffer === arena.buffer;
  return {
    squaredDistances(head, embedding, out, from = 0, to = Math.ceil(head.cells / BLOCK_CELLS)) {
      if (![...arraysOf(head), embedding, out].every(isHere)) {
        plainHeadKernels.squaredDistances(head, embedding, out, from, to);
        return;
      }
      const needed = scratchBytes(head.channels);
      if (scratch.length < needed) scratch = arena.uint8(needed);
      const places = placesOf(head);
      const work = [embedding.byteOffset, scratch.byteOffset, out.byteOffset] as const;
      // One block at a time begins at the same numbers again and again.
      const step = head.shared === true ? 1 : to - from;
      for (let block = from; block < to; block += step)
        measure(compiled, head, places, work, block, block + step);
    },
    factorise(matrices, channels) {
      return isHere(matrices)
        ? compiled.factorise(matrices.byteOffset, channels)
        : plainHeadKernels.factorise(matrices, channels);
    },
  };
}

function arraysOf({ mean, linkedGroups, order, factor, scale }: PackedFactors): (ArrayBufferView | null)[] {
  return [mean, linkedGroups, order, factor, scale];
}

/** Where the blocks of a head begin, and where they end; counted again only when another head comes. */
function rememberPlaces(): (head: PackedFactors) => readonly BlockPlace[] {
  let known: PackedFactors | null = null;
  let places: BlockPlace[] = [];
  return (head) => {
    if (head !== known) {
      known = head;
      places = [{ factor: 0, order: 0 }];
      for (const groups of head.linkedGroups)
        places.push(nextPlace(head.channels, groups, places[places.length - 1]));
    }
    return places;
  };
}

/** The kernels begin at the first block that they are given: its arrays are pointed to, embedding and results whole. */
function measure(
  compiled: Exports,
  head: PackedFactors,
  places: readonly BlockPlace[],
  [embedding, scratch, out]: readonly [number, number, number],
  from: number,
  to: number,
): void {
  const { channels, cells, mean, linkedGroups, order, factor, scale } = head;
  const stored = storedBlock(head, from);
  const [start, end] = [places[stored], places[stored + to - from]];
  const rows = GROUP_ROWS * Math.ceil(channels / GROUP_ROWS);
  const factors = factor.byteOffset + start.factor * factor.BYTES_PER_ELEMENT;
  const factorEnd = factor.byteOffset + end.factor * factor.BYTES_PER_ELEMENT;
  const groups = linkedGroups.byteOffset + 2 * stored;
  const orders = order.byteOffset + 2 * start.order;
  const means = mean.byteOffset + 4 * stored * BLOCK_CELLS * channels;
  const blocks = [embedding, cells, channels, scratch, out, from, to] as const;
  if (scale === null) {
    compiled.distancesFloat32(factors, factorEnd, groups, orders, means, ...blocks);
    return;
  }
  const scales = scale.byteOffset + 4 * stored * BLOCK_CELLS * rows;
  const distances = factor instanceof Int16Array ? compiled.distancesInt16 : compiled.distancesInt8;
  distances(factors, factorEnd, groups, orders, means, scales, ...blocks);
}
