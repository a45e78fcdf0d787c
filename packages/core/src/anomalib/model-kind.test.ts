import { describe, expect, it } from "vitest";
import { node, SMALL_INDICES, smallModel, smallPadim } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { kindDetails, modelKind } from "./model-kind.js";

const named = (...names: string[]) =>
  modelKind(
    indexGraph(
      smallModel({ nodes: names.map((name, i) => node("Conv", ["input"], `o${i}`, {}, name)) }).graph,
    ),
  );

describe("modelKind", () => {
  it("PaDiM by its structure, others by the modules that PyTorch names", () => {
    expect(modelKind(indexGraph(smallPadim().graph))).toBe("padim");
    expect(named("/teacher_model/layer1/Conv", "/student_model/layer1/Conv")).toBe("stfpm");
    expect(named("/model/teacher/conv1/Conv", "/model/student/conv1/Conv", "/model/ae/encoder/Conv")).toBe(
      "efficient-ad",
    );
    expect(named("/fast_flow_blocks.0/Conv")).toBe("fastflow");
    expect(named("/encoder/Conv", "/bottleneck/Conv", "/decoder/Conv")).toBe("reverse-distillation");
  });

  it("unknown unless sure", () => {
    expect(named("/teacher_model/Conv")).toBe("unknown");
    expect(named("/encoder/Conv", "/decoder/Conv")).toBe("unknown");
    expect(named("/my_fast_flow_blocks/Conv")).toBe("unknown");
    expect(modelKind(indexGraph(smallModel().graph))).toBe("unknown");
  });
});

describe("kindDetails", () => {
  it("everything about a PaDiM", () => {
    const details = kindDetails(indexGraph(smallPadim().graph), { height: 32, width: 32 });
    expect(details).toMatchObject({
      kind: "padim",
      totalChannels: 12,
      channels: 3,
      channelIndices: SMALL_INDICES,
      cells: 64,
      grid: { height: 8, width: 8 },
      blur: { kernelSize: 3, sigma: 0.8493 },
      memoryBank: null,
    });
    expect(details.layers.map(({ layer }) => layer)).toEqual(["layer1", "layer2"]);
  });

  it("nothing is invented for an unknown graph", () => {
    expect(kindDetails(indexGraph(smallModel().graph), null)).toEqual({
      kind: "unknown",
      layers: [],
      totalChannels: null,
      channels: null,
      channelIndices: null,
      cells: null,
      grid: null,
      memoryBank: null,
      neighbours: null,
      blur: null,
    });
  });
});
