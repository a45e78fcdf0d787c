/**
 * From a backbone's taps to one vector per grid cell: every tap is scaled and brought to one grid, channels are
 * concatenated, then some are kept or all are projected. Sources: PaDiM (arXiv 2011.08785); Anomalib 0.7
 * `PadimModel.generate_embedding` (finest grid, nearest neighbour, drawn channels).
 */
import { BlemishError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";

/** How taps become embeddings; plain data that a model file stores. */
export interface EmbeddingSpec {
  /** `finest`: coarser taps are repeated onto the grid of the first; `coarsest`: finer taps are averaged. */
  readonly grid: "finest" | "coarsest";
  /** Each tap is divided by its number, so that taps weigh alike. */
  readonly scales: readonly number[];
  /** Which concatenated channels are kept, in this order; null = all. */
  readonly channels: readonly number[] | null;
  /** `[rows, concatenated channels]` row-major: every vector is multiplied with it; null = none. Not with `channels`. */
  readonly projection: { readonly rows: number; readonly data: Float32Array } | null;
}

/** Vectors of one picture. */
export interface Embedding {
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  /** `[channels, height · width]`, row-major. */
  readonly data: Float32Array;
}

/**
 * The embedding of one picture.
 * @param taps float32 `[1, C, H, W]` each, in the backbone's order; sides must be multiples of one another.
 * @throws MODEL_OUTPUT when the taps do not fit the specification.
 */
export function embed(taps: readonly Tensor[], spec: EmbeddingSpec): Embedding {
  checkTaps(taps, spec);
  const pick = spec.grid === "finest" ? Math.max : Math.min;
  const height = pick(...taps.map((tap) => tap.shape[2]));
  const width = pick(...taps.map((tap) => tap.shape[3]));
  const planes = allChannels(taps);
  const wanted = spec.channels ?? planes.map((_, channel) => channel);
  const data = new Float32Array(wanted.length * height * width);
  wanted.forEach((channel, row) => {
    const { tap, plane } = planes[channel];
    const out = data.subarray(row * height * width, (row + 1) * height * width);
    if (spec.grid === "finest") repeatPlane(taps[tap], plane, width, height, spec.scales[tap], out);
    else averagePlane(taps[tap], plane, width, height, spec.scales[tap], out);
  });
  const embedding = { channels: wanted.length, width, height, data };
  return spec.projection === null ? embedding : project(embedding, spec.projection);
}

function allChannels(taps: readonly Tensor[]): { tap: number; plane: number }[] {
  return taps.flatMap(({ shape }, tap) => Array.from({ length: shape[1] }, (_, plane) => ({ tap, plane })));
}

/** Nearest neighbour, asymmetric: source = ⌊target · in / out⌋. */
function repeatPlane(
  tap: Tensor,
  plane: number,
  width: number,
  height: number,
  scale: number,
  out: Float32Array,
): void {
  const [, , h, w] = tap.shape;
  const start = plane * h * w;
  if (h === height && w === width && scale === 1) {
    out.set(tap.data.subarray(start, start + h * w));
    return;
  }
  for (let y = 0, at = 0; y < height; y++) {
    const row = start + Math.floor((y * h) / height) * w;
    for (let x = 0; x < width; x++, at++) out[at] = tap.data[row + Math.floor((x * w) / width)] / scale;
  }
}

/** Mean over the block of samples that falls into a cell. */
function averagePlane(
  tap: Tensor,
  plane: number,
  width: number,
  height: number,
  scale: number,
  out: Float32Array,
): void {
  const [, , h, w] = tap.shape;
  const [stepY, stepX] = [h / height, w / width];
  const factor = 1 / (stepX * stepY * scale);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (let v = 0; v < stepY; v++) {
        const row = (plane * h + y * stepY + v) * w + x * stepX;
        for (let u = 0; u < stepX; u++) sum += tap.data[row + u];
      }
      out[at] = sum * factor;
    }
  }
}

function project(embedding: Embedding, projection: NonNullable<EmbeddingSpec["projection"]>): Embedding {
  const { channels, width, height, data } = embedding;
  const cells = width * height;
  const out = new Float32Array(projection.rows * cells);
  const line = new Float64Array(cells);
  for (let row = 0; row < projection.rows; row++) {
    line.fill(0);
    for (let channel = 0; channel < channels; channel++) {
      const weight = projection.data[row * channels + channel];
      const from = channel * cells;
      for (let cell = 0; cell < cells; cell++) line[cell] += weight * data[from + cell];
    }
    out.set(line, row * cells);
  }
  return { channels: projection.rows, width, height, data: out };
}

function checkTaps(taps: readonly Tensor[], spec: EmbeddingSpec): void {
  const total = taps.reduce((sum, { shape }) => sum + shape[1], 0);
  const fits = taps.every(({ shape }) => {
    const [, , h, w] = shape;
    const [H, W] = [taps[0].shape[2], taps[0].shape[3]];
    return (
      shape.length === 4 &&
      (spec.grid === "finest" || ((H % h === 0 || h % H === 0) && (W % w === 0 || w % W === 0)))
    );
  });
  const channelsFit = (spec.channels ?? []).every((channel) => channel >= 0 && channel < total);
  const projectionFits =
    spec.projection === null || spec.projection.data.length === spec.projection.rows * total;
  if (taps.length > 0 && taps.length === spec.scales.length && fits && channelsFit && projectionFits) return;
  throw new BlemishError("MODEL_OUTPUT", {
    subject: "The backbone",
    expected: `${spec.scales.length} taps [1, C, H, W] that the model's embedding was made for`,
    found: taps.map(({ shape }) => `[${shape.join(", ")}]`).join(" ") || "none",
  });
}
