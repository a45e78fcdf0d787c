/** The run-length coding of 4- and 8-bit BMP. Pixels that the code skips keep index 0, as OpenCV shows them. */
import { BlemishError } from "@blemish/core";

/**
 * Palette indices `[height, width]`, rows in file order (bottom up), of a stream of runs. Runs are cut at the right
 * edge. Throws IMAGE_BROKEN when the stream ends before its end mark and before the last row is full.
 */
export function unpackBmpRle(
  stream: Uint8Array,
  bits: number,
  width: number,
  height: number,
  subject: string,
): Uint8Array {
  const indices = new Uint8Array(width * height);
  const pixelsPerByte = 8 / bits;
  let [at, x, y] = [0, 0, 0];
  while (y < height - 1 || (y === height - 1 && x < width)) {
    if (at + 2 > stream.length) throw cutOff(subject, y, height);
    const count = stream[at++]!;
    const code = stream[at++]!;
    if (count > 0) x = put(stream, at - 1, 1, count);
    else if (code === 0) [x, y] = [0, y + 1];
    else if (code === 1) return indices;
    else if (code === 2) {
      if (at + 2 > stream.length) throw cutOff(subject, y, height);
      x += stream[at++]!;
      y += stream[at++]!;
    } else {
      const size = Math.ceil(code / pixelsPerByte);
      if (at + size > stream.length) throw cutOff(subject, y, height);
      x = put(stream, at, size, code);
      at += size + (size % 2);
    }
  }
  return indices;

  /** Writes `count` pixels taken cyclically from `size` bytes; gives the new x. */
  function put(from: Uint8Array, start: number, size: number, count: number): number {
    const shown = Math.min(count, width - x);
    for (let i = 0; i < shown; i++) {
      const byte = from[start + (Math.floor(i / pixelsPerByte) % size)]!;
      const low = i % 2 === 1 || bits === 8;
      indices[y * width + x + i] = bits === 8 ? byte : low ? byte & 15 : byte >> 4;
    }
    return x + count;
  }
}

function cutOff(subject: string, row: number, height: number): BlemishError {
  return new BlemishError("IMAGE_BROKEN", { subject, found: `${row} of ${height} rows` });
}
