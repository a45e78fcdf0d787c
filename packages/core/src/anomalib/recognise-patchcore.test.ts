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
import { readOnnx } from "../onnx/read-onnx.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import { recognisePatchcore } from "./recognise-patchcore.js";

const recognise = (name: PatchcoreFixture, changed: ChangedParts = {}) => {
  const { model, files } = patchcoreExport(name);
  return recognisePatchcore(withChanges(model, changed), files);
};

/** A node of 0.7 with other inputs or attributes. */
const again = (output: string, changes: Partial<OnnxNode>): ChangedParts => ({
  nodes: { [output]: { ...nodeOf(patchcoreExport("patchcore-070").model, output), ...changes } },
});

const SPEC = { grid: "finest", scales: [1, 1], channels: null, projection: null, neighbourhood: 3 };

describe("recognisePatchcore", () => {
  it("takes an export of 0.7 to pieces", () => {
    const { model, files } = patchcoreExport("patchcore-070");
    const found = recognisePatchcore(model, files);
    if (!found.recognised) throw new Error(found.reason);
    const { bank, ...pieces } = found;
    expect(pieces).toEqual({
      recognised: true,
      input: "input",
      batch: 1,
      size: { width: 64, height: 64 },
      resizes: false,
      taps: [
        { name: expect.stringMatching(/layer2.*Relu_output_0$/), channels: 16, width: 8, height: 8 },
        { name: expect.stringMatching(/layer3.*Relu_output_0$/), channels: 32, width: 4, height: 4 },
      ],
      grid: { width: 8, height: 8 },
      embedding: { ...SPEC, enlargement: "nearest" },
      neighbours: 9,
      map: { upsampling: "nearest", sigma: 4 },
      end: null,
    });
    expect([bank.rows, bank.channels, bank.data.length]).toEqual([30, 48, 30 * 48]);
    const upright = model.graph.initialisers.find(({ name }) => name === "memory_bank");
    if (upright?.payload.kind !== "raw") throw new Error("raw weights");
    expect(Buffer.from(new Float32Array(bank.data).buffer).equals(Buffer.from(upright.payload.bytes))).toBe(
      true,
    );
  });

  it("takes one of 2.7 to pieces: a batch of 2, patches in two parts, bilinear layers, its own end", () => {
    expect(recognise("patchcore-270")).toMatchObject({
      batch: 2,
      size: { width: 64, height: 64 },
      resizes: true,
      taps: [
        { name: "relu_4", channels: 16, width: 8, height: 8 },
        { name: "relu_6", channels: 32, width: 4, height: 4 },
      ],
      embedding: { ...SPEC, enlargement: "bilinear" },
      bank: { rows: 30, channels: 48 },
      neighbours: 9,
      map: { upsampling: "nearest", sigma: 4 },
      end: {
        normaliser: {
          image: { threshold: Math.fround(3.3921315670013428), range: Math.fround(2.3472719192504883) },
          pixel: { threshold: Math.fround(4.142414093017578), range: Math.fround(4.237886428833008) },
        },
        decisions: { image: 0.5, pixel: 0.5 },
      },
    });
  });

  it("gives the same of a graph that was written and read", () => {
    const { model } = patchcoreExport("patchcore-070");
    expect(recognisePatchcore(readOnnx(writeOnnx(model), "again"))).toEqual(recognise("patchcore-070"));
  });

  it("needs the weights of a file of their own", () => {
    const { model } = patchcoreExport("patchcore-270");
    expect(recognisePatchcore(model)).toMatchObject({ recognised: false });
  });

  it("takes the outputs in either order", () => {
    const { model } = patchcoreExport("patchcore-070");
    const outputs = [...model.graph.outputs].reverse();
    expect(recognisePatchcore({ ...model, graph: { ...model.graph, outputs } })).toEqual(
      recognise("patchcore-070"),
    );
  });

  it("finds the bank where it is stored transposed only", () => {
    const { model } = patchcoreExport("patchcore-070");
    const turn = node("Transpose", ["onnx::MatMul_336"], "upright", { perm: [1, 0] });
    const initialisers = model.graph.initialisers.filter(({ name }) => name !== "memory_bank");
    const nodes = [
      turn,
      ...model.graph.nodes.map((one) => ({
        ...one,
        inputs: one.inputs.map((input) => (input === "memory_bank" ? "upright" : input)),
      })),
    ];
    // Nothing says that a transposed copy is the bank, so this spelling is left to ONNX Runtime.
    const found = recognisePatchcore({ ...model, graph: { ...model.graph, nodes, initialisers } });
    expect(found).toMatchObject({ recognised: false });
  });

  it("counts pictures as 1.x does", () => {
    const range = node("Range", ["from", "to", "step"], "/Mul_1_output_0");
    const counts = [ints("from", [], [0]), ints("to", [], [1]), ints("step", [], [1])];
    const parts = { nodes: { "/Mul_1_output_0": range }, initialisers: counts };
    expect(recognise("patchcore-070", parts)).toEqual(recognise("patchcore-070"));
  });

  it("takes the largest distance for the score where one neighbour was asked for", () => {
    const parts = {
      nodes: { "250": node("ReduceMax", ["/Reshape_1_output_0"], "250", { axes: [1], keepdims: 0 }) },
    };
    expect(recognise("patchcore-070", parts)).toMatchObject({ recognised: true, neighbours: 1 });
  });

  it("takes a map that is enlarged with bilinear interpolation", () => {
    const resize = nodeOf(patchcoreExport("patchcore-070").model, "/anomaly_map_generator/Resize_output_0");
    const linear = node("Resize", resize.inputs, resize.outputs[0] ?? "", {
      mode: "linear",
      coordinate_transformation_mode: "half_pixel",
    });
    const parts = { nodes: { "/anomaly_map_generator/Resize_output_0": linear } };
    expect(recognise("patchcore-070", parts)).toMatchObject({ map: { upsampling: "bilinear" } });
  });
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
