import { describe, expect, it } from "vitest";
import {
  BOOL,
  floats,
  INT64,
  port,
  type SmallModel,
  smallModel,
} from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { modelPorts } from "./model-ports.js";

const ports = (parts: SmallModel) => modelPorts(indexGraph(smallModel(parts).graph), "model.onnx");
const withInput = (...inputs: NonNullable<SmallModel["inputs"]>) => ports({ inputs });
const withOutputs = (...outputs: NonNullable<SmallModel["outputs"]>) => ports({ outputs });

describe("the input", () => {
  it("fixed, free, and with a fixed batch", () => {
    expect(withInput(port("x", [1, 3, 224, 256])).input).toEqual({
      name: "x",
      height: 224,
      width: 256,
      batch: 1,
    });
    expect(withInput(port("x", ["batch", 3, "height", "weight"])).input).toEqual({
      name: "x",
      height: null,
      width: null,
      batch: 1,
    });
    const two = withInput(port("x", [2, 3, null, null]));
    expect(two.input.batch).toBe(2);
    expect(two.notes).toEqual(["The export fixed its batch at 2: each picture is fed 2 times in one run."]);
  });

  it("initialisers listed as inputs do not count", () => {
    const model = ports({
      initialisers: [floats("w", [1])],
      inputs: [port("w", [1]), port("x", [1, 3, 8, 8])],
    });
    expect(model.input.name).toBe("x");
  });

  it("no picture input: MODEL_NOT_ANOMALY", () => {
    expect(() => withInput()).toThrow(
      /^model\.onnx .*one input \[N, 3, H, W\], found no input.*MODEL_NOT_ANOMALY/,
    );
    expect(() => withInput(port("a", [1, 3, 8, 8]), port("b", [1]))).toThrow(
      /a float32 \[1, 3, 8, 8\], b float32 \[1\].*MODEL_NOT_ANOMALY/,
    );
    expect(() => withInput(port("a", [1, 1000]))).toThrow(/MODEL_NOT_ANOMALY/);
    expect(() => withInput(port("a", null))).toThrow(/a float32 without a shape.*MODEL_NOT_ANOMALY/);
  });

  it("a picture input that cannot be fed: MODEL_INPUT", () => {
    for (const [dims, type] of [
      [[1, 1, 8, 8], 1],
      [[1, 3, 8, 8], 10],
      [[1, 3, 8, "w"], 1],
      [[0, 3, 8, 8], 1],
      [[1, 3, 0, 8], 1],
      [[1, 3, 8, 100_000], 1],
      [[1000, 3, 8, 8], 1],
    ] as const) {
      expect(() => withInput(port("x", dims, type))).toThrow(/^model\.onnx .*MODEL_INPUT/);
    }
  });
});

describe("the outputs", () => {
  it("0.x and 1.x: by shape", () => {
    expect(withOutputs(port("output", [1, 1, 32, 32])).outputs).toEqual({
      map: "output",
      score: null,
      label: null,
      mask: null,
    });
    expect(withOutputs(port("output", ["b", "a", "c", "d"])).outputs.map).toBe("output");
    const patchcore = withOutputs(port("output", [1, 1, 32, 32]), port("307", [1]));
    expect(patchcore.outputs).toEqual({ map: "output", score: "307", label: null, mask: null });
    expect(patchcore.mapSize).toEqual({ height: 32, width: 32 });
    expect(withOutputs(port("output", ["b"])).outputs).toEqual({
      map: null,
      score: "output",
      label: null,
      mask: null,
    });
    expect(withOutputs(port("output", ["b", 1])).outputs.score).toBe("output");
    expect(withOutputs(port("output", [])).outputs.score).toBe("output");
    expect(withOutputs(port("output", [1, 32, 32])).outputs.map).toBe("output");
  });

  it("further maps are noted, a map without a shape is taken on trust", () => {
    expect(withOutputs(port("a", [1, 1, 8, 8]), port("b", [1, 1, 8, 8])).notes).toEqual([
      "Outputs that are not used: b.",
    ]);
    const open = withOutputs(port("a", null));
    expect([open.outputs.map, open.mapSize]).toEqual(["a", null]);
    expect(open.notes).toEqual(["The output a has no shape in the file; it is taken for the anomaly map."]);
  });

  it("2.x: by name; label and mask only when they are decisions", () => {
    const all = [
      port("pred_score", ["b", 1]),
      port("pred_label", ["b", 1], BOOL),
      port("anomaly_map", ["b", 1, 8, 8]),
      port("pred_mask", ["b", 1, 8, 8], BOOL),
    ];
    expect(withOutputs(...all)).toMatchObject({
      named: true,
      outputs: { map: "anomaly_map", score: "pred_score", label: "pred_label", mask: "pred_mask" },
    });
    const raw = withOutputs(port("pred_score", ["b", 1]), port("pred_label", ["b", 1]));
    expect(raw.outputs).toEqual({ map: null, score: "pred_score", label: null, mask: null });
    expect(raw.notes[0]).toMatch(/no thresholds of its own/);
  });

  it("networks that are no anomaly detector", () => {
    for (const output of [
      port("y", [1, 1000]),
      port("y", [1, 21, 8, 8]),
      port("y", [1, 1, 8, 8], INT64),
      port("y", [1, 2, 3, 4, 5]),
    ]) {
      expect(() => withOutputs(output)).toThrow(
        /an anomaly map \[N, 1, H, W\] or a score \[N\] as output, found y .*MODEL_NOT_ANOMALY/,
      );
    }
    expect(() => withOutputs()).toThrow(/found no output.*MODEL_NOT_ANOMALY/);
    expect(() => withOutputs(port("anomaly_map", [1, 3, 8, 8]))).toThrow(/MODEL_NOT_ANOMALY/);
  });
});
