/** Lays out rounded whitening factors block by block, each cell's linked channels first (`packed-gaussians.ts`). */
import { blockEntries } from "../../kernels/packed-factors.js";
import {
  BLOCK_CELLS,
  entryIndex,
  entryStep,
  type FactorPrecision,
  GROUP_ROWS,
  groupCount,
  type PackedGaussians,
  packedRows,
} from "./packed-gaussians.js";
import { type StoredEntries, storedEntries } from "./round-block.js";
import { triangleRows } from "./tiles.js";

/** Takes one block after the other. */
export interface FactorPacker {
  /** @param triangles entries as they are stored, packed lower triangles `[channels(channels+1)/2, 8]`. */
  add(triangles: StoredEntries): void;
  /** The arrays of all blocks; nothing can be added afterwards. */
  finish(): Pick<PackedGaussians, "linkedGroups" | "order" | "factor">;
}

/**
 * Channels are put in another order only where no more than this share of the triangle remains: where nearly all is
 * linked, to look up the order takes longer than to read the zeros.
 */
const LARGEST_SHARE = 0.9;

/** A packer for so many blocks. */
export function factorPacker(channels: number, blocks: number, precision: FactorPrecision): FactorPacker {
  const linkedGroups = new Int16Array(blocks);
  // Room for the worst case: memory that is never written to is never taken from the machine.
  const order = new Int16Array(blocks * channels * BLOCK_CELLS);
  const factor = storedEntries(precision, blocks * packedRows(channels) * BLOCK_CELLS);
  const all = groupCount(channels);
  const linked = new Uint8Array(channels * BLOCK_CELLS);
  const own = Int16Array.from(linked, (_, at) => Math.floor(at / BLOCK_CELLS));
  let [block, ordersEnd, factorEnd] = [0, 0, 0];
  return {
    add(triangles) {
      findLinked(triangles, channels, linked);
      const counts = countLinked(linked);
      const groups = groupCount(Math.max(...counts));
      const whole = groups * (groups + 1) > LARGEST_SHARE * all * (all + 1);
      linkedGroups[block] = whole ? all : groups;
      const entries = blockEntries(channels, linkedGroups[block]) * BLOCK_CELLS;
      const to = factor.subarray(factorEnd, factorEnd + entries);
      const orders = order.subarray(ordersEnd, ordersEnd + own.length);
      if (!whole) {
        orderChannels(linked, counts, orders);
        ordersEnd += own.length;
      }
      const most = whole ? counts.fill(channels) : counts;
      writeBlock(precision, triangles, whole ? own : orders, most, GROUP_ROWS * linkedGroups[block], to);
      block++;
      factorEnd += entries;
    },
    finish: () => ({
      linkedGroups,
      order: order.length === ordersEnd ? order : order.slice(0, ordersEnd),
      factor: factor.length === factorEnd ? factor : factor.slice(0, factorEnd),
    }),
  };
}

/** 1 for the channels of cells that have an entry besides their diagonal in a row or column, else 0: `[channels, 8]`. */
function findLinked(triangles: StoredEntries, channels: number, linked: Uint8Array): void {
  // Bits of all entries of a row or column, whole words at a time; −0 is no entry.
  const words = new Int32Array(triangles.buffer, triangles.byteOffset, triangles.byteLength / 4);
  const step = (BLOCK_CELLS * triangles.BYTES_PER_ELEMENT) / 4;
  const mask = triangles instanceof Float32Array ? 0x7fffffff : -1;
  const bits = new Int32Array(channels * step);
  for (let i = 0, at = 0; i < channels; i++, at += step) {
    const row = i * step;
    for (let column = 0; column < row; column += step)
      for (let word = 0; word < step; word++, at++) {
        const found = words[at] & mask;
        bits[column + word] |= found;
        bits[row + word] |= found;
      }
  }
  const places = viewOf(bits, triangles);
  for (let at = 0; at < linked.length; at++) linked[at] = Number(places[at] !== 0);
}

/** The same bytes as whole numbers of the size that the entries have. */
function viewOf({ buffer }: Int32Array, entries: StoredEntries): Int32Array | Int16Array | Int8Array {
  if (entries instanceof Float32Array) return new Int32Array(buffer);
  return entries instanceof Int16Array ? new Int16Array(buffer) : new Int8Array(buffer);
}

function countLinked(linked: Uint8Array): number[] {
  const counts = new Array<number>(BLOCK_CELLS).fill(0);
  for (let at = 0; at < linked.length; at++) counts[at % BLOCK_CELLS] += linked[at];
  return counts;
}

/** Linked channels, ascending, and behind them the others. */
function orderChannels(linked: Uint8Array, counts: readonly number[], order: Int16Array): void {
  const next = [counts.map(() => 0), [...counts]];
  for (let at = 0; at < linked.length; at++) {
    const lane = at % BLOCK_CELLS;
    const rank = next[1 - linked[at]][lane]++;
    order[rank * BLOCK_CELLS + lane] = Math.floor(at / BLOCK_CELLS);
  }
}

/**
 * Writes the factors of a block.
 * @param order `[channels, 8]`.
 * @param counts how many channels of each cell are linked.
 * @param rows of the block's triangle.
 * @param to the block's entries, zeros.
 */
function writeBlock(
  precision: FactorPrecision,
  triangles: StoredEntries,
  order: Int16Array,
  counts: readonly number[],
  rows: number,
  to: StoredEntries,
): void {
  const channels = order.length / BLOCK_CELLS;
  const step = entryStep(precision);
  const columns = Int32Array.from({ length: rows }, (_, column) => entryIndex(precision, 0, column));
  const rest = entryIndex(precision, rows, 0);
  // Places of columns in a row of the triangles, cell by cell: `[8, channels]`.
  const from = new Int32Array(order.length);
  for (let at = 0; at < from.length; at++)
    from[(at % BLOCK_CELLS) * channels + Math.floor(at / BLOCK_CELLS)] = order[at] * BLOCK_CELLS;
  for (let i = 0; i < channels; i++) {
    const place = entryIndex(precision, i, 0);
    for (let lane = 0; lane < BLOCK_CELLS; lane++) {
      const first = lane * channels;
      const row = triangleRows(order[i * BLOCK_CELLS + lane]) * BLOCK_CELLS + lane;
      const start = place + lane * step;
      if (i < counts[lane])
        for (let j = 0; j <= i; j++) to[start + columns[j]] = triangles[row + from[first + j]];
      else {
        const diagonal = i < rows ? start + columns[i] : rest + (i - rows) * BLOCK_CELLS + lane;
        to[diagonal] = triangles[row + from[first + i]];
      }
    }
  }
}
