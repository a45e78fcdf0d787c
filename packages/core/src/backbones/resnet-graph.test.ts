import { describe, expect, it } from "vitest";
import { tinyResnet } from "../../../../tests/support/tiny-resnet.js";
import type { NamedArray, SafeTensors } from "../bundle/safetensors.js";
import { intAttribute, intsAttribute } from "../onnx/graph-index.js";
import { readOnnx } from "../onnx/read-onnx.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import { resnetGraph } from "./resnet-graph.js";
import { tapShapes } from "./tap-shapes.js";

// What the graphs compute is compared with plain loops in tests/contract/backbones.test.ts.
const BASIC = tinyResnet({ bottleneck: false, blocks: [2, 2, 2, 2], width: 4, seed: 2 });
const NEXT = tinyResnet({ bottleneck: true, blocks: [1, 2], width: 4, groups: 2, seed: 3 });

describe("the graph of a ResNet", () => {
  it("ends at its deepest tap and says what its taps are", () => {
    const { model, taps, kind } = resnetGraph(BASIC, ["layer3", "layer1"], "net");
    expect(taps).toEqual([
      { name: "layer3", channels: 16, stride: 16 },
      { name: "layer1", channels: 4, stride: 4 },
    ]);
    expect(kind).toBe("ResNet with basic blocks, 2 + 2 + 2 of them");
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(["layer3", "layer1"]);
    expect(model.graph.nodes.filter(({ opType }) => opType === "Conv")).toHaveLength(15);
    expect(model.graph.initialisers.some(({ name }) => name.startsWith("layer4"))).toBe(false);
    const inferred = tapShapes(model.graph);
    for (const { name, channels, stride } of taps) expect(inferred.get(name)).toEqual({ channels, stride });
    expect(readOnnx(writeOnnx(model), "net")).toEqual(model);
  });

  it("recognises bottlenecks, with their stride and groups in the 3×3 convolution", () => {
    const { model, taps, kind } = resnetGraph(NEXT, ["layer1", "layer2"], "net");
    expect(kind).toBe("ResNet with bottleneck blocks, 1 + 2 of them");
    expect(taps.map(({ channels }) => channels)).toEqual([16, 32]);
    const convs = new Map(model.graph.nodes.map((node) => [node.name, node]));
    const facts = ["layer2.0.conv1", "layer2.0.conv2", "layer2.0.downsample.0", "layer2.1.conv2"].map(
      (name) => {
        const node = convs.get(name)!;
        return [name, intsAttribute(node, "strides")?.[0], intAttribute(node, "group")];
      },
    );
    expect(facts).toEqual([
      ["layer2.0.conv1", 1, 1],
      ["layer2.0.conv2", 2, 2],
      ["layer2.0.downsample.0", 2, 1],
      ["layer2.1.conv2", 1, 2],
    ]);
  });
});

describe("bad input", () => {
  const without = (name: string): SafeTensors => {
    const arrays = { ...BASIC.arrays } as Record<string, NamedArray>;
    delete arrays[name];
    return { ...BASIC, arrays };
  };
  const put = (name: string, shape: number[]): SafeTensors => {
    const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
    return { ...BASIC, arrays: { ...BASIC.arrays, [name]: { type: "F32", shape, data } } };
  };
  it.each<[string, SafeTensors, string[], string]>([
    [
      "no tap",
      BASIC,
      [],
      "expected taps out of layer1, layer2, layer3, layer4, each at most once, found none",
    ],
    ["an unknown tap", BASIC, ["layer5"], "found layer5"],
    ["a repeated tap", BASIC, ["layer1", "layer1"], "found layer1, layer1"],
    [
      "a stage too few",
      NEXT,
      ["layer3"],
      "expected tensor layer3.0.conv1.weight, found a ResNet of 2 stages",
    ],
    [
      "a missing tensor",
      without("layer2.1.conv2.weight"),
      ["layer2"],
      "expected tensor layer2.1.conv2.weight",
    ],
    [
      "a missing shortcut",
      without("layer2.0.downsample.0.weight"),
      ["layer2"],
      "expected tensor layer2.0.downsample.0.weight",
    ],
    [
      "a missing block",
      without("layer2.0.conv1.weight"),
      ["layer2"],
      "expected tensor layer2.0.conv1.weight",
    ],
    [
      "too few inputs",
      put("layer2.1.conv2.weight", [8, 4, 3, 3]),
      ["layer2"],
      "expected layer2.1.conv2 for 8 channels, found a convolution of 4",
    ],
    [
      "a short shortcut",
      put("layer2.0.conv2.weight", [4, 8, 3, 3]),
      ["layer2"],
      "expected layer2.0.bn2.weight as F32 [4], found F32 [8]",
    ],
    [
      "attention",
      put("layer1.0.se.fc.weight", [4, 4]),
      ["layer1"],
      "found a tensor that it does not have, layer1.0.se.fc.weight",
    ],
    [
      "a grey stem",
      put("conv1.weight", [4, 1, 7, 7]),
      ["layer1"],
      "expected conv1 for 3 channels, found a convolution of 1",
    ],
  ])("%s", (_, tensors, taps, words) => {
    expect(() => resnetGraph(tensors, taps, "net")).toThrow(words);
    expect(() => resnetGraph(tensors, taps, "net")).toThrow(expect.objectContaining({ code: "BACKBONE" }));
  });

  it("does not look at stages behind the deepest tap", () => {
    expect(resnetGraph(without("layer2.1.conv2.weight"), ["layer1"], "net").taps).toHaveLength(1);
  });
});
