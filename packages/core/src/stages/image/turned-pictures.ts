/**
 * Pictures of a part as it might have been laid down differently, for training sets of few pictures: their patches come
 * into the memory bank beside those of the picture itself. Only right where a mirrored or slightly turned part is a good
 * part, too.
 */
import type { RgbImage } from "./image.js";
import { mirror } from "./mirror.js";
import { turnFiveDegrees } from "./turn-five-degrees.js";

const MIRRORS = [
  { acrossWidth: true, acrossHeight: false },
  { acrossWidth: false, acrossHeight: true },
  { acrossWidth: true, acrossHeight: true },
] as const;

/**
 * Eight variants of a picture, all of its size, in this order:
 * 1–3. mirrored left–right, top–bottom, both;
 * 4–5. turned by 5° clockwise, counterclockwise;
 * 6–8. 1 to 3, turned by 5° clockwise, counterclockwise, clockwise.
 *
 * Turning is bilinear with the border repeated outwards. Brightness and shifts are left out: they were measured to add
 * nothing.
 */
export function turnedPictures(image: RgbImage): RgbImage[] {
  const mirrored = MIRRORS.map((axes) => mirror(image, axes));
  return [
    ...mirrored,
    turnFiveDegrees(image, 1),
    turnFiveDegrees(image, -1),
    ...mirrored.map((one, i) => turnFiveDegrees(one, i === 1 ? -1 : 1)),
  ];
}
