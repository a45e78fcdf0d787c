/** The place of a defect that a user marked: a mask in a file, or a box. */
import { BlemishError, type Mask } from "@blemish/core";
import { readMask } from "../datasets/read-mask.js";

/** A rectangle in pixels of the upright picture. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the defect is: the path of a mask as data sets have them, or a rectangle around it. */
export type DefectPlace = { readonly mask: string } | { readonly box: PixelBox };

/**
 * The place as a mask of the picture's size, 1 = marked.
 * @throws BlemishError MASK for a mask of another size or without a marked pixel; OPTION_VALUE for a box that is none or
 *   does not lie inside the picture, or when there is not exactly one of both; what reading the mask throws.
 */
export async function markedPlace(place: DefectPlace, width: number, height: number): Promise<Mask> {
  const { mask, box } = place as { readonly mask?: string; readonly box?: PixelBox };
  if ((mask === undefined) === (box === undefined)) throw notOne(mask !== undefined);
  if (box !== undefined) return maskOfBox(box, width, height);
  const read = await readMask(mask as string, width, height);
  if (read.data.includes(1)) return read;
  throw new BlemishError("MASK", {
    subject: mask as string,
    expected: "at least one pixel of the defect",
    found: "none",
  });
}

function maskOfBox(box: PixelBox, width: number, height: number): Mask {
  const { x, y, width: wide, height: high } = box;
  const whole = [x, y, wide, high].every(Number.isSafeInteger);
  const inside = x >= 0 && y >= 0 && wide >= 1 && high >= 1 && x + wide <= width && y + high <= height;
  if (!whole || !inside)
    throw new BlemishError("OPTION_VALUE", {
      subject: "The box",
      expected: `a rectangle inside the picture of ${width} × ${height} pixels`,
      found: `x ${x}, y ${y}, ${wide} wide, ${high} high`,
    });
  const data = new Uint8Array(width * height);
  for (let row = y; row < y + high; row++) data.fill(1, row * width + x, row * width + x + wide);
  return { width, height, channels: 1, data };
}

function notOne(both: boolean): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The place of the defect",
    expected: "a mask or a box",
    found: both ? "both" : "neither",
  });
}
