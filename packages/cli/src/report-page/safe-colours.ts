/** A colour scale for heat maps that people with any colour vision read in the same order, and that prints in grey. */

/**
 * Points of the scale at equal distances: the public-domain (CC0) viridis map of matplotlib, from dark violet over
 * green to yellow. Lightness grows all the way.
 */
const POINTS = [
  0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725,
];

/** 256 colours `[256, 3]`, RGB bytes, straight between the points. */
export const SAFE_COLOURS: Uint8Array = makeScale();

function makeScale(): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) {
    const place = (level / 255) * (POINTS.length - 1);
    const left = Math.min(Math.floor(place), POINTS.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const shift = 16 - 8 * channel;
      const from = ((POINTS[left] ?? 0) >> shift) & 255;
      const to = ((POINTS[left + 1] ?? 0) >> shift) & 255;
      table[level * 3 + channel] = Math.round(from + (to - from) * (place - left));
    }
  }
  return table;
}
