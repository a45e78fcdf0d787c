import { describe, expect, it } from "vitest";
import { floats, node, port, type SmallModel, smallModel } from "../../../../tests/support/small-onnx.js";
import { tinyResnet } from "../../../../tests/support/tiny-resnet.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import { readOnnx } from "../onnx/read-onnx.js";
import { parseBackboneManifest } from "../stages/backbone/manifest.js";
import type { BackboneSource } from "./backbone-source.js";
import { type ImportOptions, importBackbone } from "./import-backbone.js";

const onnx = (model: OnnxModel): BackboneSource => ({ subject: "net.onnx", format: "onnx", model });
const RESNET: BackboneSource = {
  subject: "net.safetensors",
  format: "safetensors",
  tensors: tinyResnet({ bottleneck: false, blocks: [1, 1, 1], width: 4, seed: 4 }),
};

/** Taps `a` (8 channels, stride 2) and `b` (stride not to be told), then more nodes. */
function network(parts: SmallModel = {}): BackboneSource {
  return onnx(
    smallModel({
      inputs: [port("input", ["batch", 3, "height", "width"])],
      initialisers: [floats("w", [8, 3, 3, 3])],
      nodes: [
        node("Conv", ["input", "w"], "a", { strides: [2, 2], pads: [1, 1, 1, 1] }),
        node("Transpose", ["a"], "b"),
        node("Flatten", ["b"], "output"),
      ],
      ...parts,
    }),
  );
}

describe("a ResNet", () => {
  it("becomes a backbone with layer1 to layer3 and ImageNet's constants", () => {
    const { manifest, model, kind } = importBackbone(RESNET, { id: "tiny" });
    expect(manifest).toEqual({
      id: "tiny",
      model: "model.onnx",
      input: {
        name: "input",
        multipleOf: 16,
        colour: "rgb",
        mean: [123.675, 116.28, 103.53],
        std: [58.395, 57.12, 57.375],
        resize: "antialias",
      },
      taps: [
        { name: "layer1", channels: 4, stride: 4, scale: 1 },
        { name: "layer2", channels: 8, stride: 8, scale: 1 },
        { name: "layer3", channels: 16, stride: 16, scale: 1 },
      ],
      licence: "not stated",
      source: "imported from net.safetensors",
    });
    expect(parseBackboneManifest({ ...manifest, sha256: "0".repeat(64) }, "m")).toBeTruthy();
    expect(kind).toBe("ResNet with basic blocks, 1 + 1 + 1 of them");
    expect(readOnnx(model, "m").graph.outputs.map(({ name }) => name)).toEqual([
      "layer1",
      "layer2",
      "layer3",
    ]);
  });

  it("takes every option", () => {
    const options: ImportOptions = {
      id: "tiny-2.x",
      taps: [{ name: "layer2", scale: 2.5 }],
      mean: [1, 2, 3],
      std: [4, 5, 6],
      resize: "linear",
      multipleOf: 32,
      licence: "BSD-3-Clause",
      source: "made here",
    };
    const { manifest } = importBackbone(RESNET, options);
    expect(manifest.taps).toEqual([{ name: "layer2", channels: 8, stride: 8, scale: 2.5 }]);
    expect(manifest.input).toMatchObject({
      mean: [1, 2, 3],
      std: [4, 5, 6],
      resize: "linear",
      multipleOf: 32,
    });
    expect(manifest).toMatchObject({ id: "tiny-2.x", licence: "BSD-3-Clause", source: "made here" });
  });
});

describe("an ONNX network", () => {
  it("is cut at taps whose channels and strides it tells", () => {
    const { manifest, model, kind } = importBackbone(network(), { id: "net", taps: [{ name: "a" }] });
    expect(manifest.taps).toEqual([{ name: "a", channels: 8, stride: 2, scale: 1 }]);
    expect(manifest.input).toMatchObject({ name: "input", multipleOf: 2 });
    expect(readOnnx(model, "m").graph.nodes).toHaveLength(1);
    expect(kind).toBe("ONNX network, 1 of 3 nodes");
  });

  it("believes what it is told where it cannot tell itself", () => {
    const { manifest } = importBackbone(network(), {
      id: "net",
      taps: [{ name: "b", channels: 5, stride: 3 }, { name: "a" }],
    });
    expect(manifest.taps.map(({ channels, stride }) => [channels, stride])).toEqual([
      [5, 3],
      [8, 2],
    ]);
    expect(manifest.input.multipleOf).toBe(6);
  });

  it("gives its outputs where no taps are named", () => {
    const { manifest } = importBackbone(network({ outputs: [port("a", null)] }), { id: "net" });
    expect(manifest.taps.map(({ name }) => name)).toEqual(["a"]);
  });

  it("of a fixed size is used at that size", () => {
    const fixed = network({ inputs: [port("input", [1, 3, 224, 224])] });
    expect(importBackbone(fixed, { id: "net", taps: [{ name: "a" }] }).manifest.input.multipleOf).toBe(224);
    expect(() => importBackbone(fixed, { id: "net", taps: [{ name: "a" }], multipleOf: 112 })).toThrow(
      "expected 224",
    );
  });

  it("takes its weights in from other files", () => {
    const external = {
      ...floats("w", [8, 3, 3, 3]),
      payload: { kind: "external", location: "w.bin", offset: 0, length: null } as const,
    };
    const source = network({ initialisers: [external] });
    const files = new Map([["w.bin", new Uint8Array(864)]]);
    const { model } = importBackbone(source, { id: "net", taps: [{ name: "a" }] }, files);
    expect(readOnnx(model, "m").graph.initialisers[0]?.payload).toMatchObject({ kind: "raw" });
    expect(() => importBackbone(source, { id: "net", taps: [{ name: "a" }] })).toThrow(
      "w.bin, found no such file",
    );
    const unused = { ...external, name: "unused" };
    const spare = network({ initialisers: [floats("w", [8, 3, 3, 3]), unused] });
    expect(importBackbone(spare, { id: "net", taps: [{ name: "a" }] }).manifest.taps).toHaveLength(1);
  });
});

describe("bad input", () => {
  const a = [{ name: "a" }];
  const inputs = (...dims: Parameters<typeof port>[1][]) =>
    dims.map((sides, at) => port(at === 0 ? "input" : "b", sides));
  it.each<[string, BackboneSource, Partial<ImportOptions>, string]>([
    ["a tap that is not there", network(), { taps: [{ name: "outpt" }] }, "similar names: output"],
    [
      "a tap that cannot be told",
      network(),
      { taps: [{ name: "b" }] },
      "expected the channels and the stride of tap b to be given",
    ],
    [
      "a stride that cannot be told",
      network(),
      { taps: [{ name: "b", channels: 4 }] },
      "expected the stride of tap b",
    ],
    [
      "a grey input",
      network({ inputs: inputs([1, 1, 8, 8]) }),
      { taps: a },
      "found input input, float32 [1, 1, 8, 8]",
    ],
    [
      "a batch of two",
      network({ inputs: inputs([2, 3, 8, 8]) }),
      { taps: a },
      "found input input, float32 [2, 3, 8, 8]",
    ],
    [
      "a flat input",
      network({ inputs: inputs([1, 192]) }),
      { taps: a },
      "found input input, float32 [1, 192]",
    ],
    [
      "bytes",
      network({ inputs: [port("input", null, 2)] }),
      { taps: a },
      "found input input, uint8 [any shape]",
    ],
    [
      "unequal sides",
      network({ inputs: inputs([1, 3, 8, 16]) }),
      { taps: a },
      "a fixed size with equal sides",
    ],
    [
      "half a size",
      network({ inputs: inputs([1, 3, 8, "w"]) }),
      { taps: a },
      "a fixed size with equal sides",
    ],
    [
      "two inputs",
      network({ inputs: inputs(null, null), nodes: [node("Add", ["input", "b"], "a")] }),
      { taps: a },
      "expected one input, found input, b",
    ],
    [
      "integers out",
      network({ outputs: [port("a", null, 7)] }),
      { taps: a },
      "expected float32 in tap a, found int64",
    ],
    ["broken cells", network(), { taps: a, multipleOf: 33 }, "expected sides that are multiples of 2"],
    ["a stage that is not there", RESNET, { taps: [{ name: "layer9" }] }, "found layer9"],
  ])("%s", (_, source, options, words) => {
    expect(() => importBackbone(source, { id: "net", ...options })).toThrow(words);
    expect(() => importBackbone(source, { id: "net", ...options })).toThrow(
      expect.objectContaining({ code: "BACKBONE" }),
    );
  });

  it.each<[Partial<ImportOptions>, string]>([
    [{ id: "" }, "id"],
    [{ id: "a/b" }, "id"],
    [{ mean: [1, 2] }, "mean"],
    [{ std: [1, 0, 1] }, "std"],
    [{ multipleOf: 0.5 }, "multipleOf"],
    [{ taps: [{ name: "a", channels: 0 }] }, "channels of tap a"],
    [{ taps: [{ name: "a", stride: 1.5 }] }, "stride of tap a"],
    [{ taps: [{ name: "a", scale: -1 }] }, "scale of tap a"],
  ])("%j", (options, subject) => {
    expect(() => importBackbone(network(), { id: "net", ...options })).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject }),
    );
  });
});
