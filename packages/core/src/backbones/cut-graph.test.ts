import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floats, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import type { OnnxModel, OnnxNode } from "../onnx/onnx-model.js";
import { readOnnx } from "../onnx/read-onnx.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import { cutGraph } from "./cut-graph.js";

/** input → a → b → output, with a side arm c from a. */
const NET = smallModel({
  initialisers: [floats("wa", [1]), floats("wb", [1]), floats("wc", [1])],
  nodes: [
    node("Add", ["input", "wa"], "a"),
    node("Mul", ["a", "wc"], "c"),
    node("Mul", ["a", "wb"], "b"),
    node("Relu", ["b"], "output"),
  ],
});

const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

describe("a cut network", () => {
  it("keeps what its outputs need, weights included, and nothing else", () => {
    const { graph } = cutGraph(NET, ["c", "a"], "net");
    expect(graph.nodes.map((one) => one.outputs[0])).toEqual(["a", "c"]);
    expect(names(graph.initialisers)).toEqual(["wa", "wc"]);
    expect(names(graph.inputs)).toEqual(["input"]);
    expect(graph.outputs).toEqual([port("c", null), port("a", null)]);
  });

  it("states the type and shape that the file states, and no value twice", () => {
    const stated = {
      ...NET,
      graph: { ...NET.graph, valueInfo: [port("a", [1, 3, "rows", 8]), port("b", [1])] },
    };
    const { outputs, valueInfo } = cutGraph(stated, ["a"], "net").graph;
    expect(outputs).toEqual([port("a", [1, 3, "rows", 8])]);
    expect(valueInfo).toEqual([]);
    expect(names(cutGraph(stated, ["output"], "net").graph.valueInfo)).toEqual(["a", "b"]);
    expect(cutGraph(stated, ["output"], "net").graph.outputs).toEqual(NET.graph.outputs);
  });

  it("drops inputs that only the rest of the network reads", () => {
    const two = smallModel({
      inputs: [port("input", [1, 3, 32, 32]), port("other", [1])],
      nodes: [node("Relu", ["input"], "a"), node("Add", ["a", "other"], "output")],
    });
    expect(names(cutGraph(two, ["a"], "net").graph.inputs)).toEqual(["input"]);
    expect(names(cutGraph(two, ["output"], "net").graph.inputs)).toEqual(["input", "other"]);
  });

  it("keeps what the body of a control-flow node reads from outside", () => {
    const body = {
      ...smallModel({ nodes: [node("Add", ["a", "wb"], "inner")], outputs: [port("inner", null)] }).graph,
      inputs: [],
    };
    const branch: OnnxNode = {
      ...node("If", ["input"], "chosen"),
      attributes: [{ name: "then_branch", type: "graph", value: body }],
    };
    const net = { ...NET, graph: { ...NET.graph, nodes: [...NET.graph.nodes, branch] } };
    const { graph } = cutGraph(net, ["chosen"], "net");
    expect(graph.nodes.map((one) => one.outputs[0])).toEqual(["a", "chosen"]);
    expect(names(graph.initialisers)).toEqual(["wa", "wb"]);
  });

  it("does not take a node for the empty name of an output that is left out", () => {
    const nodes = [
      { ...node("Dropout", ["input"], "a"), outputs: ["a", ""] },
      node("Clip", ["input", "", ""], "b"),
    ];
    expect(cutGraph(smallModel({ nodes }), ["b"], "net").graph.nodes).toEqual([nodes[1]]);
  });
});

/** Networks of up to 20 nodes, each of which reads up to three values made before. */
const network = fc
  .array(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 20 })
  .map((reads): OnnxModel => {
    const nodes = reads.map((choices, at) =>
      node(
        "Sum",
        choices.map((choice) => (choice % (at + 1) === 0 ? "input" : `v${(choice % (at + 1)) - 1}`)),
        `v${at}`,
      ),
    );
    return smallModel({ nodes, outputs: [port(`v${reads.length - 1}`, null)] });
  });

describe("any network", () => {
  it("cut once or twice is the same, is complete, and holds no idle node", () => {
    fc.assert(
      fc.property(network, fc.nat(), (model, choice) => {
        const output = `v${choice % model.graph.nodes.length}`;
        const cut = cutGraph(model, [output], "net");
        expect(cutGraph(cut, [output], "net")).toEqual(cut);
        expect(readOnnx(writeOnnx(cut), "net")).toEqual(cut);
        const made = new Set(["input"]);
        for (const { inputs, outputs } of cut.graph.nodes) {
          expect(inputs.every((name) => made.has(name))).toBe(true);
          made.add(outputs[0] as string);
        }
        const read = new Set([output, ...cut.graph.nodes.flatMap((one) => one.inputs)]);
        expect(cut.graph.nodes.filter((one) => !read.has(one.outputs[0] as string))).toEqual([]);
      }),
    );
  });
});

describe("bad input", () => {
  it.each([
    [[], "expected at least one tap, found none"],
    [["a", "a"], "expected each tap once, found a, a"],
    [["outputs"], "expected a tap named outputs, found similar names: output"],
    [["layer7"], "expected a tap named layer7, found outputs: output"],
    [["input"], "expected a tap named input, found"],
    [["wa"], "expected a tap named wa, found"],
  ])("%j", (outputs, words) => {
    expect(() => cutGraph(NET, outputs, "net.onnx")).toThrow(words);
    expect(() => cutGraph(NET, outputs, "net.onnx")).toThrow(
      /^net\.onnx is not a usable backbone: .*\[BACKBONE\]$/,
    );
  });
});
