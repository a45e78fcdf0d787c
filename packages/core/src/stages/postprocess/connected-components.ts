/**
 * Connected components of a mask, as runs of pixels rather than a picture of labels: every later question
 * (box, area, centre, peak) is answered from the runs, and memory follows the mask, not the picture.
 * Pixels touch over edges and corners (8-connectivity).
 */
import type { Mask } from "../image/image.js";

/** The components of a mask. Run `r` is the pixels `starts[r]` to `ends[r] − 1` of row `rows[r]`. */
export interface Components {
  /** Number of components. */
  readonly count: number;
  /** Row of each run; runs stand in raster order. */
  readonly rows: Int32Array;
  /** First column of each run. */
  readonly starts: Int32Array;
  /** Column after the last one of each run. */
  readonly ends: Int32Array;
  /** Component of each run, 0 to `count − 1`. */
  readonly labels: Int32Array;
}

type Runs = Pick<Components, "rows" | "starts" | "ends">;

/**
 * Finds the 8-connected components of a mask `[height, width]`; any value but 0 belongs to one.
 * Components are numbered as `cv2.connectedComponents` (OpenCV 4.8) numbers them, less its background: in raster
 * order of the 2×2 blocks of pixels they first touch, because Anomalib's boxes stand in that order.
 */
export function connectedComponents(mask: Mask): Components {
  const { rows, starts, ends } = findRuns(mask);
  const parents = joinRuns(rows, starts, ends);
  const { labels, count } = numberInRasterOrder(parents);
  sortByFirstBlock(labels, count, rows, starts, (mask.width + 1) >> 1);
  return { count, rows, starts, ends, labels };
}

function findRuns({ data, width, height }: Mask): Runs {
  // Sixteen or four pixels at a time where nothing is set, which is most of a mask.
  const words =
    data.byteOffset % 4 === 0 ? new Uint32Array(data.buffer, data.byteOffset, data.length >> 2) : null;
  let runs = allocate(1024);
  let count = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const rowEnd = row + width;
    for (let i = row; i < rowEnd; i++) {
      if (words !== null && (i & 3) === 0) i = skipEmpty(words, i, rowEnd);
      if (i >= rowEnd || data[i] === 0) continue;
      if (count === runs.rows.length) runs = allocate(2 * count, runs);
      runs.rows[count] = y;
      runs.starts[count] = i - row;
      do i++;
      while (i < rowEnd && data[i] !== 0);
      runs.ends[count++] = i - row;
    }
  }
  return {
    rows: runs.rows.subarray(0, count),
    starts: runs.starts.subarray(0, count),
    ends: runs.ends.subarray(0, count),
  };
}

/** The first pixel from `pixel` on whose word is not empty or reaches beyond `end`; `pixel` begins a word. */
function skipEmpty(words: Uint32Array, pixel: number, end: number): number {
  let word = pixel >> 2;
  const last = end >> 2;
  while (word + 4 <= last && (words[word]! | words[word + 1]! | words[word + 2]! | words[word + 3]!) === 0)
    word += 4;
  while (word < last && words[word] === 0) word++;
  return 4 * word;
}

function allocate(capacity: number, full?: Runs): Runs {
  const runs = {
    rows: new Int32Array(capacity),
    starts: new Int32Array(capacity),
    ends: new Int32Array(capacity),
  };
  if (full === undefined) return runs;
  runs.rows.set(full.rows);
  runs.starts.set(full.starts);
  runs.ends.set(full.ends);
  return runs;
}

/** Union-find over the runs: two runs of neighbouring rows join where they overlap or touch at a corner. */
function joinRuns(rows: Int32Array, starts: Int32Array, ends: Int32Array): Int32Array {
  const parents = new Int32Array(rows.length);
  for (let run = 0; run < parents.length; run++) parents[run] = run;
  let above = 0;
  for (let run = 0; run < rows.length; run++) {
    const rowAbove = rows[run]! - 1;
    const start = starts[run]!;
    const end = ends[run]!;
    // Runs above that end left of this one cannot touch any later run of this row either.
    while (rows[above]! < rowAbove || (rows[above] === rowAbove && ends[above]! < start)) above++;
    for (let other = above; rows[other] === rowAbove && starts[other]! <= end; other++)
      join(parents, run, other);
  }
  return parents;
}

function join(parents: Int32Array, a: number, b: number): void {
  const rootA = findRoot(parents, a);
  const rootB = findRoot(parents, b);
  // The earlier run becomes the root, so a root always comes before its members.
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}

function findRoot(parents: Int32Array, run: number): number {
  let root = run;
  while (parents[root] !== root) {
    const grandparent = parents[parents[root]!]!;
    parents[root] = grandparent;
    root = grandparent;
  }
  return root;
}

function numberInRasterOrder(parents: Int32Array): { labels: Int32Array; count: number } {
  const labels = new Int32Array(parents.length);
  let count = 0;
  for (let run = 0; run < parents.length; run++) {
    const root = findRoot(parents, run);
    labels[run] = root === run ? count++ : labels[root]!;
  }
  return { labels, count };
}

/** Renumbers `labels` in place by the first 2×2 block of each component; no two components share a block. */
function sortByFirstBlock(
  labels: Int32Array,
  count: number,
  rows: Int32Array,
  starts: Int32Array,
  blocksPerRow: number,
): void {
  const firstBlocks = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let run = 0; run < labels.length; run++) {
    const block = (rows[run]! >> 1) * blocksPerRow + (starts[run]! >> 1);
    const label = labels[run]!;
    if (block < firstBlocks[label]!) firstBlocks[label] = block;
  }
  // Block and label packed into one number (exact below 2^53), so the engine's numeric sort does the work.
  const packed = firstBlocks.map((block, label) => block * count + label).sort();
  const numbers = new Int32Array(count);
  for (let place = 0; place < count; place++) numbers[packed[place]! % count] = place;
  for (let run = 0; run < labels.length; run++) labels[run] = numbers[labels[run]!]!;
}
