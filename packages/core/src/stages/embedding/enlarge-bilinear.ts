/**
 * Brings a coarser plane to a finer grid with bilinear interpolation: half-pixel centres, edges repeated. Source: ONNX
 * Resize (`linear`, `half_pixel`), torch `interpolate(mode="bilinear", align_corners=False)`; Anomalib 1.0 to 2.7
 * PatchCore `generate_embedding`.
 */
import type { Tensor } from "../../tensor.js";

/** Where the samples of one axis lie on a coarser one. */
interface Places {
  /** The sample before each, ≥ 0. */
  readonly low: Int32Array;
  /** The sample after each: the same at the edge. */
  readonly high: Int32Array;
  /** Share of the later sample, 0–1. */
  readonly share: Float64Array;
}

/**
 * Enlarges one plane of a tap; each result is rounded to float32 once.
 * @param tap float32 `[1, C, h, w]`, at most as large as the result; those of its size are copied.
 * @param scale every result is divided by it.
 * @param out `[height, width]` is written from `start` on.
 */
export function enlargeBilinear(
  { shape, data }: Tensor,
  plane: number,
  width: number,
  height: number,
  scale: number,
  out: Float32Array,
  start: number,
): void {
  const [, , h, w] = shape;
  const from = plane * h * w;
  if (h === height && w === width) {
    for (let i = 0; i < h * w; i++) out[start + i] = data[from + i] / scale;
    return;
  }
  const rows = places(h, height);
  const columns = places(w, width);
  for (let y = 0, at = start; y < height; y++) {
    const above = from + rows.low[y] * w;
    const below = from + rows.high[y] * w;
    const down = rows.share[y];
    for (let x = 0; x < width; x++, at++) {
      const [low, high, right] = [columns.low[x], columns.high[x], columns.share[x]];
      const upper = data[above + low] * (1 - right) + data[above + high] * right;
      const lower = data[below + low] * (1 - right) + data[below + high] * right;
      out[at] = (upper * (1 - down) + lower * down) / scale;
    }
  }
}

function places(from: number, to: number): Places {
  const found = { low: new Int32Array(to), high: new Int32Array(to), share: new Float64Array(to) };
  for (let i = 0; i < to; i++) {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    found.low[i] = Math.floor(position);
    found.high[i] = Math.min(found.low[i] + 1, from - 1);
    found.share[i] = position - found.low[i];
  }
  return found;
}
