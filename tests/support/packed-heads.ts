/** Whitening factors and embeddings for tests of packed Gaussians. */
import { cholesky, invertLower, packedLength } from "../../packages/core/src/linalg/cholesky.js";
import { seededRandom } from "../../packages/core/src/random.js";
import { headPacker } from "../../packages/core/src/stages/padim/head-packer.js";
import {
  blockCount,
  type FactorPrecision,
  groupCount,
  type PackedGaussians,
  packedRows,
  scaleRows,
} from "../../packages/core/src/stages/padim/packed-gaussians.js";
import { storedEntries } from "../../packages/core/src/stages/padim/round-block.js";

/** Statistics of one cell and vectors to measure there. */
export interface CellSample {
  readonly mean: Float32Array;
  /** W with WᵀW = covariance⁻¹, packed lower triangle. */
  readonly factor: Float64Array;
  /** `[vectors][channels]`. */
  readonly vectors: Float32Array[];
}

/**
 * Correlated features without negative values, as networks give them: a quarter as many hidden causes as channels, channels of
 * different size. The covariance is of 200 vectors, plus 0.01 on the diagonal; vectors are like those, and some far off.
 */
export function correlatedCell(channels: number, vectors: number, seed: number, spread = 0.5): CellSample {
  const random = seededRandom(seed);
  const causes = Math.max(1, Math.round(channels / 4));
  const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
  const mix = normals(channels * causes);
  const size = normals(channels).map((value) => 0.5 * Math.exp(spread * value));
  const draw = (far: number): Float32Array => {
    const hidden = normals(causes);
    return Float32Array.from({ length: channels }, (_, i) => {
      let sum = 0.5 + 0.3 * random.normal() + far * random.normal();
      for (let k = 0; k < causes; k++) sum += (mix[i * causes + k] * hidden[k]) / Math.sqrt(causes);
      return Math.max(0, sum) * size[i];
    });
  };
  const training = Array.from({ length: 200 }, () => draw(0));
  const mean = Float32Array.from({ length: channels }, (_, i) => {
    let sum = 0;
    for (const vector of training) sum += vector[i];
    return sum / training.length;
  });
  const covariance = new Float64Array(packedLength(channels));
  for (let i = 0, at = 0; i < channels; i++)
    for (let j = 0; j <= i; j++, at++) {
      let sum = 0;
      for (const vector of training) sum += (vector[i] - mean[i]) * (vector[j] - mean[j]);
      covariance[at] = sum / (training.length - 1) + (i === j ? 0.01 : 0);
    }
  const factor = invertLower(cholesky(covariance, channels), channels);
  return { mean, factor, vectors: Array.from({ length: vectors }, (_, v) => draw(v % 4 === 3 ? 2 : 0)) };
}

/** ‖W·(x − μ)‖ in float64. */
export function exactDistance({ mean, factor }: CellSample, vector: Float32Array): number {
  let squares = 0;
  for (let i = 0, at = 0; i < mean.length; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++, at++) sum += factor[at] * (vector[j] - mean[j]);
    squares += sum * sum;
  }
  return Math.sqrt(squares);
}

/** Cells packed side by side. */
export function packCells(samples: readonly CellSample[], precision: FactorPrecision): PackedGaussians {
  const channels = samples[0].mean.length;
  const packer = headPacker(channels, samples.length, precision);
  const rows = packedLength(channels);
  for (let block = 0; block * 8 < samples.length; block++) {
    const data = new Float64Array(rows * 8);
    samples.slice(block * 8, block * 8 + 8).forEach(({ mean, factor }, lane) => {
      factor.forEach((value, at) => {
        data[at * 8 + lane] = value;
      });
      mean.forEach((value, d) => {
        packer.mean[(block * channels + d) * 8 + lane] = value;
      });
    });
    packer.add(data);
  }
  return packer.finish();
}

/** Gaussians that are all 0, with room for every entry of the triangles, to be filled. */
export function emptyHead(channels: number, cells: number, precision: FactorPrecision): PackedGaussians {
  const blocks = blockCount(cells);
  return {
    channels,
    cells,
    precision,
    mean: new Float32Array(blocks * channels * 8),
    linkedGroups: new Int16Array(blocks).fill(groupCount(channels)),
    order: new Int16Array(0),
    factor: storedEntries(precision, blocks * packedRows(channels) * 8),
    scale: precision === "float32" ? null : new Float32Array(blocks * scaleRows(channels) * 8),
  };
}

/** A head in which each cell links about half of its channels; the same every time. */
export function sparseHead(channels: number, cells: number, precision: FactorPrecision): PackedGaussians {
  const random = seededRandom(channels * 100 + cells);
  const packer = headPacker(channels, cells, precision);
  for (let at = 0; at < packer.mean.length; at++) packer.mean[at] = random.normal();
  for (let block = 0; block < blockCount(cells); block++) {
    const linked = Array.from({ length: channels * 8 }, () => random.int(2) === 0);
    const triangles = new Float64Array(packedLength(channels) * 8);
    for (let i = 0, at = 0; i < channels; i++)
      for (let j = 0; j <= i; j++)
        for (let lane = 0; lane < 8; lane++, at++)
          if (i === j) triangles[at] = 1 + random.next();
          else if (linked[i * 8 + lane] && linked[j * 8 + lane]) triangles[at] = random.normal();
    packer.add(triangles);
  }
  return packer.finish();
}

/** Vector `v` of every cell as an embedding `[channels, cells]`. */
export function embeddingOf(samples: readonly CellSample[], v: number): Float32Array {
  const cells = samples.length;
  const embedding = new Float32Array(samples[0].mean.length * cells);
  samples.forEach(({ vectors }, cell) => {
    vectors[v].forEach((value, d) => {
      embedding[d * cells + cell] = value;
    });
  });
  return embedding;
}
