import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  activationProbe,
  backboneSteps,
  indexGraph,
  measureActivations,
  type OnnxModel,
  preProcess,
  quantiseNetwork,
  readOnnx,
  renderPart,
  seededRandom,
  type Tensor,
  tensorValues,
  writeOnnx,
  writeSafeTensors,
} from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { floats, node, port, type SmallModel, smallModel } from "../../../../tests/support/small-onnx.js";
import { tinyResnet } from "../../../../tests/support/tiny-resnet.js";
import { writeFileAtomic } from "../images/write-file-atomic.js";
import { ortSession } from "../session/ort-session.js";
import { importBackboneFile } from "./import-backbone-file.js";
import { type Backbone, loadBackbone } from "./load-backbone.js";
import { quantiseBackbone, quantiseOnPictures } from "./quantise-backbone.js";
import { writeBackbone } from "./write-backbone.js";

let root = "";
let backbone: Backbone;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-quantise-"));
  const file = join(root, "tiny.safetensors");
  const tensors = tinyResnet({ bottleneck: false, blocks: [1, 1, 1], width: 8, seed: 5 });
  await writeFileAtomic(file, writeSafeTensors(tensors));
  await writeBackbone(join(root, "tiny"), await importBackboneFile(file, { id: "tiny" }));
  backbone = await loadBackbone(join(root, "tiny"));
});
afterAll(() => rm(root, { recursive: true }));

const pictures = (count: number) =>
  Array.from({ length: count }, (_, seed) => renderPart("washer", { seed, width: 96, height: 96 }).image);

async function run(bytes: Uint8Array, input: string, tensor: Tensor) {
  const session = await ortSession({ bytes, name: "network" }, { threads: 1, spinning: false });
  try {
    return await session.run({ [input]: tensor });
  } finally {
    await session.close();
  }
}

/** Both forms of a network on the same input, and the step of the output's integers. */
async function both(model: OnnxModel, tensors: readonly Tensor[]) {
  const probe = activationProbe(model, "net");
  const session = await ortSession(
    { bytes: writeOnnx(probe.model), name: "probe" },
    { threads: 1, spinning: false },
  );
  const facts = await measureActivations(session, probe, { name: "input", tensors, extremes: [] });
  await session.close();
  const integer = quantiseNetwork(model, facts, "net");
  const [first] = tensors;
  const exact = (await run(writeOnnx(model), "input", first!)).output!;
  const rounded = (await run(writeOnnx(integer), "input", first!)).output!;
  const scale = indexGraph(integer.graph).constants.get("output/scale")!;
  const step = (tensorValues(scale) as Float32Array)[0]!;
  const worst = exact.data.reduce((so, value, at) => Math.max(so, Math.abs(value - rounded.data[at]!)), 0);
  return { exact, rounded, step, worst };
}

/** Whole numbers 0–255 with both ends, so that input steps are exactly 1. */
function wholeNumbers(channels: number, side: number, seed: number): Tensor {
  const random = seededRandom(seed);
  const data = Float32Array.from({ length: channels * side * side }, () => Math.floor(256 * random.next()));
  data[0] = 0;
  data[1] = 255;
  return { data, shape: [1, channels, side, side] };
}

/** Multiples of 1/64 with ±1 in every row, which are exact as integers. */
function exactWeights(name: string, dims: readonly number[], seed: number) {
  const random = seededRandom(seed);
  const count = dims.reduce((product, side) => product * side, 1);
  const row = count / dims[0]!;
  const values = Array.from({ length: count }, (_, at) =>
    at % row === 0 ? 1 : Math.round(128 * random.next() - 64) / 64,
  );
  return floats(name, dims, values);
}

const PORTS = { inputs: [port("input", [1, 4, 8, 8])], outputs: [port("output", null)], opset: 17 };
const bias = floats("b", [4], [3, -200, 0, 100]);
const PADDED = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };

describe("an integer graph in the runtime", () => {
  it.each<[string, SmallModel]>([
    [
      "convolution",
      {
        initialisers: [exactWeights("w", [4, 4, 3, 3], 1), bias],
        nodes: [node("Conv", ["input", "w", "b"], "output", PADDED)],
      },
    ],
    [
      "convolution with stride, without bias, and ReLU",
      {
        initialisers: [exactWeights("w", [4, 4, 3, 3], 2)],
        nodes: [
          node("Conv", ["input", "w"], "c", { ...PADDED, strides: [2, 2] }),
          node("Relu", ["c"], "output"),
        ],
      },
    ],
    [
      "convolution and clip",
      {
        initialisers: [
          exactWeights("w", [4, 4, 1, 1], 3),
          bias,
          floats("low", [], [0]),
          floats("high", [], [90]),
        ],
        nodes: [node("Conv", ["input", "w", "b"], "c"), node("Clip", ["c", "low", "high"], "output")],
      },
    ],
    [
      "matrix product",
      {
        inputs: [port("input", [1, 64])],
        initialisers: [exactWeights("w", [4, 64], 4), bias],
        nodes: [node("Gemm", ["input", "w", "b"], "output", { transB: 1 })],
      },
    ],
  ])("differs from the float graph by half a step at most: %s", async (_, parts) => {
    const tensor = wholeNumbers(4, parts.inputs === undefined ? 8 : 4, 9);
    const input = parts.inputs === undefined ? tensor : { ...tensor, shape: [1, 64] };
    const { worst, step } = await both(smallModel({ ...PORTS, ...parts }), [input]);
    expect(worst / step).toBeLessThan(0.505);
    expect(worst).toBeGreaterThan(0);
  });

  it("rounds each stage once: depthwise, sum, poolings", async () => {
    const depthwise = {
      initialisers: [
        floats(
          "d",
          [4, 1, 3, 3],
          Array.from({ length: 36 }, (_, at) => ((at * 7) % 11) / 9 - 0.5),
        ),
        bias,
      ],
      nodes: [node("Conv", ["input", "d", "b"], "output", { ...PADDED, group: 4 })],
    };
    // Weights of half a step's error, over 9 inputs of 255, and the output's own half step.
    const first = await both(smallModel({ ...PORTS, ...depthwise }), [wholeNumbers(4, 8, 9)]);
    expect(first.worst / first.step).toBeLessThan(4);
    const stages = {
      initialisers: [exactWeights("w", [4, 4, 1, 1], 3), bias],
      nodes: [
        node("Conv", ["input", "w", "b"], "c"),
        node("MaxPool", ["c"], "p", { kernel_shape: [2, 2], strides: [2, 2] }),
        node("AveragePool", ["p"], "a", { kernel_shape: [2, 2], strides: [1, 1] }),
        node("Add", ["a", "a"], "s"),
        node("GlobalAveragePool", ["s"], "output"),
      ],
    };
    const second = await both(smallModel({ ...PORTS, ...stages }), [wholeNumbers(4, 8, 9)]);
    expect(second.worst / second.step).toBeLessThan(6);
    expect(second.rounded.shape).toEqual(second.exact.shape);
  });

  it("gives a constant and an output of zeros exactly", async () => {
    const parts = {
      initialisers: [floats("w", [4, 4, 1, 1], Array(16).fill(0)), bias],
      nodes: [node("Conv", ["input", "w", "b"], "output")],
    };
    const { exact, rounded, step } = await both(smallModel({ ...PORTS, ...parts }), [wholeNumbers(4, 8, 9)]);
    for (const [at, value] of exact.data.entries())
      expect(Math.abs(value - rounded.data[at]!)).toBeLessThan(0.505 * step);
    const none = {
      ...parts,
      initialisers: [floats("w", [4, 4, 1, 1], Array(16).fill(0)), floats("b", [4], [0, 0, 0, 0])],
    };
    expect([
      ...(await both(smallModel({ ...PORTS, ...none }), [wholeNumbers(4, 8, 9)])).rounded.data,
    ]).toEqual(Array(256).fill(0));
  });
});

describe("a backbone's int8 form", () => {
  const noise = (exact: Tensor, rounded: Tensor) => {
    let [signal, difference] = [0, 0];
    for (const [at, value] of exact.data.entries()) {
      signal += value ** 2;
      difference += (value - rounded.data[at]!) ** 2;
    }
    return 10 * Math.log10(signal / difference);
  };

  it("is a third of the bytes or less, gives the same taps but for rounding, and is the same every time", async () => {
    const done: number[] = [];
    const int8 = await quantiseBackbone(backbone, pictures(6), { size: 96, onProgress: (n) => done.push(n) });
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Buffer.compare(int8, await quantiseBackbone(backbone, pictures(6), { size: 96 }))).toBe(0);
    expect(int8.length).toBeLessThan(backbone.modelBytes.length);
    const { manifest } = backbone;
    const other = renderPart("washer", { seed: 77, width: 96, height: 96 }).image;
    const tensor = preProcess(other, backboneSteps(manifest, 96, 96));
    const exact = await run(backbone.modelBytes, manifest.input.name, tensor);
    const rounded = await run(int8, manifest.input.name, tensor);
    for (const { name } of manifest.taps) {
      expect(rounded[name]?.shape).toEqual(exact[name]?.shape);
      expect(noise(exact[name]!, rounded[name]!)).toBeGreaterThan(20);
    }
  });

  it("takes pictures from black to white, whatever it was measured on", async () => {
    const grey = { width: 96, height: 96, channels: 3, data: new Uint8Array(3 * 96 * 96).fill(128) } as const;
    const int8 = readOnnx(await quantiseBackbone(backbone, [grey], { size: 96 }), "int8");
    const { name, mean, std } = backbone.manifest.input;
    const { constants } = indexGraph(int8.graph);
    const [scale] = tensorValues(constants.get(`${name}/scale`)!) as Float32Array;
    const ends = [0, 1, 2].flatMap((c) => [0, 255].map((level) => (level - mean[c]!) / std[c]!));
    expect(scale).toBeCloseTo((Math.max(...ends) - Math.min(...ends)) / 255, 6);
  });

  it("needs pictures, a size that fits, and a network that is not int8 already", async () => {
    await expect(quantiseBackbone(backbone, [], { size: 96 })).rejects.toMatchObject({ code: "BACKBONE" });
    await expect(quantiseBackbone(backbone, pictures(1), { size: 100 })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
    const { signal } = { signal: AbortSignal.abort() };
    await expect(quantiseBackbone(backbone, pictures(1), { size: 96, signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    const bytes = await quantiseBackbone(backbone, pictures(1), { size: 96 });
    const preprocessing = backboneSteps(backbone.manifest, 96, 96);
    const again = { bytes, name: "int8", input: "input", preprocessing, size: { width: 96, height: 96 } };
    await expect(quantiseOnPictures({ ...again, profile: "blemish" }, pictures(1))).rejects.toMatchObject({
      code: "BACKBONE",
      expected: "a float32 network with convolutions of constant weights",
    });
  });
});
