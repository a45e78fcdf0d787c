import { describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../../tests/support/small-checkpoint.js";
import { checkpointFacts } from "../../checkpoint/checkpoint-facts.js";
import { readCheckpoint } from "../../checkpoint/read-checkpoint.js";
import { checkpointNetwork } from "./checkpoint-network.js";

function network(version: "0.7" | "2") {
  const checkpoint = readCheckpoint(smallCheckpoint({ method: "padim", version, saved: "lightning" }), "x");
  return checkpointNetwork(checkpoint.tensors, checkpointFacts(checkpoint, "x"), "x");
}

describe("the network of a checkpoint", () => {
  it("is its ResNet alone for 0.7", () => {
    const { model, taps } = network("0.7");
    expect(taps).toEqual([
      { name: "layer1", channels: 4, stride: 4 },
      { name: "layer2", channels: 8, stride: 8 },
    ]);
    expect(model.graph.nodes[0]).toMatchObject({
      opType: "Conv",
      inputs: ["input", "conv1.weight", "conv1.bias"],
    });
  });

  it("resizes and normalises pictures of any size itself for 2.x", () => {
    const { graph } = network("2").model;
    expect(graph.inputs[0]?.dims).toEqual([1, 3, "height", "width"]);
    const kinds = graph.nodes.map(({ opType }) => opType);
    expect(kinds.slice(0, kinds.indexOf("Conv"))).toEqual([
      "Shape",
      "Gather",
      "Concat",
      "Resize",
      "Sub",
      "Div",
      "Identity",
    ]);
    const made = new Set(["input", ...graph.initialisers.map(({ name }) => name)]);
    for (const { inputs, outputs } of graph.nodes) {
      for (const name of inputs) if (name !== "") expect(made.has(name)).toBe(true);
      for (const name of outputs) made.add(name);
    }
  });

  it("refuses preprocessing that no export has", () => {
    const checkpoint = readCheckpoint(
      smallCheckpoint({ method: "padim", version: "2", saved: "lightning" }),
      "x",
    );
    const facts = {
      ...checkpointFacts(checkpoint, "x"),
      steps: [{ type: "toFloat", maxValue: 255 }] as const,
    };
    expect(() => checkpointNetwork(checkpoint.tensors, facts, "x")).toThrow(/METADATA_TRANSFORM/);
  });
});
