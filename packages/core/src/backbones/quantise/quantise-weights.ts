/**
 * Weights and biases of a convolution or a matrix product as integers, with one scale for each output.
 *
 * Two things keep the error of rounding small where it hurts most, in depthwise convolutions whose weights cancel each
 * other: kernels keep the sum of their weights, and the mean error that is left goes into the bias.
 */

/** What a layer computes with. */
export interface LayerWeights {
  /** `[outputs, inputs, kernel]`, row-major; inputs are those of one group, kernel is height × width or 1. */
  readonly values: Float32Array;
  readonly outputs: number;
  readonly kernel: number;
  /** One for each output; null = none. */
  readonly bias: Float32Array | null;
  /** Scale of the activation that the weights are multiplied with, > 0. */
  readonly inputScale: number;
  /** Largest integer that a weight becomes: {@link MOST_IN_PAIRS} or {@link MOST_ALONE}. */
  readonly most: number;
  /** Mean of each input channel over all groups; null = not known. */
  readonly inputMeans: ArrayLike<number> | null;
}

/** weight ≈ scales[output] · weights, bias ≈ inputScale · scales[output] · bias. */
export interface QuantisedWeights {
  /** −most…most, in the layout of the values. */
  readonly weights: Int8Array;
  /** > 0. */
  readonly scales: Float32Array;
  readonly bias: Int32Array;
}

/**
 * Where products of several input channels are added, processors without VNNI add pairs of uint8 × int8 products in 16
 * bits and cut off what does not fit (`vpmaddubsw`). 2 · 255 · 64 fits, so every processor gives the same numbers.
 */
export const MOST_IN_PAIRS = 64;

/** Depthwise convolutions add in 32 bits everywhere. */
export const MOST_ALONE = 127;

/** Largest integer that a bias becomes; sums of products that are added to it stay below 2³¹. */
const MOST_BIAS = 2 ** 30;

/** Finer steps than this are of no use, and products of two scales must stay normal float32 numbers. */
const FINEST = 2 ** -50;

/**
 * Symmetric int8, each output with its own scale: its largest weight becomes ±`most`. An output whose bias is so much larger
 * than its weights that it would not fit int32 gets a larger scale; weights that are all zero stay zero.
 */
export function quantiseWeights(layer: LayerWeights): QuantisedWeights {
  const { values, outputs, kernel, inputScale, most } = layer;
  const size = values.length / outputs;
  const scales = outputScales(layer);
  const weights = Int8Array.from(values, (value, at) => Math.round(value / scales[Math.floor(at / size)]));
  for (let start = 0; start < values.length && kernel > 1; start += kernel) {
    const scale = scales[Math.floor(start / size)];
    keepSum(values.subarray(start, start + kernel), scale, weights.subarray(start, start + kernel), most);
  }
  const errors = meanErrors(layer, scales, weights);
  const bias = Int32Array.from(errors, (error, output) =>
    Math.round(((layer.bias?.[output] ?? 0) + error) / (inputScale * scales[output])),
  );
  return { weights, scales, bias };
}

function outputScales({ values, outputs, bias, inputScale, most }: LayerWeights): Float32Array {
  const size = values.length / outputs;
  return Float32Array.from({ length: outputs }, (_, output) => {
    const weights = values.subarray(output * size, (output + 1) * size);
    const largest = weights.reduce((so, weight) => Math.max(so, Math.abs(weight)), 0);
    const forBias = Math.abs(bias?.[output] ?? 0) / (inputScale * MOST_BIAS);
    return Math.max(largest / most, forBias, FINEST);
  });
}

/**
 * Rounds the weights of one kernel whose error is largest the other way, until their sum is as near to the sum of the
 * values as whole numbers can be: what a kernel makes of an even surface then stays the same.
 */
function keepSum(values: Float32Array, scale: number, weights: Int8Array, most: number): void {
  const left = Array.from(values, (value, k) => value / scale - weights[k]);
  let missing = Math.round(left.reduce((sum, rest) => sum + rest, 0));
  while (missing !== 0) {
    const step = Math.sign(missing);
    let best = -1;
    for (const [k, rest] of left.entries()) {
      const room = Math.abs(weights[k] + step) <= most;
      if (room && (best < 0 || rest * step > left[best] * step)) best = k;
    }
    if (best < 0) return;
    weights[best] += step;
    left[best] -= step;
    missing -= step;
  }
}

/** By how much each output is too small for inputs of the mean sizes; zeros where the means are not known. */
function meanErrors(layer: LayerWeights, scales: Float32Array, weights: Int8Array): Float64Array {
  const { values, outputs, kernel, inputMeans } = layer;
  const errors = new Float64Array(outputs);
  if (inputMeans === null) return errors;
  const inputs = values.length / outputs / kernel;
  const groups = Math.max(1, Math.round(inputMeans.length / inputs));
  for (let at = 0; at < values.length; at++) {
    const row = Math.floor(at / kernel);
    const output = Math.floor(row / inputs);
    const group = Math.floor((output * groups) / outputs);
    const mean = inputMeans[group * inputs + (row % inputs)];
    errors[output] += (values[at] - weights[at] * scales[output]) * mean;
  }
  return errors;
}
