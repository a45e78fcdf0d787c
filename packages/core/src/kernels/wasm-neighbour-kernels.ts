/** A memory bank's kernels compiled to WebAssembly with SIMD (`assembly/`): the same bytes as the plain ones. */
import { ALIGNMENT, type Arena } from "./arena.js";
import { instantiate } from "./instantiate.js";
import {
  type Bank,
  largestWhole,
  MOST_NEIGHBOURS,
  type NeighbourKernels,
  POINT_BLOCK,
} from "./memory-bank.js";
import { plainNeighbourKernels } from "./plain-neighbour-kernels.js";

/** Patches in a panel. */
const PANEL = 8;
/** Bounds for each patch and row (`assembly/tails.ts`). */
const CHECKS = 2;

interface Exports {
  packPanels(patches: number, stride: number, channels: number, cells: number, packed: number): void;
  quantisePanels(
    packed: number,
    channels: number,
    cells: number,
    most: number,
    scales: number,
    out: number,
  ): void;
  widenRows(bank: number, rows: number, channels: number, out: number): void;
  panelTailsFloat32(packed: number, channels: number, cells: number, out: number): void;
  panelTailsInt16(packed: number, channels: number, cells: number, out: number): void;
  rowTailsFloat32(bank: number, rows: number, channels: number, out: number): void;
  rowTailsInt16(bank: number, rows: number, channels: number, out: number): void;
  nearestFloat32(
    bank: number,
    norms: number,
    rows: number,
    channels: number,
    packed: number,
    cells: number,
    rowTails: number,
    patchTails: number,
    k: number,
    best: number,
    index: number,
  ): void;
  nearestInt8(
    bank: number,
    scales: number,
    norms: number,
    rows: number,
    channels: number,
    packed: number,
    patchScales: number,
    cells: number,
    rowTails: number,
    patchTails: number,
    k: number,
    best: number,
    index: number,
  ): void;
  measure(
    bank: number,
    scales: number,
    channels: number,
    packed: number,
    cells: number,
    k: number,
    index: number,
    outIndex: number,
    out: number,
  ): void;
  shorten(points: number, blocks: number, channels: number, centre: number, distances: number): number;
}

/** Bytes that `nearest` takes of its arena, whatever the number of neighbours. */
export function neighbourBytes(
  { rows, channels, scale }: Pick<Bank, "rows" | "channels" | "scale">,
  cells: number,
): number {
  return scratchBytes(rows, channels, scale !== null, cells) + ALIGNMENT;
}

/** Panels of patches; best measures and their rows; tails of both; for int8 patches and rows as int16, and scales. */
function scratchBytes(rows: number, channels: number, whole: boolean, cells: number): number {
  const patches = PANEL * Math.ceil(cells / PANEL);
  const even = channels + (channels % 2);
  const found = 2 * 4 * patches * MOST_NEIGHBOURS;
  const tails = 4 * CHECKS * (patches + rows);
  const integers = whole ? 2 * even * (patches + rows) + 4 * patches : 0;
  return 4 * patches * channels + found + tails + integers + 8 * ALIGNMENT;
}

/**
 * Compiled kernels for arrays in the arena's memory, in whatever part of it. Arrays that are elsewhere are left to the
 * plain kernels. Room of `neighbourBytes` is taken from the arena when it is first needed, and again for larger needs.
 * @param reserved bytes that are taken at once: where searches differ in size, the largest's `neighbourBytes`.
 * @returns null where WebAssembly with SIMD is missing.
 */
export function wasmNeighbourKernels(arena: Arena, reserved = 0): NeighbourKernels | null {
  const compiled = instantiate<Exports>(arena.memory);
  if (compiled === null) return null;
  let scratch = arena.uint8(reserved);
  const isHere = (array: ArrayBufferView | null) => array === null || array.buffer === arena.buffer;
  return {
    nearest(bank, patches, cells, k, out) {
      if (![bank.data, bank.scale, bank.norms, patches, out.index, out.squared].every(isHere)) {
        plainNeighbourKernels.nearest(bank, patches, cells, k, out);
        return;
      }
      const needed = scratchBytes(bank.rows, bank.channels, bank.scale !== null, cells);
      if (scratch.length < needed) scratch = arena.uint8(needed);
      search(
        compiled,
        bank,
        patches.byteOffset,
        cells,
        k,
        scratch,
        out.index.byteOffset,
        out.squared.byteOffset,
      );
    },
    shorten(points, centre, distances) {
      const { data, count, channels } = points;
      if (![data, centre, distances].every(isHere))
        return plainNeighbourKernels.shorten(points, centre, distances);
      const blocks = Math.ceil(count / POINT_BLOCK);
      return compiled.shorten(data.byteOffset, blocks, channels, centre.byteOffset, distances.byteOffset);
    },
  };
}

function search(
  compiled: Exports,
  { rows, channels, data, scale, norms }: Bank,
  patches: number,
  cells: number,
  k: number,
  scratch: Uint8Array,
  outIndex: number,
  out: number,
): void {
  const panels = Math.ceil(cells / PANEL);
  let next = scratch.byteOffset;
  const take = (bytes: number) => {
    const place = next;
    next += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return place;
  };
  const packed = take(4 * panels * PANEL * channels);
  const best = take(4 * panels * PANEL * k);
  const index = take(4 * panels * PANEL * k);
  new Float32Array(scratch.buffer, best, panels * PANEL * k).fill(Number.POSITIVE_INFINITY);
  new Int32Array(scratch.buffer, index, panels * PANEL * k).fill(-1);
  compiled.packPanels(patches, 4 * cells, channels, cells, packed);
  const [bank, lengths] = [data.byteOffset, norms.byteOffset];
  const rowTails = take(4 * CHECKS * rows);
  const tails = take(4 * CHECKS * panels * PANEL);
  if (scale === null) {
    compiled.panelTailsFloat32(packed, channels, cells, tails);
    compiled.rowTailsFloat32(bank, rows, channels, rowTails);
    compiled.nearestFloat32(bank, lengths, rows, channels, packed, cells, rowTails, tails, k, best, index);
    compiled.measure(bank, 0, channels, packed, cells, k, index, outIndex, out);
    return;
  }
  const even = channels + (channels % 2);
  const whole = take(2 * panels * PANEL * even);
  const scales = take(4 * panels * PANEL);
  const wide = take(2 * rows * even);
  compiled.quantisePanels(packed, channels, cells, largestWhole(channels), scales, whole);
  compiled.widenRows(bank, rows, channels, wide);
  compiled.panelTailsInt16(whole, channels, cells, tails);
  compiled.rowTailsInt16(wide, rows, channels, rowTails);
  compiled.nearestInt8(
    ...([wide, scale.byteOffset, lengths, rows, channels, whole, scales, cells] as const),
    ...([rowTails, tails, k, best, index] as const),
  );
  compiled.measure(bank, scale.byteOffset, channels, packed, cells, k, index, outIndex, out);
}
