import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelDescription } from "@blemish/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TINY_SIDE, tinyPicture, writeTinyModel } from "../../../../tests/support/tiny-model.js";
import type { FromWorker } from "./messages.js";
import { createRunGate } from "./run-gate.js";
import { startWorker } from "./start-worker.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-worker-"));
  await writeTinyModel(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const description: ModelDescription = {
  profile: "anomalib-0.7",
  evidence: [],
  kind: "unknown",
  task: "segmentation",
  input: { name: "input", height: TINY_SIDE, width: TINY_SIDE, batch: 1 },
  outputs: { map: "output", score: null, label: null, mask: null },
  scoreSource: "map-max",
  preprocessing: [{ type: "normalize", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], maxPixelValue: 255 }],
  imageThreshold: 5,
  pixelThreshold: 5,
  normalisation: { method: "none" },
  notes: [],
};

it("starts a thread that opens the model, inspects, and ends when it is told to", async () => {
  const setup = { modelPath: join(folder, "model.onnx"), description, threads: 1, spinning: false };
  const gate = createRunGate();
  const worker = startWorker(setup, gate);
  const heard = () =>
    new Promise<FromWorker<{ rawScore: number }>>((resolve) => worker.once("message", resolve));
  expect(await heard()).toEqual({ type: "ready" });
  const job = { source: tinyPicture(TINY_SIDE, TINY_SIDE, 4), options: {} };
  const reply = heard();
  worker.postMessage({ type: "job", id: 1, job });
  const done = await reply;
  expect(done).toMatchObject({ type: "done", id: 1, result: { verdict: "anomalous" } });
  expect([...gate]).toEqual([0, 0]);
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  worker.postMessage({ type: "close" });
  expect(await ended).toBe(0);
});

it("reports a model that cannot be opened, and ends", async () => {
  const setup = { modelPath: join(folder, "none.onnx"), description, threads: 1, spinning: false };
  const worker = startWorker(setup, createRunGate());
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  const reply = await new Promise((resolve) => worker.once("message", resolve));
  expect(reply).toMatchObject({ type: "broken", error: { code: "MODEL_NOT_FOUND" } });
  expect(await ended).toBe(0);
});
