/**
 * From a backbone's taps to one vector per grid cell: every tap may be averaged over neighbouring places, is scaled and
 * brought to one grid, channels are concatenated, then some are kept or all are projected. Sources: PaDiM (arXiv
 * 2011.08785); PatchCore (arXiv 2106.08265); Anomalib 0.7 `generate_embedding` (finest grid, nearest neighbour).
 */
import { BlemishError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { enlargeBilinear } from "./enlarge-bilinear.js";
import { localMean } from "./local-mean.js";

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
  /** 3: every tap is first averaged over 3 × 3 places (`local-mean.ts`), as PatchCore does; 1: it is not. */
  readonly neighbourhood: 1 | 3;
  /** How coarser taps are brought to the finest grid; `nearest`, the default: their samples are repeated. */
  readonly enlargement?: "nearest" | "bilinear";
  /** Places on the grid whose vectors are wanted, in this order, some perhaps twice. Absent = all. */
  readonly places?: Int32Array;
}

/** Vectors of one picture. */
export interface Embedding {
  readonly channels: number;
  /** Of the grid, in cells. */
  readonly width: number;
  readonly height: number;
  /** `[channels, cells]`, row-major; the cells are those of the specification's `places`, or all `height · width`. */
  readonly data: Float32Array;
}

/** Room that `embed` works in again and again, for one specification and one size of picture. */
export interface EmbeddingRoom {
  /** The result, `[channels, cells]`. */
  readonly data: Float32Array;
  /** All concatenated channels before a projection, `[concatenated channels, cells]`; empty without one. */
  readonly wide: Float32Array;
  /** One row of the product, `[cells]`; empty without a projection. */
  readonly line: Float64Array;
  /** One plane of a tap, averaged; becomes as long as the largest when it is first needed. */
  plane: Float32Array;
  /** One plane of the grid, where only some of its cells are wanted; becomes as long as the grid when it is first needed. */
  whole: Float32Array;
}

/**
 * Room of its own around the place where the result is wanted.
 * @param data `[channels, cells]` of the finished embedding.
 * @param concatenated channels of all taps together.
 */
export function embeddingRoom(
  { projection }: EmbeddingSpec,
  concatenated: number,
  cells: number,
  data: Float32Array,
): EmbeddingRoom {
  return {
    data,
    wide: new Float32Array(projection === null ? 0 : concatenated * cells),
    line: new Float64Array(projection === null ? 0 : cells),
    plane: new Float32Array(0),
    whole: new Float32Array(0),
  };
}

/**
 * The embedding of one picture.
 * @param taps float32 `[1, C, H, W]` each, in the backbone's order; sides must be multiples of one another.
 * @param room overwritten, and the result's data; without it everything is new.
 * @throws MODEL_OUTPUT when the taps do not fit the specification or the room.
 */
export function embed(taps: readonly Tensor[], spec: EmbeddingSpec, room?: EmbeddingRoom): Embedding {
  checkTaps(taps, spec);
  const pick = spec.grid === "finest" ? Math.max : Math.min;
  const height = pick(...taps.map((tap) => tap.shape[2]));
  const width = pick(...taps.map((tap) => tap.shape[3]));
  const { places = null } = spec;
  const cells = places?.length ?? height * width;
  const total = taps.reduce((sum, { shape }) => sum + shape[1], 0);
  const kept = spec.channels?.length ?? total;
  const channels = spec.projection?.rows ?? kept;
  const used = room ?? embeddingRoom(spec, total, cells, new Float32Array(channels * cells));
  checkRoom(used, channels * cells, spec.projection === null ? 0 : total * cells);
  const planes = spec.projection === null ? used.data : used.wide;
  const enlarge = spec.enlargement === "bilinear" ? enlargeBilinear : repeatPlane;
  const place = spec.grid === "finest" ? enlarge : averagePlane;
  for (let row = 0; row < kept; row++) {
    let [tap, plane] = [0, spec.channels?.[row] ?? row];
    while (plane >= taps[tap].shape[1]) plane -= taps[tap++].shape[1];
    const averaged = spec.neighbourhood === 3;
    const source = averaged ? averagedPlane(taps[tap], plane, used) : taps[tap];
    const from = averaged ? 0 : plane;
    if (places === null) place(source, from, width, height, spec.scales[tap], planes, row * cells);
    else {
      const whole = wholePlane(used, height * width);
      place(source, from, width, height, spec.scales[tap], whole, 0);
      for (let i = 0, at = row * cells; i < cells; i++, at++) planes[at] = whole[places[i]];
    }
  }
  if (spec.projection !== null) project(used, kept, cells, spec.projection);
  return { channels, width, height, data: used.data };
}

/** Room for one plane of the grid. */
function wholePlane(room: EmbeddingRoom, cells: number): Float32Array {
  if (room.whole.length !== cells) room.whole = new Float32Array(cells);
  return room.whole;
}

/** One plane of a tap after the local mean, in the room. */
function averagedPlane({ shape, data }: Tensor, plane: number, room: EmbeddingRoom): Tensor {
  const [, , h, w] = shape;
  if (room.plane.length < h * w) room.plane = new Float32Array(h * w);
  localMean(data, plane * h * w, w, h, room.plane);
  return { shape: [1, 1, h, w], data: room.plane };
}

/** Nearest neighbour, asymmetric: source = ⌊target · in / out⌋. */
function repeatPlane(
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
  if (h === height && w === width && scale === 1) {
    out.set(data.subarray(from, from + h * w), start);
    return;
  }
  for (let y = 0, last = -1, at = start; y < height; y++, at += width) {
    const row = Math.floor((y * h) / height);
    if (row === last) out.copyWithin(at, at - width, at);
    else repeatRow(data, from + row * w, w, scale, out, at, width);
    last = row;
  }
}

/** Spreads `length` samples over `width` cells; each is divided once. */
function repeatRow(
  data: Float32Array,
  from: number,
  length: number,
  scale: number,
  out: Float32Array,
  start: number,
  width: number,
): void {
  for (let i = 0, x = 0; i < length; i++) {
    const value = scale === 1 ? data[from + i] : data[from + i] / scale;
    // Cells x with ⌊x · length / width⌋ = i.
    for (const end = Math.ceil(((i + 1) * width) / length); x < end; x++) out[start + x] = value;
  }
}

/** Mean over the block of samples that falls into a cell. */
function averagePlane(
  { shape, data }: Tensor,
  plane: number,
  width: number,
  height: number,
  scale: number,
  out: Float32Array,
  start: number,
): void {
  const [, , h, w] = shape;
  const [stepY, stepX] = [h / height, w / width];
  const factor = 1 / (stepX * stepY * scale);
  for (let y = 0, at = start; y < height; y++) {
    const row = (plane * h + y * stepY) * w;
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (let v = 0, from = row + x * stepX; v < stepY; v++, from += w)
        for (let u = 0; u < stepX; u++) sum += data[from + u];
      out[at] = sum * factor;
    }
  }
}

/** Multiplies every vector, summing in float64 over the channels in order; four channels in one sweep. */
function project(
  { data, wide, line }: EmbeddingRoom,
  channels: number,
  cells: number,
  projection: NonNullable<EmbeddingSpec["projection"]>,
): void {
  const whole = channels - (channels % 4);
  for (let row = 0; row < projection.rows; row++) {
    const weights = projection.data.subarray(row * channels, (row + 1) * channels);
    line.fill(0);
    for (let channel = 0; channel < whole; channel += 4) {
      const [w0, w1, w2, w3] = [
        weights[channel],
        weights[channel + 1],
        weights[channel + 2],
        weights[channel + 3],
      ];
      for (let cell = 0, at = channel * cells; cell < cells; cell++, at++)
        line[cell] =
          line[cell] +
          w0 * wide[at] +
          w1 * wide[at + cells] +
          w2 * wide[at + 2 * cells] +
          w3 * wide[at + 3 * cells];
    }
    for (let channel = whole; channel < channels; channel++)
      for (let cell = 0, at = channel * cells; cell < cells; cell++, at++)
        line[cell] += weights[channel] * wide[at];
    data.set(line, row * cells);
  }
}

function checkRoom({ data, wide }: EmbeddingRoom, length: number, wideLength: number): void {
  if (data.length === length && wide.length === wideLength) return;
  throw new BlemishError("MODEL_OUTPUT", {
    subject: "The backbone",
    expected: `taps that give ${data.length} values, as the model was made for`,
    found: `taps that give ${length}`,
  });
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
