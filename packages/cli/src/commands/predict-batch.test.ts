import { PassThrough } from "node:stream";
import { BlemishError } from "@blemish/core";
import type { Model, Prediction, SlimResult } from "@blemish/node";
import { describe, expect, it } from "vitest";
import { predictOptions } from "../options/predict-options.js";
import type { Report } from "../output/report.js";
import type { ResultLine } from "../output/result-line.js";
import { predictBatch } from "./predict-batch.js";

const result = {
  verdict: "good",
  predScore: 0.2,
  rawScore: 2,
  imageThreshold: 5,
  predLabel: false,
  predBoxes: null,
  boxLabels: null,
  regions: [],
  rawMap: null,
  encoded: {},
  width: 4,
  height: 3,
} as unknown as SlimResult;
const broken = new BlemishError("IMAGE_BROKEN", { subject: "b.png" });

/** A model that answers from a list, and remembers what it was asked. */
function fakeModel(predictions: readonly Prediction<SlimResult>[], asked: unknown[]): Model {
  async function* predictMany(sources: Iterable<string>, options: unknown) {
    asked.push([...sources], options);
    yield* predictions;
  }
  return { predictMany } as unknown as Model;
}

function recorder(): Report & { readonly lines: ResultLine[] } {
  const lines: ResultLine[] = [];
  const add = async (line: ResultLine) => void lines.push(line);
  const nothing = async () => undefined;
  return { lines, add, counts: () => expect.fail("not asked for"), finish: nothing, discard: nothing };
}

const { signal } = new AbortController();
const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
const plan = { pictures: null, maps: null };

describe("predictBatch", () => {
  it("reports every picture in order and goes past a broken one", async () => {
    const report = recorder();
    const asked: unknown[] = [];
    const model = fakeModel(
      [
        { source: "a.png", index: 0, result, ms: 5 },
        { source: "b.png", index: 1, error: broken },
        { source: "c.png", index: 2, result, ms: 7 },
      ],
      asked,
    );
    const pictures = ["a.png", "b.png", "c.png"];
    const options = predictOptions(["m.onnx", ...pictures], { threshold: "5" });
    await predictBatch(model, pictures, options, plan, { report, terminal, signal });
    expect(report.lines.map(({ path, verdict, ms }) => [path, verdict, ms])).toEqual([
      ["a.png", "good", 5],
      ["b.png", "invalid", null],
      ["c.png", "good", 7],
    ]);
    expect(report.lines[0]).toMatchObject({ model: "m.onnx", thresholdFrom: "option", width: 4, height: 3 });
    expect(report.lines[1]?.error?.code).toBe("IMAGE_BROKEN");
    expect(asked).toEqual([pictures, { maps: false, explain: false, validity: true, signal }]);
  });

  it("has pictures drawn only when somebody wants them", async () => {
    const asked: unknown[] = [];
    const options = predictOptions(["m", "a"], { visualizationMode: "full" });
    const pictures = { kind: "folder", path: "out" } as const;
    const context = { report: recorder(), terminal, signal };
    await predictBatch(fakeModel([], asked), ["a"], options, { pictures, maps: null }, context);
    expect(asked[1]).toEqual({
      maps: false,
      explain: false,
      validity: true,
      signal,
      encode: { visualization: { mode: "full" } },
    });
  });

  it("lets what ends the whole run through", async () => {
    const predictMany = () => {
      throw new BlemishError("CANCELLED", { subject: "x" });
    };
    const model = { predictMany } as unknown as Model;
    const context = { report: recorder(), terminal, signal };
    const options = predictOptions(["m", "a"], {});
    await expect(predictBatch(model, ["a"], options, plan, context)).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });
});
