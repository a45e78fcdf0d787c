import { describe, expect, it } from "vitest";
import {
  type ChangedParts,
  nodeOf,
  type PatchcoreFixture,
  patchcoreExport,
  withChanges,
} from "../../../../tests/support/patchcore-fixtures.js";
import { floats, ints, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import { wholePadim } from "../../../../tests/support/whole-padim.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxModel, OnnxNode } from "../onnx/onnx-model.js";
import { recognisePatchcore } from "./recognise-patchcore.js";

const recognise = (name: PatchcoreFixture, changed: ChangedParts = {}) => {
  const { model, files } = patchcoreExport(name);
  return recognisePatchcore(withChanges(model, changed), files);
};

/** A node of 0.7 with other inputs or attributes. */
const again = (output: string, changes: Partial<OnnxNode>): ChangedParts => ({
  nodes: { [output]: { ...nodeOf(patchcoreExport("patchcore-070").model, output), ...changes } },
});

const bankNumbers = (): number[] => {
  const found = recognise("patchcore-070");
  return found.recognised ? [...found.bank.data] : [];
};

/** What is changed in the graph of 0.7, and what the reason says. */
const REFUSED: readonly (readonly [string, ChangedParts, string])[] = [
  [
    "the maximum of the map as score",
    { nodes: { "250": node("ReduceMax", ["output"], "250", { axes: [2, 3], keepdims: 0 }) } },
    "as image score",
  ],
  [
    "a score without its weight",
    again("250", { inputs: ["/Reshape_7_output_0", "/Reshape_7_output_0"] }),
    "weight",
  ],
  [
    "the softmax itself as weight",
    again("/Gather_13_output_0", { inputs: ["/Softmax_output_0", "/Constant_6_output_0"] }),
    "patch",
  ],
  [
    "a softmax over another axis",
    {
      nodes: {
        "/Softmax_output_0": node("Softmax", ["/Squeeze_output_0"], "/Softmax_output_0", { axis: 0 }),
      },
    },
    "weight",
  ],
  [
    "the weight of the second neighbour",
    again("/Gather_13_output_0", { inputs: ["/Sub_3_output_0", "/Constant_2_output_0"] }),
    "weight",
  ],
  [
    "the farthest rows as neighbours",
    {
      nodes: {
        "/TopK_output_0": {
          ...node("TopK", ["/Sqrt_1_output_0", "/Constant_32_output_0"], "/TopK_output_0", {
            axis: 1,
            largest: 1,
          }),
          outputs: ["/TopK_output_0", "/TopK_output_1"],
        },
      },
    },
    "neighbours",
  ],
  [
    "more neighbours than our search finds",
    {
      nodes: {
        "/Constant_32_output_0": node("Constant", [], "/Constant_32_output_0", {
          value: ints("", [1], [10]),
        }),
      },
    },
    "2 to 9 neighbours; found: 10",
  ],
  [
    "the nearest patch instead of the farthest",
    {
      nodes: {
        "/ArgMax_output_0": node("ArgMin", ["/Reshape_1_output_0"], "/ArgMax_output_0", {
          axis: 1,
          keepdims: 0,
        }),
      },
    },
    "other patches",
  ],
  [
    "the last of equal patches",
    {
      nodes: {
        "/ArgMax_output_0": node("ArgMax", ["/Reshape_1_output_0"], "/ArgMax_output_0", {
          axis: 1,
          keepdims: 0,
          select_last_index: 1,
        }),
      },
    },
    "other patches",
  ],
  [
    "the farthest row for each patch",
    {
      nodes: {
        "/ArgMin_output_0": node("ArgMax", ["/Sqrt_output_0"], "/ArgMin_output_0", { axis: 1, keepdims: 0 }),
      },
    },
    "another row",
  ],
  [
    "the mean distance from the bank",
    {
      nodes: {
        "/ReduceMin_output_0": node("ReduceMean", ["/Sqrt_output_0"], "/ReduceMin_output_0", {
          axes: [1],
          keepdims: 0,
        }),
      },
    },
    "nearest patch of a memory bank",
  ],
  ["a product that is added", again("/Sub_output_0", { opType: "Add" }), "√(|x|² − 2·x·yᵀ + |y|²)"],
  [
    "another power",
    {
      nodes: {
        "/Constant_12_output_0": node("Constant", [], "/Constant_12_output_0", {
          value: floats("", [], [3]),
        }),
      },
    },
    "√(|x|² − 2·x·yᵀ + |y|²)",
  ],
  [
    "distances that are not cut at 0",
    again("/Clip_output_0", { opType: "Relu", inputs: ["/Add_output_0"] }),
    "cut at 0",
  ],
  [
    "squared distances",
    { nodes: { "/Sqrt_output_0": node("Identity", ["/Clip_output_0"], "/Sqrt_output_0") } },
    "square root",
  ],
  [
    "another bank for the neighbours",
    {
      nodes: again("/MatMul_1_output_0", { inputs: ["/Gather_11_output_0", "other"] }).nodes ?? {},
      initialisers: [floats("other", [48, 30], bankNumbers())],
    },
    "another bank",
  ],
  [
    "another bank for the rows",
    {
      ...again("/Gather_11_output_0", { inputs: ["other", "/Reshape_9_output_0"] }),
      initialisers: [floats("other", [30, 48])],
    },
    "another row",
  ],
  [
    "a maximum over the neighbourhood",
    again("/feature_pooler/AveragePool_output_0", { opType: "MaxPool" }),
    "averaged over 3 × 3",
  ],
  [
    "layers that are not averaged",
    again("/Concat_1_output_0", {
      inputs: [
        nodeOf(patchcoreExport("patchcore-070").model, "/feature_pooler/Pad_output_0").inputs[0] ?? "",
        "/Resize_output_0",
      ],
    }),
    "averaged over 3 × 3",
  ],
  [
    "a reflected border of the layers",
    {
      nodes: {
        "/feature_pooler/Pad_output_0": node(
          "Pad",
          nodeOf(patchcoreExport("patchcore-070").model, "/feature_pooler/Pad_output_0").inputs,
          "/feature_pooler/Pad_output_0",
          { mode: "reflect" },
        ),
      },
    },
    "another average",
  ],
  [
    "columns that are moved",
    {
      nodes: {
        "/Transpose_output_0": node("Transpose", ["/Concat_1_output_0"], "/Transpose_output_0", {
          perm: [0, 3, 2, 1],
        }),
      },
    },
    "PatchCore",
  ],
];

describe("recognisePatchcore refuses", () => {
  it.each(REFUSED)("%s", (_, changed, words) => {
    const found = recognise("patchcore-070", changed);
    expect(found).toMatchObject({ recognised: false, reason: expect.stringContaining(words) });
    expect(found.recognised ? "" : found.reason).toMatch(/^The fast engine needs .+; found: .+\.$/);
  });

  it("patches of 2.7 that are not all searched", () => {
    const slice = nodeOf(patchcoreExport("patchcore-270").model, "slice_2");
    const part = (start: number, end: number) =>
      recognise("patchcore-270", {
        nodes: { slice_2: { ...slice, inputs: ["_unsafe_view", "start", "end", ...slice.inputs.slice(3)] } },
        initialisers: [ints("start", [1], [start]), ints("end", [1], [end])],
      });
    expect(part(100, 128)).toMatchObject({ recognised: true });
    expect(part(72, 100)).toMatchObject({ found: "parts that leave some out" });
    for (const [start, end] of [
      [101, 128],
      [100, 127],
      [100, 1000],
    ] as const)
      expect(part(start, end).recognised).toBe(end === 1000);
  });

  it("pictures of 2.7 that are numbered otherwise", () => {
    const parts = { initialisers: [ints("val_198", [2, 1], [1, 0])] };
    expect(recognise("patchcore-270", parts)).toMatchObject({ found: "values at other patches" });
  });

  it("other methods, inputs and outputs", () => {
    expect(recognisePatchcore(wholePadim())).toMatchObject({ found: "padim" });
    expect(recognisePatchcore(smallModel())).toMatchObject({ found: "another method" });
    const { model } = patchcoreExport("patchcore-070");
    const withPorts = (changes: Partial<typeof model.graph>) =>
      recognisePatchcore({ ...model, graph: { ...model.graph, ...changes } });
    const [map, score] = model.graph.outputs;
    if (map === undefined || score === undefined) throw new Error("two outputs");
    expect(withPorts({ outputs: [map] })).toMatchObject({ found: "output" });
    expect(withPorts({ outputs: [map, score, port("/Sqrt_output_0", null)] })).toMatchObject({
      expected: "two outputs, anomaly map and image score",
    });
    expect(withPorts({ inputs: [port("input", [1, 1, 64, 64])] })).toMatchObject({ recognised: false });
  });

  it("whatever is left out of a graph, and never fails otherwise; sizes that nothing depends on may go", () => {
    for (const name of ["patchcore-070", "patchcore-270"] as const) {
      const { model, files } = patchcoreExport(name);
      const whole = recognisePatchcore(model, files);
      const index = indexGraph(model.graph);
      const shapes = knownShapes(index, new Map([["input", [name === "patchcore-270" ? 2 : 1, 3, 64, 64]]]));
      for (const gone of model.graph.nodes) {
        const nodes = model.graph.nodes.filter((node) => node !== gone);
        const found = recognisePatchcore({ ...model, graph: { ...model.graph, nodes } }, files);
        const isSize = gone.opType === "Constant" || shapes(gone.outputs[0] ?? "")?.values != null;
        // What turns the graph's own decision round at a range of 0 (2.7) is behind a constant condition.
        const isUnused = resolvedAway(model, gone.outputs[0] ?? "");
        if (found.recognised) expect([isSize || isUnused, found]).toEqual([true, whole]);
      }
    }
  });
});

/** Whether a value is read only by what a constant Where leaves out. */
function resolvedAway({ graph }: OnnxModel, name: string): boolean {
  if (graph.outputs.some((output) => output.name === name)) return false;
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(name));
  return readers.every((one) =>
    one.opType === "Where" && one.inputs[0] === "eq_7"
      ? one.inputs[2] !== name
      : resolvedAway({ graph } as OnnxModel, one.outputs[0] ?? ""),
  );
}
