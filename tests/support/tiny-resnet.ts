/**
 * A ResNet small enough to make in a test, as torchvision would save it, and what it computes in plain loops: float64,
 * batch normalisation as its formula says, no graph. The graph made from the same tensors is compared with it.
 */
import type { NamedArray, SafeTensors, Tensor } from "@blemish/core";
import { seededRandom } from "@blemish/core";

/** What kind of ResNet. */
export interface TinyResnet {
  readonly bottleneck: boolean;
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  /** Channels of the stem; stage n has this times 2^(n−1), bottlenecks give four times that. */
  readonly width: number;
  /** Groups of a bottleneck's 3×3 convolution. */
  readonly groups?: number;
  readonly seed: number;
  readonly prefix?: string;
}

/** Random tensors under torchvision's names, `fc` and counters included. */
export function tinyResnet({
  bottleneck,
  blocks,
  width,
  groups = 1,
  seed,
  prefix = "",
}: TinyResnet): SafeTensors {
  const random = seededRandom(seed);
  const arrays: Record<string, NamedArray> = {};
  const put = (name: string, shape: number[], value: () => number) => {
    const count = shape.reduce((product, side) => product * side, 1);
    arrays[prefix + name] = { type: "F32", shape, data: Float32Array.from({ length: count }, value) };
  };
  const layer = (conv: string, norm: string, [out, input, kernel]: [number, number, number]) => {
    const spread = Math.sqrt(6 / (input * kernel * kernel));
    put(`${conv}.weight`, [out, input, kernel, kernel], () => (random.next() * 2 - 1) * spread);
    put(`${norm}.weight`, [out], () => 0.5 + random.next());
    put(`${norm}.bias`, [out], () => random.next() - 0.5);
    put(`${norm}.running_mean`, [out], () => random.next() - 0.5);
    put(`${norm}.running_var`, [out], () => 0.2 + random.next());
    arrays[`${prefix}${norm}.num_batches_tracked`] = { type: "I64", shape: [], data: BigInt64Array.of(7n) };
  };
  layer("conv1", "bn1", [width, 3, 7]);
  let channels = width;
  blocks.forEach((count, index) => {
    const inner = width * 2 ** index;
    const outer = bottleneck ? inner * 4 : inner;
    for (let block = 0; block < count; block++) {
      const name = `layer${index + 1}.${block}`;
      layer(`${name}.conv1`, `${name}.bn1`, [inner, channels, bottleneck ? 1 : 3]);
      layer(`${name}.conv2`, `${name}.bn2`, [inner, inner / groups, 3]);
      if (bottleneck) layer(`${name}.conv3`, `${name}.bn3`, [outer, inner, 1]);
      if (block === 0 && (index > 0 || channels !== outer))
        layer(`${name}.downsample.0`, `${name}.downsample.1`, [outer, channels, 1]);
      channels = outer;
    }
  });
  put("fc.weight", [5, channels], () => random.next());
  put("fc.bias", [5], () => random.next());
  return { metadata: {}, arrays };
}

interface Plane {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** The output of every stage for one input `[1, 3, H, W]`. */
export function plainResnet({ arrays }: SafeTensors, input: Tensor, prefix = ""): Tensor[] {
  const numbers = (name: string) => arrays[prefix + name]?.data as Float32Array;
  const has = (name: string) => arrays[prefix + name] !== undefined;
  const layer = (x: Plane, conv: string, norm: string, stride: number) =>
    normalise(convolve(x, arrays[`${prefix}${conv}.weight`] as NamedArray, stride), {
      gamma: numbers(`${norm}.weight`),
      beta: numbers(`${norm}.bias`),
      mean: numbers(`${norm}.running_mean`),
      variance: numbers(`${norm}.running_var`),
    });
  const [, channels, height, width] = input.shape as [number, number, number, number];
  let x = maxPool(
    relu(layer({ channels, height, width, data: Float64Array.from(input.data) }, "conv1", "bn1", 2)),
  );
  const stages: Tensor[] = [];
  for (let stage = 1; has(`layer${stage}.0.conv1.weight`); stage++) {
    for (let block = 0; has(`layer${stage}.${block}.conv1.weight`); block++) {
      const name = `layer${stage}.${block}`;
      const stride = stage > 1 && block === 0 ? 2 : 1;
      const three = has(`${name}.conv3.weight`);
      let y = relu(layer(x, `${name}.conv1`, `${name}.bn1`, three ? 1 : stride));
      y = layer(y, `${name}.conv2`, `${name}.bn2`, three ? stride : 1);
      if (three) y = layer(relu(y), `${name}.conv3`, `${name}.bn3`, 1);
      const skip = has(`${name}.downsample.0.weight`)
        ? layer(x, `${name}.downsample.0`, `${name}.downsample.1`, stride)
        : x;
      x = relu({ ...y, data: y.data.map((value, at) => value + (skip.data[at] as number)) });
    }
    stages.push({ data: Float32Array.from(x.data), shape: [1, x.channels, x.height, x.width] });
  }
  return stages;
}

function convolve(x: Plane, { shape, data: weight }: NamedArray, stride: number): Plane {
  const [out, perGroup, kernel] = shape as [number, number, number, number];
  const pad = (kernel - 1) / 2;
  const height = Math.floor((x.height + 2 * pad - kernel) / stride) + 1;
  const width = Math.floor((x.width + 2 * pad - kernel) / stride) + 1;
  const data = new Float64Array(out * height * width);
  const outPerGroup = out / (x.channels / perGroup);
  let at = 0;
  for (let o = 0; o < out; o++) {
    const first = Math.floor(o / outPerGroup) * perGroup;
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let c = 0; c < perGroup; c++) {
          for (let u = 0; u < kernel; u++) {
            for (let v = 0; v < kernel; v++) {
              const [y, z] = [i * stride + u - pad, j * stride + v - pad];
              if (y < 0 || z < 0 || y >= x.height || z >= x.width) continue;
              const w = weight[((o * perGroup + c) * kernel + u) * kernel + v] as number;
              sum += w * (x.data[((first + c) * x.height + y) * x.width + z] as number);
            }
          }
        }
        data[at++] = sum;
      }
    }
  }
  return { channels: out, height, width, data };
}

type Norm = Record<"gamma" | "beta" | "mean" | "variance", Float32Array>;

function normalise(x: Plane, { gamma, beta, mean, variance }: Norm): Plane {
  const area = x.height * x.width;
  const data = x.data.map((value, at) => {
    const c = Math.floor(at / area);
    const centred = value - (mean[c] as number);
    return (centred / Math.sqrt((variance[c] as number) + 1e-5)) * (gamma[c] as number) + (beta[c] as number);
  });
  return { ...x, data };
}

function relu(x: Plane): Plane {
  return { ...x, data: x.data.map((value) => Math.max(0, value)) };
}

/** 3×3, stride 2, padding 1. */
function maxPool(x: Plane): Plane {
  const [height, width] = [Math.floor((x.height - 1) / 2) + 1, Math.floor((x.width - 1) / 2) + 1];
  const data = new Float64Array(x.channels * height * width).fill(Number.NEGATIVE_INFINITY);
  let at = 0;
  for (let c = 0; c < x.channels; c++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++, at++) {
        for (let y = Math.max(0, 2 * i - 1); y <= Math.min(x.height - 1, 2 * i + 1); y++) {
          for (let z = Math.max(0, 2 * j - 1); z <= Math.min(x.width - 1, 2 * j + 1); z++) {
            data[at] = Math.max(data[at] as number, x.data[(c * x.height + y) * x.width + z] as number);
          }
        }
      }
    }
  }
  return { ...x, height, width, data };
}
