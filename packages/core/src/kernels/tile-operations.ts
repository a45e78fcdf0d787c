/**
 * What the compiled kernels do to one tile, told by plain numbers: byte offsets into a memory and sizes. So any thread
 * that has the memory can do any tile.
 */
import { ALIGNMENT, type Arena } from "./arena.js";
import { instantiate } from "./instantiate.js";
import { BLOCK, LANES } from "./kernels.js";

/** Bytes of one row of a tile. */
const ROW = 8 * LANES;

/** The operations; a task names one by its place. */
export const OPERATIONS = ["addPictures", "centreScatter", "whiten", "products"] as const;

/** One operation on all tiles of some arrays. */
export interface TileTask {
  readonly operation: (typeof OPERATIONS)[number];
  readonly tiles: number;
  readonly channels: number;
  /** What the operation needs besides; see `tileOperations`. At most {@link TASK_NUMBERS}. */
  readonly numbers: readonly number[];
}

/** The most numbers of a task. */
export const TASK_NUMBERS = 8;

/** Does one tile of a task; −1, or the lane that failed. */
export type TileWork = (task: TileTask, tile: number) => number;

/** Does all tiles of a task, each of them once; −1, or the first cell that failed. */
export type TileRunner = (task: TileTask, work: TileWork) => number;

interface Exports {
  allFinite(values: number, count: number): number;
  centre(
    block: number,
    picture: number,
    stride: number,
    channels: number,
    pictures: number,
    middle: number,
    sum: number,
    delta: number,
  ): void;
  addOuterProducts(scatter: number, delta: number, channels: number, pictures: number): void;
  centreScatter(sum: number, scatter: number, channels: number, count: number, out: number): void;
  whiten(matrices: number, channels: number, divisors: number, ridges: number, triangles: number): number;
  whitenVectors(factors: number, delta: number, channels: number, pictures: number, triangles: number): void;
  innerProducts(delta: number, channels: number, pictures: number, pairs: number, out: number): void;
}

/** The operations of one thread. */
export interface TileOperations {
  readonly work: TileWork;
  readonly allFinite: (values: Float32Array) => boolean;
}

/** Bytes that the operations of one thread take of their arena. */
export function kernelRoom(channels: number): number {
  const rows = paddedRows(channels);
  return ROW * BLOCK * rows + 64 * ((rows * (rows + 1)) / 2) + 2 * ALIGNMENT;
}

/** One task after the other, on this thread. */
export function tileAfterTile(task: TileTask, work: TileWork): number {
  let failed = -1;
  for (let tile = 0; tile < task.tiles; tile++) {
    const lane = work(task, tile);
    if (lane >= 0 && failed < 0) failed = tile * LANES + lane;
  }
  return failed;
}

/**
 * The compiled operations. They take `kernelRoom` from the arena when they are first used; the arrays that tasks
 * name may be anywhere in its memory.
 * @returns null where WebAssembly with SIMD is missing.
 */
export function tileOperations(arena: Arena): TileOperations | null {
  const compiled = instantiate<Exports>(arena.memory);
  if (compiled === null) return null;
  const room = roomIn(arena);
  const packed = (channels: number) => (ROW * channels * (channels + 1)) / 2;
  const operations: Record<TileTask["operation"], TileWork> = {
    addPictures({ channels, numbers: [block, picture, stride, pictures, pilot, sum, scatter] }, tile) {
      const { delta } = room(channels);
      const rows = tile * channels * ROW;
      compiled.centre(
        block + tile * 4 * LANES,
        picture,
        stride,
        channels,
        pictures,
        pilot + rows,
        sum + rows,
        delta,
      );
      compiled.addOuterProducts(scatter + tile * packed(channels), delta, channels, pictures);
      return -1;
    },
    centreScatter({ channels, numbers: [sum, scatter, count, out] }, tile) {
      const at = tile * packed(channels);
      compiled.centreScatter(sum + tile * channels * ROW, scatter + at, channels, count, out + at);
      return -1;
    },
    whiten({ channels, numbers: [matrices, divisors, ridges] }, tile) {
      const { triangles } = room(channels);
      const [matrix, row] = [matrices + tile * packed(channels), tile * ROW];
      return compiled.whiten(matrix, channels, divisors + row, ridges + row, triangles);
    },
    products({ channels, numbers: [block, picture, stride, pictures, mean, factors, pairs, out] }, tile) {
      const { delta, triangles } = room(channels);
      const middle = mean + tile * channels * ROW;
      compiled.centre(block + tile * 4 * LANES, picture, stride, channels, pictures, middle, 0, delta);
      compiled.whitenVectors(factors + tile * packed(channels), delta, channels, pictures, triangles);
      const results = pairs === 1 ? (pictures * (pictures + 1)) / 2 : pictures;
      compiled.innerProducts(delta, channels, pictures, pairs, out + tile * results * ROW);
      return -1;
    },
  };
  return {
    work: (task, tile) => operations[task.operation](task, tile),
    allFinite: (values) => compiled.allFinite(values.byteOffset, values.length) === 1,
  };
}

function paddedRows(channels: number): number {
  return 4 * Math.ceil(channels / 4);
}

/** Room for so many channels, taken once: a block's differences and the triangles of eight lanes. */
function roomIn(arena: Arena): (channels: number) => { readonly delta: number; readonly triangles: number } {
  let known = 0;
  let room = { delta: 0, triangles: 0 };
  return (channels) => {
    const rows = paddedRows(channels);
    if (rows <= known) return room;
    known = rows;
    const delta = arena.float64(LANES * BLOCK * rows).byteOffset;
    room = { delta, triangles: arena.float64(4 * rows * (rows + 1)).byteOffset };
    return room;
  };
}
