/** The loops over maps compiled to WebAssembly with SIMD (`assembly/`): the same bytes as the plain ones. */
import type { Arena } from "./arena.js";
import { instantiate } from "./instantiate.js";
import { type MapKernels, paddedRows } from "./map-kernels.js";
import { plainMapKernels } from "./plain-map-kernels.js";

interface Exports {
  smoothAcross(
    grid: number,
    width: number,
    height: number,
    first: number,
    weights: number,
    band: number,
    groups: number,
    out: number,
  ): void;
  smoothDown(
    wide: number,
    stride: number,
    first: number,
    weights: number,
    band: number,
    groups: number,
    out: number,
  ): void;
  maximum(values: number, count: number): number;
  countAtLeast(values: number, count: number, floor: number): number;
  collectAtLeast(values: number, count: number, floor: number, out: number): void;
}

/**
 * Compiled kernels for arrays in the arena's memory, in whatever part of it; they take nothing of the arena. Arrays that
 * are elsewhere are left to the plain kernels.
 * @returns null where WebAssembly with SIMD is missing.
 */
export function wasmMapKernels({ memory, buffer }: Arena): MapKernels | null {
  const compiled = instantiate<Exports>(memory);
  if (compiled === null) return null;
  const here = (...arrays: readonly ArrayBufferView[]) => arrays.every((array) => array.buffer === buffer);
  return {
    smooth(grid, rows, columns, wide, out) {
      if (!here(grid, rows.first, rows.weights, columns.first, columns.weights, wide, out)) {
        plainMapKernels.smooth(grid, rows, columns, wide, out);
        return;
      }
      const { from: width, first, weights, band } = columns;
      const across = [first.byteOffset, weights.byteOffset, band, first.length] as const;
      compiled.smoothAcross(grid.byteOffset, width, rows.from, ...across, wide.byteOffset);
      const down = [rows.first.byteOffset, rows.weights.byteOffset, rows.band, rows.first.length] as const;
      compiled.smoothDown(wide.byteOffset, 4 * paddedRows(columns.to), ...down, out.byteOffset);
    },
    maximum: (values) =>
      here(values) ? compiled.maximum(values.byteOffset, values.length) : plainMapKernels.maximum(values),
    countAtLeast: (values, floor) =>
      here(values)
        ? compiled.countAtLeast(values.byteOffset, values.length, floor)
        : plainMapKernels.countAtLeast(values, floor),
    collectAtLeast(values, floor, out) {
      if (here(values, out)) compiled.collectAtLeast(values.byteOffset, values.length, floor, out.byteOffset);
      else plainMapKernels.collectAtLeast(values, floor, out);
    },
  };
}
