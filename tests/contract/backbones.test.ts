/** Backbones compute what they should: the embedded one, cut networks, and ResNets made from weights. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  cutGraph,
  extractTaps,
  preProcess,
  readOnnx,
  readSafeTensors,
  resnetGraph,
  type Tensor,
  writeOnnx,
} from "@blemish/core";
import { backboneSession, importBackboneFile, loadBackbone, ortSession } from "@blemish/node";
import { describe, expect, it } from "vitest";
import { noiseRgb, pictureOf } from "../support/noise.js";
import { readFloatNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";
import { plainResnet, type TinyResnet, tinyResnet } from "../support/tiny-resnet.js";

const OPTIONS = { threads: 1, spinning: false };

/** Runs a network that is in memory. */
async function run(bytes: Uint8Array, input: string, tensor: Tensor): Promise<Record<string, Tensor>> {
  const session = await ortSession({ bytes, name: "network" }, OPTIONS);
  try {
    return await session.run({ [input]: tensor });
  } finally {
    await session.close();
  }
}

/** Largest difference, relative to the largest value expected. */
function worst(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, largest] = [0, 0];
  for (let at = 0; at < expected.length; at++) {
    difference = Math.max(difference, Math.abs((found[at] as number) - (expected[at] as number)));
    largest = Math.max(largest, Math.abs(expected[at] as number));
  }
  return found.length === expected.length ? difference / largest : Number.POSITIVE_INFINITY;
}

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
const sumOfSquares = (values: Float32Array) => values.reduce((total, value) => total + value * value, 0);

/** The picture of fixtures/backbones/make.py as the embedded backbone's input. */
function formulaInput(width: number, height: number): Tensor {
  const square = (x: number, y: number) =>
    x >= Math.floor(width / 4) &&
    x < Math.floor(width / 2) &&
    y >= Math.floor(height / 4) &&
    y < Math.floor(height / 2);
  const { data } = pictureOf(width, height, 3, (x, y, c) => {
    const value = (x * (3 + c) + y * (7 - c) + Math.floor((x * y) / (5 + c))) % 256;
    return square(x, y) ? Math.floor(value / 4) : value;
  });
  const picture = { width, height, channels: 3, data } as const;
  return preProcess(picture, [
    { type: "normalize", mean: [127, 127, 127], std: [128, 128, 128], maxPixelValue: 1 },
  ]);
}

interface Reference {
  readonly model: string;
  readonly cases: readonly {
    readonly width: number;
    readonly height: number;
    readonly taps: readonly {
      readonly shape: readonly number[];
      readonly sum: number;
      readonly sumOfSquares: number;
      readonly largest: number;
      readonly places: readonly number[];
      readonly values: readonly number[];
    }[];
  }[];
}

describe("the embedded backbone", () => {
  const reference: Reference = JSON.parse(
    readFileSync(resolve(import.meta.dirname, "../../fixtures/backbones/efficientnet-lite0.json"), "utf8"),
  );

  it("is the file that the reference numbers were made with", async () => {
    expect((await loadBackbone()).manifest.sha256).toBe(reference.model);
  });

  it.each(reference.cases)(
    "gives ONNX Runtime's numbers for $width × $height",
    async ({ width, height, taps }) => {
      const backbone = await loadBackbone();
      const session = await backboneSession(backbone, { threads: 1 });
      const found = await extractTaps(session, backbone.manifest, formulaInput(width, height));
      await session.close();
      expect(found).toHaveLength(taps.length);
      taps.forEach((expected, at) => {
        const { shape, data } = found[at] as Tensor;
        expect(shape).toEqual(expected.shape);
        expected.places.forEach((place, index) => {
          expect(
            Math.abs((data[place] as number) - (expected.values[index] as number)) / expected.largest,
          ).toBeLessThan(1e-5);
        });
        expect(Math.abs(sumOfSquares(data) / expected.sumOfSquares - 1)).toBeLessThan(1e-5);
        expect(Math.abs(sum(data) - expected.sum) / Math.sqrt(expected.sumOfSquares)).toBeLessThan(1e-5);
      });
    },
  );
});

describeShared(
  "the network that the embedded backbone was cut from",
  ["backbones/efficientnet-lite0.onnx"],
  () => {
    const readWhole = () => readFileSync(sharedPath("backbones/efficientnet-lite0.onnx"));

    it("gives the same taps bit for bit, as does every cut of it", async () => {
      const whole = readWhole();
      const { modelBytes } = await loadBackbone();
      const cut = writeOnnx(cutGraph(readOnnx(whole, "whole"), ["s5", "s3"], "whole"));
      const early = writeOnnx(cutGraph(readOnnx(whole, "whole"), ["s2"], "whole"));
      expect(early.length).toBeLessThan(whole.length / 20);
      for (const side of [64, 256]) {
        const input = formulaInput(side, side);
        const expected = await run(whole, "x", input);
        for (const [bytes, taps] of [
          [cut, ["s5", "s3"]],
          [early, ["s2"]],
          [modelBytes, ["s3", "s5"]],
        ] as const) {
          const found = await run(bytes, "x", input);
          expect(Object.keys(found).sort()).toEqual([...taps].sort());
          for (const tap of taps) expect(found[tap]).toEqual(expected[tap]);
        }
      }
    });

    it("can be cut in its middle, at a value that is no output", async () => {
      const whole = readWhole();
      const cut = writeOnnx(cutGraph(readOnnx(whole, "whole"), ["add55"], "whole"));
      const input = formulaInput(64, 64);
      expect((await run(cut, "x", input)).add55?.data).toEqual((await run(whole, "x", input)).s3?.data);
    });
  },
);

describe("a ResNet from weights", () => {
  it.each<[string, TinyResnet]>([
    ["basic blocks", { bottleneck: false, blocks: [2, 1, 2], width: 6, seed: 11 }],
    ["bottlenecks", { bottleneck: true, blocks: [1, 2, 1], width: 4, seed: 12 }],
    ["bottlenecks with groups", { bottleneck: true, blocks: [2, 1], width: 4, groups: 2, seed: 13 }],
    ["a prefix", { bottleneck: false, blocks: [1, 1], width: 4, seed: 14, prefix: "backbone." }],
  ])("with %s gives what plain loops give", async (_, kind) => {
    const tensors = tinyResnet(kind);
    const names = kind.blocks.map((_, index) => `layer${index + 1}`);
    const { model } = resnetGraph(tensors, names, "tiny");
    const picture = preProcess(noiseRgb(96, 64, kind.seed), [
      { type: "normalize", mean: [120, 120, 120], std: [60, 60, 60], maxPixelValue: 1 },
    ]);
    const found = await run(writeOnnx(model), "input", picture);
    plainResnet(tensors, picture, kind.prefix).forEach(({ data, shape }, index) => {
      const tap = found[names[index] as string] as Tensor;
      expect(tap.shape).toEqual(shape);
      expect(data.some((value) => value > 0)).toBe(true);
      expect(worst(tap.data, data)).toBeLessThan(2e-6);
    });
  });
});

const WEIGHTS = "weights/resnet18_l123_bnfolded.safetensors";
const GOLDEN = "golden/padim070-bottle-256-n14/index.json";

const EXPORT = "golden/padim070-bottle-256-n14/model.onnx";

describeShared("ResNet-18", [WEIGHTS, GOLDEN, EXPORT], () => {
  interface Features {
    readonly shape: readonly number[];
    readonly sum_f64: number;
    readonly sumsq_f64: number;
    readonly first8_at_0_0: readonly number[];
  }
  interface Picture {
    readonly input_tensor: { readonly file: string };
    readonly features: Readonly<Record<string, Features>>;
  }

  it("as imported gives the features that Anomalib saw", async () => {
    const { images }: { images: Picture[] } = JSON.parse(readFileSync(sharedPath(GOLDEN), "utf8"));
    expect(images).toHaveLength(5);
    const { manifest, model } = await importBackboneFile(sharedPath(WEIGHTS), { id: "resnet18" });
    expect(manifest.taps.map(({ channels, stride }) => [channels, stride])).toEqual([
      [64, 4],
      [128, 8],
      [256, 16],
    ]);
    const session = await ortSession({ bytes: model, name: "resnet18" }, OPTIONS);
    for (const { input_tensor, features } of images) {
      const input = readFloatNpy(sharedPath(join("golden", input_tensor.file)));
      const taps = await extractTaps(session, { ...manifest, sha256: "" }, input);
      taps.forEach(({ data, shape }, at) => {
        const expected = features[manifest.taps[at]?.name as string] as Features;
        expect(shape).toEqual(expected.shape);
        expect(Math.abs(sum(data) / expected.sum_f64 - 1)).toBeLessThan(1e-5);
        expect(Math.abs(sumOfSquares(data) / expected.sumsq_f64 - 1)).toBeLessThan(1e-5);
        const plane = (shape[2] as number) * (shape[3] as number);
        expect(
          worst(
            expected.first8_at_0_0.map((_, channel) => data[channel * plane] as number),
            expected.first8_at_0_0,
          ),
        ).toBeLessThan(1e-5);
      });
    }
    await session.close();
  });

  it("as cut out of Anomalib's export is the same backbone", async () => {
    const layer = (n: number) =>
      `/feature_extractor/feature_extractor/layer${n}/layer${n}.1/act2/Relu_output_0`;
    const taps = [1, 2, 3].map((n) => ({ name: layer(n) }));
    const cut = await importBackboneFile(sharedPath(EXPORT), { id: "cut", taps });
    const made = await importBackboneFile(sharedPath(WEIGHTS), { id: "made" });
    const shapes = (imported: typeof cut) =>
      imported.manifest.taps.map(({ channels, stride }) => [channels, stride]);
    expect(shapes(cut)).toEqual(shapes(made));
    expect(cut.manifest.input.multipleOf).toBe(256);
    const input = preProcess(noiseRgb(256, 256, 1), [
      { type: "normalize", ...cut.manifest.input, maxPixelValue: 1 },
    ]);
    const expected = await run(made.model, made.manifest.input.name, input);
    const found = await run(cut.model, cut.manifest.input.name, input);
    for (const n of [1, 2, 3])
      expect(worst(found[layer(n)]?.data ?? [], expected[`layer${n}`]?.data ?? [1])).toBeLessThan(1e-5);
  });

  it("holds every weight of its file", () => {
    const tensors = readSafeTensors(readFileSync(sharedPath(WEIGHTS)), "weights");
    const { model } = resnetGraph(tensors, ["layer1", "layer2", "layer3"], "weights");
    const names = model.graph.initialisers.map(({ name }) => name);
    expect(names.sort()).toEqual(Object.keys(tensors.arrays).sort());
  });
});
