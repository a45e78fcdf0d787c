import { describe, expect, it } from "vitest";
import type { ModelDescription } from "../../anomalib/model-description.js";
import type { Tensor } from "../../tensor.js";
import type { Session } from "./detector.js";
import { graphDetector } from "./graph-detector.js";

const picture: Tensor = { data: Float32Array.from({ length: 12 }, (_, i) => i), shape: [1, 3, 2, 2] };

function describeGraph(changes: Partial<ModelDescription> = {}): ModelDescription {
  return {
    profile: "anomalib-0.7",
    evidence: [],
    kind: "unknown",
    task: "segmentation",
    input: { name: "input", height: 2, width: 2, batch: 1 },
    outputs: { map: "output", score: null, label: null, mask: null },
    scoreSource: "map-max",
    preprocessing: [],
    imageThreshold: 1,
    pixelThreshold: 1,
    normalisation: { method: "none" },
    notes: [],
    ...changes,
  };
}

/** A session that gives the same outputs every time and remembers what it was fed. */
function fixedSession(outputs: Record<string, Tensor>) {
  const fed: Record<string, Tensor>[] = [];
  const session: Session = {
    async run(feeds) {
      fed.push(
        Object.fromEntries(Object.entries(feeds).map(([name, t]) => [name, { ...t, data: t.data.slice() }])),
      );
      return outputs;
    },
    async close() {
      fed.push({});
    },
  };
  return { session, fed };
}

function tensor(shape: number[], ...values: number[]): Tensor {
  return { data: Float32Array.from(values), shape };
}

const detectWith = (outputs: Record<string, Tensor>, changes: Partial<ModelDescription> = {}) =>
  graphDetector(fixedSession(outputs).session, describeGraph(changes)).detect([picture]);

describe("graphDetector", () => {
  it.each([[[1, 1, 2, 3]], [[1, 2, 3]], [[2, 3]]])("reads a map of shape %j", async (shape) => {
    const found = await detectWith({ output: tensor(shape, 1, 2, 3, 4, 5, 6) });
    expect(found.map).toEqual({ width: 3, height: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(found).toMatchObject({ score: null, label: null, mask: null, normalised: false });
  });

  it("gives the map without a copy when the output holds one picture", async () => {
    const output = tensor([1, 1, 1, 2], 1, 2);
    expect((await detectWith({ output })).map?.data).toBe(output.data);
  });

  it.each([[[]], [[1]], [[1, 1]]])("reads a score of shape %j", async (shape) => {
    const outputs = { map: "output", score: "307", label: null, mask: null };
    const results = { output: tensor([1, 1], 9), "307": tensor(shape, 1.5) };
    expect((await detectWith(results, { outputs, scoreSource: "output" })).score).toBe(1.5);
    expect((await detectWith(results, { outputs, scoreSource: "map-max" })).score).toBe(null);
  });

  it("reads a graph that gives nothing but a score", async () => {
    const outputs = { map: null, score: "output", label: null, mask: null };
    const found = await detectWith({ output: tensor([1], 0.25) }, { outputs, scoreSource: "output" });
    expect(found).toMatchObject({ map: null, score: 0.25 });
  });

  it("feeds the picture as often as a fixed batch asks and takes the first answer", async () => {
    const { session, fed } = fixedSession({
      output: tensor([2, 1, 1, 2], 1, 2, 3, 4),
      pred_score: tensor([2, 1], 0.1, 0.9),
      pred_label: tensor([2], 0, 1),
      pred_mask: tensor([2, 1, 1, 2], 0, 1, 1, 1),
    });
    const detector = graphDetector(
      session,
      describeGraph({
        input: { name: "input", height: null, width: null, batch: 2 },
        outputs: { map: "output", score: "pred_score", label: "pred_label", mask: "pred_mask" },
        scoreSource: "output",
        normalisation: { method: "in-graph" },
      }),
    );
    const found = await detector.detect([picture]);
    expect(found).toEqual({
      map: { width: 2, height: 1, data: Float32Array.of(1, 2) },
      score: Math.fround(0.1),
      label: false,
      mask: { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 1) },
      normalised: true,
    });
    expect(found.map?.data.buffer.byteLength).toBe(8);
    await detector.detect([{ data: new Float32Array(3), shape: [1, 3, 1, 1] }]);
    expect(fed.map((feeds) => feeds.input?.shape)).toEqual([
      [2, 3, 2, 2],
      [2, 3, 1, 1],
    ]);
    expect(fed[0]?.input?.data).toEqual(Float32Array.of(...picture.data, ...picture.data));
    expect(fed[1]?.input?.data).toEqual(new Float32Array(6));
  });

  it("takes one tensor, made by the model's own steps", () => {
    const preprocessing = [{ type: "toFloat", maxValue: 255 }] as const;
    const { session } = fixedSession({});
    expect(graphDetector(session, describeGraph({ preprocessing })).inputs).toEqual([preprocessing]);
  });

  it("closes its session", async () => {
    const { session, fed } = fixedSession({});
    await graphDetector(session, describeGraph()).close();
    expect(fed).toEqual([{}]);
  });
});

describe("graphDetector refuses", () => {
  it.each([
    ["another height", { data: new Float32Array(9), shape: [1, 3, 1, 3] }],
    ["two pictures", { data: new Float32Array(24), shape: [2, 3, 2, 2] }],
    ["another number of channels", { data: new Float32Array(4), shape: [1, 1, 2, 2] }],
    ["data that does not fill its shape", { data: new Float32Array(11), shape: [1, 3, 2, 2] }],
  ])("an input with %s", async (_, input) => {
    const { session, fed } = fixedSession({ output: tensor([1, 1], 1) });
    const refused = graphDetector(session, describeGraph()).detect([input]);
    await expect(refused).rejects.toMatchObject({ code: "MODEL_INPUT", expected: "[1, 3, 2, 2]" });
    expect(fed).toEqual([]);
  });

  it.each([
    ["more pictures than were fed", tensor([2, 1, 1, 1], 1, 2)],
    ["several channels", tensor([1, 3, 1, 1], 1, 2, 3)],
    ["no rows", tensor([1, 1, 0, 4])],
    ["one side only", tensor([2], 1, 2)],
    ["data that does not fill its shape", tensor([1, 1, 2, 2], 1, 2, 3)],
  ])("a map with %s", async (_, output) => {
    await expect(detectWith({ output })).rejects.toMatchObject({ code: "MODEL_OUTPUT" });
  });

  it("a score that is not one number", async () => {
    const outputs = { map: null, score: "output", label: null, mask: null };
    const refused = detectWith({ output: tensor([2], 1, 2) }, { outputs, scoreSource: "output" });
    await expect(refused).rejects.toMatchObject({ code: "MODEL_OUTPUT", found: "[2] with 2 values" });
  });

  it("a run without the output it was promised", async () => {
    const refused = detectWith({ other: tensor([1], 1) });
    await expect(refused).rejects.toMatchObject({ code: "MODEL_OUTPUT", found: "other" });
  });
});
