/**
 * What PatchCore does to taps first: every place becomes the mean over its 3 × 3 neighbourhood. Source: PatchCore
 * (arXiv 2106.08265, p = 3); Anomalib `AvgPool2d(3, 1, 1)`: zeros around the border, and always divided by 9.
 */

/**
 * Averages one plane. Columns are summed once for each row of the result and used three times.
 * @param data holds the plane `[height, width]` from `start` on.
 * @param out the first height · width entries are overwritten; must not share memory with the plane.
 */
export function localMean(
  data: Float32Array,
  start: number,
  width: number,
  height: number,
  out: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = start + y * width;
    // Beyond the border stands the row itself, weighing nothing: no branch in the inner loop.
    const [above, up] = y > 0 ? [row - width, 1] : [row, 0];
    const [below, down] = y < height - 1 ? [row + width, 1] : [row, 0];
    let left = 0;
    let middle = up * data[above] + data[row] + down * data[below];
    const at = y * width;
    for (let x = 1; x < width; x++) {
      const right = up * data[above + x] + data[row + x] + down * data[below + x];
      out[at + x - 1] = (left + middle + right) / 9;
      left = middle;
      middle = right;
    }
    out[at + width - 1] = (left + middle) / 9;
  }
}
