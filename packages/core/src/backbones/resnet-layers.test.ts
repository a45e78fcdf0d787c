import { describe, expect, it } from "vitest";
import { tinyResnet } from "../../../../tests/support/tiny-resnet.js";
import type { NamedArray, SafeTensors } from "../bundle/safetensors.js";
import { resnetLayers } from "./resnet-layers.js";

const NET = tinyResnet({ bottleneck: false, blocks: [1], width: 4, seed: 1 });

/** The same tensors with some replaced (or removed, where undefined). */
function changed(changes: Record<string, NamedArray | undefined>, base: SafeTensors = NET): SafeTensors {
  const arrays = { ...base.arrays, ...changes } as Record<string, NamedArray>;
  for (const [name, array] of Object.entries(changes)) if (array === undefined) delete arrays[name];
  return { ...base, arrays };
}

const vector = (...values: number[]): NamedArray => ({
  type: "F32",
  shape: [values.length],
  data: Float32Array.from(values),
});
const layer1 = (tensors: SafeTensors) =>
  resnetLayers(tensors, "net").convolution("layer1.0.conv1", "layer1.0.bn1", 3);

describe("a convolution", () => {
  it("takes its batch normalisation in", () => {
    const { weight, bias, outputs, inputs } = layer1(
      changed({
        "layer1.0.bn1.weight": vector(1, 2, 3, 4),
        "layer1.0.bn1.bias": vector(10, 20, 30, 40),
        "layer1.0.bn1.running_mean": vector(0, 1, 2, 3),
        "layer1.0.bn1.running_var": vector(1 - 1e-5, 4, 9, 0),
      }),
    );
    expect([outputs, inputs]).toEqual([4, 4]);
    const factors = [1, 2 / Math.sqrt(4 + 1e-5), 3 / Math.sqrt(9 + 1e-5), 4 / Math.sqrt(1e-5)];
    const original = NET.arrays["layer1.0.conv1.weight"]?.data as Float32Array;
    // 1 − 1e-5 is not a float32 number, so that the first factor is 1 only to its last digits.
    weight.forEach((value, at) => {
      expect(value / (original[at] * factors[Math.floor(at / 36)])).toBeCloseTo(1, 6);
    });
    bias.forEach((value, at) => expect(value / (10 * (at + 1) - at * factors[at])).toBeCloseTo(1, 6));
  });

  it("is taken as it is where it was folded before", () => {
    const folded = changed({
      "layer1.0.conv1.bias": vector(1, 2, 3, 4),
      ...Object.fromEntries(
        ["weight", "bias", "running_mean", "running_var"].map((part) => [`layer1.0.bn1.${part}`, undefined]),
      ),
    });
    const { weight, bias } = layer1(folded);
    expect(weight).toBe(NET.arrays["layer1.0.conv1.weight"]?.data);
    expect([...bias]).toEqual([1, 2, 3, 4]);
  });

  it("may have a bias before its batch normalisation", () => {
    const [without, withBias] = [layer1(NET), layer1(changed({ "layer1.0.conv1.bias": vector(1, 0, 0, 0) }))];
    const gamma = NET.arrays["layer1.0.bn1.weight"]?.data as Float32Array;
    const variance = NET.arrays["layer1.0.bn1.running_var"]?.data as Float32Array;
    expect(withBias.bias[0] - without.bias[0]).toBeCloseTo(gamma[0] / Math.sqrt(variance[0] + 1e-5), 5);
    expect(withBias.bias.subarray(1)).toEqual(without.bias.subarray(1));
  });
});

describe("names", () => {
  it("may have a common prefix", () => {
    const prefixed = tinyResnet({
      bottleneck: false,
      blocks: [1],
      width: 4,
      seed: 1,
      prefix: "model.backbone.",
    });
    expect(layer1(prefixed)).toEqual(layer1(NET));
  });

  it("that no layer asked for are found, counters apart", () => {
    const layers = resnetLayers(
      changed({ "layer1.0.se.fc1.weight": vector(1), "fc2.weight": vector(1) }),
      "net",
    );
    expect(() => layers.checkAllRead(1)).toThrow("found a tensor that it does not have, conv1.weight");
    layers.convolution("conv1", "bn1", 7);
    layers.convolution("layer1.0.conv1", "layer1.0.bn1", 3);
    layers.convolution("layer1.0.conv2", "layer1.0.bn2", 3);
    expect(() => layers.checkAllRead(1)).toThrow(
      "found a tensor that it does not have, layer1.0.se.fc1.weight",
    );
  });
});

describe("bad input", () => {
  const seven: NamedArray = { type: "F32", shape: [4, 4, 7, 7], data: new Float32Array(784) };
  const wide: NamedArray = { type: "F64", shape: [4, 4, 3, 3], data: new Float64Array(144) };
  it.each<[string, SafeTensors, string]>([
    ["no tensors", { metadata: {}, arrays: {} }, "found tensors none"],
    [
      "other names",
      { metadata: {}, arrays: { "blocks.0.weight": vector(1) } },
      "found tensors blocks.0.weight",
    ],
    [
      "a deep stem",
      changed({ "layer1.0.conv1.weight": undefined }),
      "layer1.0.conv1.weight among them, found similar names layer1.0.conv2.weight",
    ],
    [
      "a missing statistic",
      changed({ "layer1.0.bn1.running_var": undefined }),
      "expected tensor layer1.0.bn1.running_var, found similar names layer1.0.bn2.running_var, ",
    ],
    [
      "no normalisation at all",
      changed(
        Object.fromEntries(
          ["weight", "bias", "running_mean", "running_var"].map((part) => [
            `layer1.0.bn1.${part}`,
            undefined,
          ]),
        ),
      ),
      "expected batch normalisation layer1.0.bn1 or layer1.0.conv1.bias",
    ],
    [
      "another kernel",
      changed({ "layer1.0.conv1.weight": seven }),
      "expected layer1.0.conv1.weight as F32 [any, any, 3, 3], found F32 [4, 4, 7, 7]",
    ],
    ["another type", changed({ "layer1.0.conv1.weight": wide }), "found F64 [4, 4, 3, 3]"],
    [
      "a short statistic",
      changed({ "layer1.0.bn1.bias": vector(1, 2, 3) }),
      "expected layer1.0.bn1.bias as F32 [4], found F32 [3]",
    ],
    [
      "no numbers",
      changed({ "layer1.0.bn1.bias": vector(1, 2, 3, Number.NaN) }),
      "finite numbers in layer1.0.bn1.bias",
    ],
    [
      "a negative variance",
      changed({ "layer1.0.bn1.running_var": vector(1, 2, 3, -4) }),
      "variances ≥ 0 in layer1.0.bn1.running_var",
    ],
  ])("%s", (_, tensors, words) => {
    expect(() => layer1(tensors)).toThrow(words);
    expect(() => layer1(tensors)).toThrow(expect.objectContaining({ code: "BACKBONE", subject: "net" }));
  });
});
