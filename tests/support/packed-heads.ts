/** Whitening factors and embeddings for tests of packed Gaussians. */
import { cholesky, invertLower, packedLength } from "../../packages/core/src/linalg/cholesky.js";
import { seededRandom } from "../../packages/core/src/random.js";
import { emptyHead, packBlock } from "../../packages/core/src/stages/padim/pack-block.js";
import type {
  FactorPrecision,
  PackedGaussians,
} from "../../packages/core/src/stages/padim/packed-gaussians.js";

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
  const head = emptyHead(channels, samples.length, precision);
  const rows = packedLength(channels);
  for (let block = 0; block * 8 < samples.length; block++) {
    const data = new Float64Array(rows * 8);
    samples.slice(block * 8, block * 8 + 8).forEach(({ mean, factor }, lane) => {
      factor.forEach((value, at) => {
        data[at * 8 + lane] = value;
      });
      mean.forEach((value, d) => {
        head.mean[(block * channels + d) * 8 + lane] = value;
      });
    });
    packBlock(head, block, data);
  }
  return head;
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
