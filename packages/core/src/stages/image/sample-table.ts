/** How one reader turns a stored sample into 8 bits, as a table. Whole pixels (alpha, CMYK) are not its matter. */
import type { DecodedImage } from "./image.js";
import type { PixelRule } from "./pixel-rule.js";

/**
 * The 8-bit value of every storable sample (256 or 65,536 entries), or null where 8-bit samples stay as they are.
 *
 * - OpenCV 4.8 drops the low byte of 16 bits, except in colour TIFF, where libtiff rounds: ⌊(v + 128) / 257⌋. It
 *   ignores the maxval of PGM/PPM, except in 8-bit text files: ⌊v · 255 / maxval⌋.
 * - Pillow 10.4 drops the low byte too, but **clips** grey of 16 bits at 255 (the mode "I;16" is not scaled by
 *   `convert("RGB")`), takes it uninverted from a white-is-zero TIFF, and scales PGM/PPM by maxval.
 */
export function sampleTable(decoded: DecodedImage, rule: PixelRule): Uint8Array | null {
  const deep = decoded.data instanceof Uint16Array;
  const to8 = rule === "opencv" ? opencvSample(decoded, deep) : pillowSample(decoded, deep);
  return to8 === null ? null : Uint8Array.from({ length: deep ? 65536 : 256 }, (_, sample) => to8(sample));
}

type To8 = (sample: number) => number;

const HIGH_BYTE: To8 = (sample) => sample >> 8;

function opencvSample({ format, colour, traits }: DecodedImage, deep: boolean): To8 | null {
  if (deep) return format === "tiff" && colour !== "grey" ? (sample) => (sample + 128) / 257 : HIGH_BYTE;
  const max = traits?.maxValue ?? 255;
  if (max === 255 || traits?.plainText !== true) return null;
  return (sample) => (Math.min(sample, max) * 255) / max;
}

function pillowSample({ colour, channels, traits }: DecodedImage, deep: boolean): To8 | null {
  const clipped = deep && colour === "grey" && channels === 1;
  if (traits?.maxValue !== undefined) return scaled(traits.maxValue, clipped ? 65535 : 255, deep);
  if (!deep) return null;
  if (!clipped) return HIGH_BYTE;
  return traits?.whiteIsZero ? (sample) => Math.min(255, 65535 - sample) : (sample) => Math.min(255, sample);
}

/** Python's `round(sample / max * full)`, which rounds halves to even, then clipped to 255. */
function scaled(max: number, full: number, deep: boolean): To8 | null {
  if (!deep && max === 255) return null;
  return (sample) => {
    const exact = (sample / max) * full;
    const down = Math.floor(exact);
    const up = exact - down > 0.5 || (exact - down === 0.5 && down % 2 === 1);
    return Math.min(255, up ? down + 1 : down);
  };
}
