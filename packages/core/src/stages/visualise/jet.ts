/** The JET colours, exactly as `cv2.applyColorMap(…, COLORMAP_JET)` of OpenCV 4 gives them, in RGB order. */

/**
 * 256 colours `[256, 3]`: dark blue (0, 0, 128) at 0, green at 128, dark red (128, 0, 0) at 255. Straight ramps of
 * slope 4, but for one byte that OpenCV's table rounds differently.
 */
export const JET: Uint8Array = makeJet();

function makeJet(): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) {
    table[level * 3] = clampByte(level < 224 ? 4 * (level - 96) + 2 : 252 - 4 * (level - 224));
    table[level * 3 + 1] = clampByte(level < 160 ? 4 * (level - 32) : 252 - 4 * (level - 160));
    table[level * 3 + 2] = clampByte(level < 96 ? 128 + 4 * level : 254 - 4 * (level - 96));
  }
  table[159 * 3 + 2] = 1;
  return table;
}

function clampByte(value: number): number {
  return Math.min(Math.max(value, 0), 255);
}
