/** Turning and mirroring a picture as its orientation tag asks. Pixels are moved, never mixed. */
import type { Raster8 } from "./image.js";

/** For each orientation: are the sides swapped, and does the source run backwards in x and in y? */
const TURNS: Readonly<Record<number, { swap: boolean; backX: boolean; backY: boolean }>> = {
  2: { swap: false, backX: true, backY: false },
  3: { swap: false, backX: true, backY: true },
  4: { swap: false, backX: false, backY: true },
  5: { swap: true, backX: false, backY: false },
  6: { swap: true, backX: false, backY: true },
  7: { swap: true, backX: true, backY: true },
  8: { swap: true, backX: true, backY: false },
};

/**
 * The upright picture of one stored with EXIF/TIFF orientation 1–8 (5–8 swap width and height). Orientation 1, and
 * any value outside 1–8, gives `image` itself.
 */
export function orient<R extends Raster8>(image: R, orientation: number): R {
  const turn = TURNS[orientation];
  if (turn === undefined) return image;
  const { channels, data } = image;
  const width = turn.swap ? image.height : image.width;
  const height = turn.swap ? image.width : image.height;
  const stepX = (turn.backX ? -1 : 1) * channels;
  const stepY = (turn.backY ? -1 : 1) * image.width * channels;
  const start =
    (turn.backX ? (image.width - 1) * channels : 0) +
    (turn.backY ? (image.height - 1) * image.width * channels : 0);
  const alongRow = turn.swap ? stepY : stepX;
  const alongColumn = turn.swap ? stepX : stepY;
  const turned = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = start + y * alongColumn;
    for (let x = 0; x < width; x++, from += alongRow) {
      for (let c = 0; c < channels; c++) turned[to++] = data[from + c];
    }
  }
  return { ...image, width, height, data: turned };
}
