// Packed lower triangles of eight lanes, copied out of a tile `[packed rows, 64 lanes]` and back. In the tile the
// entries of one lane stand 512 bytes apart and share an eighth of the cache's sets.

const ROW: usize = 512;

/** Channels rounded up to a multiple of four: the rows that are added do nothing. */
// @ts-ignore: decorator
@inline
export function rounded(channels: usize): usize {
  return (channels + 3) & ~3;
}

/** Packed rows before row i. */
// @ts-ignore: decorator
@inline
export function triangle(i: usize): usize {
  return (i * (i + 1)) / 2;
}

/** Bytes of the triangle of two lanes. */
// @ts-ignore: decorator
@inline
export function triangleBytes(rows: usize): usize {
  return triangle(rows) * 16;
}

/** Four triangles of two lanes each, the rows that were added = 0. */
export function loadTriangles(matrices: usize, channels: usize, triangles: usize): void {
  const each = triangleBytes(rounded(channels));
  const used = triangleBytes(channels);
  const end = triangles + used;
  let to = triangles;
  for (let from = matrices; to < end; to += 16, from += ROW) {
    v128.store(to, v128.load(from));
    v128.store(to + each, v128.load(from, 16));
    v128.store(to + 2 * each, v128.load(from, 32));
    v128.store(to + 3 * each, v128.load(from, 48));
  }
  for (let v: usize = 0; v < 4; v++) memory.fill(triangles + v * each + used, 0, each - used);
}

export function storeTriangles(matrices: usize, channels: usize, triangles: usize): void {
  const each = triangleBytes(rounded(channels));
  const end = triangles + triangleBytes(channels);
  let from = triangles;
  for (let to = matrices; from < end; to += ROW, from += 16) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from + each), 16);
    v128.store(to, v128.load(from + 2 * each), 32);
    v128.store(to, v128.load(from + 3 * each), 48);
  }
}
