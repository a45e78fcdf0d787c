/** A memory bank's kernels compiled to WebAssembly with SIMD (`assembly/`): the same bytes as the plain ones. */
import { ALIGNMENT, type Arena, arenaOver } from "./arena.js";
import { instantiate } from "./instantiate.js";
import {
  type Bank,
  type CellRange,
  largestWhole,
  MOST_NEIGHBOURS,
  type NeighbourKernels,
  type Neighbours,
  POINT_BLOCK,
  type PreparedRows,
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
    nextRowTails: number,
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
    nextRowTails: number,
    patchTails: number,
    k: number,
    best: number,
    index: number,
  ): void;
  hintFloat32(
    bank: number,
    norms: number,
    rows: number,
    channels: number,
    packed: number,
    cells: number,
    hints: number,
    best: number,
  ): void;
  hintInt8(
    bank: number,
    scales: number,
    norms: number,
    rows: number,
    channels: number,
    packed: number,
    patchScales: number,
    cells: number,
    hints: number,
    best: number,
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
    next: number,
  ): void;
  shorten(points: number, blocks: number, channels: number, centre: number, distances: number): number;
}

/** Bytes that `nearest` takes of its arena, whatever the number of neighbours, for so many cells at once. */
export function neighbourBytes(bank: Pick<Bank, "rows" | "channels" | "scale">, cells: number): number {
  return preparedRowBytes(bank) + preparedNeighbourBytes(bank, cells);
}

/** The same for a bank whose rows are prepared. */
export function preparedNeighbourBytes(
  { channels, scale }: Pick<Bank, "channels" | "scale">,
  cells: number,
): number {
  return patchBytes(channels, scale !== null, cells) + ALIGNMENT;
}

/** Bytes that `prepareRows` takes of its arena. */
export function preparedRowBytes({
  rows,
  channels,
  scale,
}: Pick<Bank, "rows" | "channels" | "scale">): number {
  return 4 * CHECKS * rows + (scale === null ? 0 : 2 * rows * even(channels)) + 2 * ALIGNMENT;
}

/** Panels of patches; best measures and their rows; tails; for int8 patches as int16, and scales. */
function patchBytes(channels: number, whole: boolean, cells: number): number {
  const patches = PANEL * Math.ceil(cells / PANEL);
  const found = 2 * 4 * patches * MOST_NEIGHBOURS;
  const integers = whole ? 2 * even(channels) * patches + 4 * patches : 0;
  return 4 * patches * (channels + CHECKS) + found + integers + 6 * ALIGNMENT;
}

function even(channels: number): number {
  return channels + (channels % 2);
}

/** Room in an arena for what `fillRows` finds out about a bank: threads that share a memory find it at the same place. */
export function roomForRows(
  { rows, channels, scale }: Pick<Bank, "rows" | "channels" | "scale">,
  arena: Arena,
): PreparedRows {
  const wide = scale === null ? null : arena.int16(rows * even(channels));
  return { wide, tails: arena.float32(CHECKS * rows), step: rows };
}

/** Fills a bank's room; nothing where there are no compiled kernels, or where the bank is not in the arena's memory. */
export function fillRows({ rows, channels, data, prepared }: Bank, arena: Arena): void {
  const compiled = instantiate<Exports>(arena.memory);
  if (compiled === null || prepared === undefined || data.buffer !== arena.buffer) return;
  const { wide, tails } = prepared;
  if (wide === null) {
    compiled.rowTailsFloat32(data.byteOffset, rows, channels, tails.byteOffset);
  } else {
    compiled.widenRows(data.byteOffset, rows, channels, wide.byteOffset);
    compiled.rowTailsInt16(wide.byteOffset, rows, channels, tails.byteOffset);
  }
}

/**
 * Compiled kernels for arrays in the arena's memory, in whatever part of it. Arrays that are elsewhere are left to the
 * plain kernels. Room of `neighbourBytes` is taken from the arena when it is first needed, and again for larger needs.
 * @param reserved bytes that are taken at once: where searches differ in size, the largest's `neighbourBytes`.
 * @returns null where WebAssembly with SIMD is missing.
 */
export function wasmNeighbourKernels(arena: Arena, reserved = 0): NeighbourKernels | null {
  const compiled = instantiate<Exports>(arena.memory);
  const { memory } = arena;
  if (compiled === null || memory === null) return null;
  let scratch = arena.uint8(reserved);
  const isHere = (array: ArrayBufferView | null) => array === null || array.buffer === arena.buffer;
  return {
    nearest(bank, patches, cells, k, out, range = { from: 0, to: cells }) {
      if (![bank.data, bank.scale, bank.norms, patches, out.index, out.squared].every(isHere)) {
        plainNeighbourKernels.nearest(bank, patches, cells, k, out, range);
        return;
      }
      const count = range.to - range.from;
      const bytes = bank.prepared ? preparedNeighbourBytes(bank, count) : neighbourBytes(bank, count);
      if (scratch.length < bytes - ALIGNMENT) scratch = arena.uint8(bytes - ALIGNMENT);
      const room = arenaOver(memory, scratch.byteOffset, scratch.byteOffset + scratch.length);
      const prepared = bank.prepared ?? roomForRows(bank, room);
      if (bank.prepared === undefined) fillRows({ ...bank, prepared }, room);
      search(compiled, bank, prepared, patches, cells, k, out, range, room);
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
  prepared: PreparedRows,
  patches: Float32Array,
  cells: number,
  k: number,
  out: Neighbours,
  { from, to }: CellRange,
  room: Arena,
): void {
  const count = to - from;
  const panels = Math.ceil(count / PANEL);
  const packed = room.float32(panels * PANEL * channels).byteOffset;
  const best = room.float32(panels * PANEL * k).fill(Number.POSITIVE_INFINITY).byteOffset;
  const index = room.int32(panels * PANEL * k).fill(-1).byteOffset;
  compiled.packPanels(patches.byteOffset + 4 * from, 4 * cells, channels, count, packed);
  const [bank, lengths] = [data.byteOffset, norms.byteOffset];
  const tails = room.float32(CHECKS * panels * PANEL).byteOffset;
  const bounds = [prepared.tails.byteOffset, 4 * prepared.step, tails] as const;
  const known = [k, best, index] as const;
  // What was nearest the last time.
  const hints = out.index.byteOffset + 4 * from;
  if (scale === null || prepared.wide === null) {
    compiled.panelTailsFloat32(packed, channels, count, tails);
    if (k === 1) compiled.hintFloat32(bank, lengths, rows, channels, packed, count, hints, best);
    compiled.nearestFloat32(bank, lengths, rows, channels, packed, count, ...bounds, ...known);
  } else {
    const whole = room.int16(panels * PANEL * even(channels)).byteOffset;
    const scales = room.float32(panels * PANEL).byteOffset;
    compiled.quantisePanels(packed, channels, count, largestWhole(channels), scales, whole);
    compiled.panelTailsInt16(whole, channels, count, tails);
    const wide = [prepared.wide.byteOffset, scale.byteOffset, lengths, rows, channels] as const;
    if (k === 1) compiled.hintInt8(...wide, whole, scales, count, hints, best);
    compiled.nearestInt8(...wide, whole, scales, count, ...bounds, ...known);
  }
  const places = [index, hints, out.squared.byteOffset + 4 * from] as const;
  compiled.measure(bank, scale?.byteOffset ?? 0, channels, packed, count, k, ...places, 4 * cells);
}
