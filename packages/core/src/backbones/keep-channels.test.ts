import { describe, expect, it } from "vitest";
import { wholePadim } from "../../../../tests/support/whole-padim.js";
import { indexGraph } from "../onnx/graph-index.js";
import { tensorValues } from "../onnx/tensor-values.js";
import { keepChannels } from "./keep-channels.js";

const request = {
  model: wholePadim(),
  input: { name: "input", dims: [1, 3, 32, 32] },
  files: new Map(),
  subject: "small",
};
const both = [
  { name: "f1", channels: [1, 3], of: 4 },
  { name: "f2", channels: [0, 5, 7], of: 8 },
];

describe("keepChannels", () => {
  it("chooses finished values where they feed other layers, and prunes where they do not", () => {
    const { model, outputs } = keepChannels({ ...request, choices: both });
    expect(outputs).toEqual(["f1.kept", "f2.kept"]);
    expect(model.graph.outputs.map(({ name, dims }) => [name, dims])).toEqual([
      ["f1.kept", [null, 2, null, null]],
      ["f2.kept", [null, 3, null, null]],
    ]);
    const { producers, constants } = indexGraph(model.graph);
    // layer1 is needed whole by layer2, so its channels are picked from it.
    expect(producers.get("f1.kept")).toMatchObject({ opType: "Gather", inputs: ["f1", "f1.channels"] });
    // The end of layer2 feeds nothing else: its last convolution has three channels, its shortcut is picked from.
    expect(producers.get("f2.kept")?.opType).toBe("Relu");
    expect(producers.get("a3.kept")?.inputs).toEqual(["c3.kept", "r2.kept"]);
    expect(producers.get("r2.kept")?.opType).toBe("Gather");
    expect(producers.get("c3.kept")?.inputs).toEqual(["r2", "w3.kept", "b3.kept"]);
    expect(constants.get("w3.kept")?.dims).toEqual([3, 8, 3, 3]);
    expect([...producers.keys()]).not.toContain("c3");
    expect(constants.has("w3")).toBe(false);
    expect(model.graph.initialisers.map(({ name }) => name)).not.toContain("inv_cov");
  });

  it("takes the rows of the chosen channels from weights and bias", () => {
    const { model } = keepChannels({ ...request, choices: both });
    const valuesOf = (graph: typeof model.graph, name: string) =>
      tensorValues(graph.initialisers.find((one) => one.name === name)!) as Float32Array;
    for (const [whole, size] of [
      ["w3", 72],
      ["b3", 1],
    ] as const) {
      const all = valuesOf(request.model.graph, whole);
      const rows = [0, 5, 7].flatMap((row) => [...all.subarray(row * size, (row + 1) * size)]);
      expect([...valuesOf(model.graph, `${whole}.kept`)]).toEqual(rows);
    }
  });

  it("leaves whole values as they are, and can do without pruning", () => {
    const all = [0, 1, 2, 3];
    const whole = keepChannels({ ...request, choices: [{ name: "f1", channels: all, of: 4 }] });
    expect(whole.outputs).toEqual(["f1"]);
    expect(whole.model.graph.nodes.map(({ opType }) => opType)).toEqual(["Conv", "Relu"]);
    const { model } = keepChannels({ ...request, choices: both, prune: false });
    expect(indexGraph(model.graph).producers.get("f2.kept")?.opType).toBe("Gather");
    expect(model.graph.initialisers.map(({ name }) => name)).toContain("w3");
  });

  it("names nothing twice", () => {
    const { model } = keepChannels({ ...request, choices: both });
    const again = keepChannels({
      ...request,
      model,
      choices: [{ name: "f2.kept", channels: [2], of: 3 }],
    });
    expect(again.outputs).toEqual(["f2.kept.kept"]);
    const names = again.model.graph.nodes.flatMap(({ outputs }) => outputs);
    expect(new Set(names).size).toBe(names.length);
  });

  it("refuses values that are not there", () => {
    expect(() => keepChannels({ ...request, choices: [{ name: "f9", channels: [0], of: 4 }] })).toThrowError(
      expect.objectContaining({ code: "BACKBONE" }),
    );
  });
});
