import { describe, expect, it } from "vitest";
import {
  type ChangedParts,
  nodeOf,
  type PatchcoreFixture,
  patchcoreExport,
  withChanges,
} from "../../../../tests/support/patchcore-fixtures.js";
import { ints, node } from "../../../../tests/support/small-onnx.js";
import { readOnnx } from "../onnx/read-onnx.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import { recognisePatchcore } from "./recognise-patchcore.js";

const recognise = (name: PatchcoreFixture, changed: ChangedParts = {}) => {
  const { model, files } = patchcoreExport(name);
  return recognisePatchcore(withChanges(model, changed), files);
};

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
