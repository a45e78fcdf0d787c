/**
 * The kernels compiled to WebAssembly with SIMD (`assembly/`): the same bytes as `plain-kernels.ts`, many times
 * faster, used in Node and the browser alike.
 */
import { type Arena, createArena } from "./arena.js";
import { type Kernels, LANES, type PictureBlock } from "./kernels.js";
import { plainKernels } from "./plain-kernels.js";
import {
  type TileOperations,
  type TileRunner,
  type TileTask,
  tileAfterTile,
  tileOperations,
} from "./tile-operations.js";

/**
 * Fast kernels with a memory of their own. The memory is freed when this object and its arrays are dropped.
 * @param bytes how much all arrays together will take, and `kernelRoom`; more than that throws MEMORY.
 * @throws MEMORY when that much cannot be had.
 */
export function wasmKernels(bytes: number): Kernels {
  return tileKernels(createArena(bytes));
}

/**
 * The kernels for arrays of an arena: compiled where WebAssembly has SIMD, plain elsewhere. They take `kernelRoom`
 * from the arena when they are first used.
 * @param run does the tiles of a task, on other threads too; by default they are done here, one after the other.
 */
export function tileKernels(arena: Arena, run: TileRunner = tileAfterTile): Kernels {
  const operations = tileOperations(arena);
  const arrays = {
    float64: (length: number) => arena.float64(length),
    float32: (length: number) => arena.float32(length),
  };
  return operations === null
    ? { ...plainKernels(), ...arrays }
    : { ...arrays, ...compiledKernels(operations, run) };
}

function compiledKernels(
  { work, allFinite }: TileOperations,
  run: TileRunner,
): Omit<Kernels, "float64" | "float32"> {
  const products =
    (pairs: 0 | 1): Kernels["innerProducts"] =>
    (block, mean, factors, out) => {
      const numbers = [...placeOf(block), mean.byteOffset, factors.byteOffset, pairs, out.byteOffset];
      run({ ...sizeOf(block), operation: "products", numbers }, work);
    };
  return {
    allFinite,
    addPictures(block, pilot, sum, scatter) {
      const numbers = [...placeOf(block), pilot.byteOffset, sum.byteOffset, scatter.byteOffset];
      run({ ...sizeOf(block), operation: "addPictures", numbers }, work);
    },
    centreScatter(sum, scatter, channels, count, out) {
      const tiles = sum.length / (channels * LANES);
      const numbers = [sum.byteOffset, scatter.byteOffset, count, out.byteOffset];
      run({ operation: "centreScatter", tiles, channels, numbers }, work);
    },
    whiten(matrices, channels, divisors, ridges) {
      const numbers = [matrices.byteOffset, divisors.byteOffset, ridges.byteOffset];
      return run({ operation: "whiten", tiles: divisors.length / LANES, channels, numbers }, work);
    },
    squaredDistances: products(0),
    innerProducts: products(1),
  };
}

/** Where a block is and how large, in bytes, and its number of pictures. */
function placeOf({ block, picture, stride, pictures }: PictureBlock): number[] {
  return [block.byteOffset, 4 * picture, 4 * stride, pictures];
}

function sizeOf({ stride, channels }: PictureBlock): Pick<TileTask, "tiles" | "channels"> {
  return { tiles: stride / LANES, channels };
}
