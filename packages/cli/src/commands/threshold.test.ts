import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { readTrainedModel, saveModel } from "@blemish/node";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { writeTinyModel } from "../../../../tests/support/tiny-model.js";
import { type ThresholdWords, thresholdCommand } from "./threshold.js";

const folder = await mkdtemp(join(tmpdir(), "blemish-threshold-"));
const model = join(folder, "part.blemish");
beforeEach(() => saveModel(model, smallModel()));
afterAll(() => rm(folder, { recursive: true }));

async function threshold(words: ThresholdWords, positional = [model]) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const code = await thresholdCommand(positional, words, terminal);
  return { code, out: String(terminal.stdout.read() ?? "") };
}

describe("thresholdCommand", () => {
  it("shows the threshold and changes nothing", async () => {
    const before = await readFile(model);
    const { code, out } = await threshold({});
    expect(code).toBe(0);
    expect(out).toContain("The threshold is 3.5 (pixels: 4.5), found for a false-alarm rate of 5 of 100");
    expect(Buffer.compare(await readFile(model), before)).toBe(0);
  });

  it("sets a threshold and records the change", async () => {
    const { out } = await threshold({ set: "3.1", reason: "customer wish" });
    expect(out).toContain("3.5 → 3.1  customer wish");
    const { calibration } = (await readTrainedModel(model)).manifest;
    expect(calibration).toMatchObject({
      imageThreshold: 3.1,
      imageRange: { min: 0, max: 6.2 },
      expectedRate: 0.5,
    });
    expect(calibration.changes).toEqual([{ from: 3.5, to: 3.1, reason: "customer wish" }]);
  });

  it("takes a rate, writes elsewhere, and prints JSON", async () => {
    const output = join(folder, "other/new.blemish");
    const before = await readFile(model);
    const { out } = await threshold({ falseAlarmRate: "40%", output, json: true });
    expect(JSON.parse(out)).toMatchObject({
      model: output,
      askedRate: 0.4,
      imageThreshold: 3.25,
      reached: true,
      pictures: 5,
      rank: 4,
    });
    expect(Buffer.compare(await readFile(model), before)).toBe(0);
    expect((await readTrainedModel(output)).manifest.calibration.imageThreshold).toBe(3.25);
  });

  it("sets a grey zone beside the rate or alone, shows it, and takes it away", async () => {
    const { out } = await threshold({ falseAlarmRate: "20%", uncertain: "40%" });
    expect(out).toContain("Uncertain from 3.25 on: 33 of 100 good parts reach it on average");
    const after = (await readTrainedModel(model)).manifest.calibration;
    expect(after).toMatchObject({ askedRate: 0.2, uncertain: { askedRate: 0.4, imageThreshold: 3.25 } });
    await threshold({ uncertain: "60%" });
    expect((await readTrainedModel(model)).manifest.calibration.uncertain?.askedRate).toBe(0.6);
    await expect(threshold({ uncertain: "10%" })).rejects.toThrow("above the false-alarm rate");
    await expect(threshold({ set: "0.5" })).rejects.toThrow("--no-uncertain");
    await threshold({ set: "0.5", uncertain: false });
    expect((await readTrainedModel(model)).manifest.calibration).not.toHaveProperty("uncertain");
  });

  it("has nothing to say about a model that Anomalib trained", async () => {
    await saveModel(model, smallImported());
    for (const words of [{}, { set: "3" }])
      await expect(threshold(words)).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED", subject: model });
  });

  it.each<[string, ThresholdWords]>([
    ["two wishes", { set: "3", falseAlarmRate: "1%" }],
    ["a reason for nothing", { reason: "why not" }],
    ["a place for nothing", { output: "x" }],
    ["a threshold of zero", { set: "0" }],
    ["a threshold that is no number", { set: "high" }],
    ["a rate above one", { falseAlarmRate: "5" }],
  ])(
    "refuses %s",
    async (_name, words) => await expect(threshold(words)).rejects.toMatchObject({ code: "OPTION_VALUE" }),
  );

  it("refuses a model that is none of ours", async () => {
    const onnx = join(await writeTinyModel(join(folder, "tiny")), "model.onnx");
    await expect(threshold({}, [onnx])).rejects.toMatchObject({ code: expect.stringMatching(/^MODEL_/) });
    await expect(threshold({}, [model, "x"])).rejects.toMatchObject({ code: "OPTION_VALUE" });
  });
});
