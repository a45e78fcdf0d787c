/**
 * Colours of a GIF's first frame where the decoder leaves none. sharp gives transparent pixels and the canvas
 * around a small frame as black; Pillow, whose pixels count for GIF, shows the palette's colour there: that of the
 * transparent index, or of index 0 when there is none.
 */
import { byteReader } from "./byte-reader.js";

/** Where the first frame lies on the canvas, and the colour of what it does not cover. */
interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly empty: readonly [number, number, number];
}

/** A copy of sharp's RGB or RGBA pixels as RGB, `[height, width, 3]`, with the empty places filled. */
export function fillGifFrame(
  bytes: Uint8Array,
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: number,
): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  const frame = firstFrame(bytes);
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    const rowInside = y >= frame.top && y < frame.top + frame.height;
    for (let x = 0; x < width; x++, from += channels, to += 3) {
      const inside = rowInside && x >= frame.left && x < frame.left + frame.width;
      const shown = inside && (channels < 4 || pixels[from + 3] !== 0);
      for (let c = 0; c < 3; c++) rgb[to + c] = shown ? pixels[from + c]! : frame.empty[c]!;
    }
  }
  return rgb;
}

/** Reads block by block up to the first image descriptor; places and colours it cannot find count as 0. */
function firstFrame(bytes: Uint8Array): GifFrame {
  const { u8, u16, length } = byteReader(bytes, true);
  const globalSize = paletteBytes(u8(10));
  let transparent = 0;
  let at = 13 + globalSize;
  while (u8(at) === 0x21) {
    const isControl = u8(at + 1) === 0xf9 && (u8(at + 3) & 1) === 1;
    if (isControl) transparent = u8(at + 6);
    at += 2;
    while (u8(at) > 0) at += 1 + u8(at);
    at++;
    if (at >= length) break;
  }
  const hasLocal = paletteBytes(u8(at + 9)) > 0;
  const colour = (hasLocal ? at + 10 : 13) + 3 * transparent;
  // Without any palette Pillow takes the indices as grey.
  const grey = !hasLocal && globalSize === 0;
  const channel = (c: number) => (grey ? transparent : u8(colour + c) || 0);
  return {
    left: u16(at + 1),
    top: u16(at + 3),
    width: u16(at + 5),
    height: u16(at + 7),
    empty: [channel(0), channel(1), channel(2)],
  };
}

function paletteBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
