/** Plain numbers with a shape: what goes into a network and what comes out. Nothing else lives here. */

/** A dense row-major array. `data.length` is the product of `shape`. */
export interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Number of elements of a shape; 1 for a scalar (empty shape). */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** A tensor `[1, channels, height, width]` that is too large to be held: parts of it are made when they are wanted. */
export interface TensorParts {
  readonly shape: readonly number[];
  /** Writes the rectangle of all channels that begins at (x, y). @param out `[channels, height, width]`, overwritten. */
  part(x: number, y: number, width: number, height: number, out: Float32Array): void;
}
