/** Which pixels of a mask file count as defect. */
import type { DecodedImage, Mask } from "../stages/image/image.js";

/** Up to this largest value a mask holds numbers of defects, not shades. */
const LARGEST_NUMBER = 31;

/**
 * The mask that a decoded file shows, `[height, width]`, 1 = defect. Of a coloured file the largest channel counts;
 * alpha does not. The rule: when the largest value of the file is at most 31 (masks of 0 and 1, or VisA's numbers of
 * defects), everything above 0 is defect; otherwise everything above half of the largest value, or of full white in a
 * JPEG, whose black is noisy. (Anomalib takes pure white only, so masks of 0 and 1 are empty there, and soft edges
 * shrink; for masks of 0 and 255 the rules agree.) Never changes `decoded`.
 */
export function maskFromImage(decoded: DecodedImage): Mask {
  const { width, height, channels, alpha, data } = decoded;
  const colours = alpha ? channels - 1 : channels;
  const strongest =
    data instanceof Uint8Array ? new Uint8Array(width * height) : new Float32Array(width * height);
  let largest = 0;
  for (let from = 0, to = 0; to < strongest.length; from += channels, to++) {
    let value = 0;
    for (let i = from; i < from + colours; i++) if (data[i] > value) value = data[i];
    strongest[to] = value;
    if (value > largest) largest = value;
  }
  const limit = limitOf(decoded, largest);
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) mask[i] = strongest[i] > limit ? 1 : 0;
  return { width, height, channels: 1, data: mask };
}

function limitOf({ format }: DecodedImage, largest: number): number {
  if (format === "jpeg") return 127.5;
  return largest <= LARGEST_NUMBER ? 0 : largest / 2;
}
