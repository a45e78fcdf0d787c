import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportModel, type ModelFile, parityPicture, readExportNotes } from "@blemish/core";
import { expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { importModelFile } from "../model/import-model-file.js";
import { fastEngine } from "./engines.js";
import { exportEngines, exportedEngine } from "./exported-engines.js";

const path = join(mkdtempSync(join(tmpdir(), "blemish-exported-")), "model.ckpt");
writeFileSync(path, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
const { model } = await importModelFile(path);
const picture = parityPicture(3, {});

it("gives raw values of a graph whose outputs are normalised, and what those decide", async () => {
  const { onnx } = exportModel(model, { form: "anomalib-2", batch: "dynamic" });
  const engine = await exportedEngine(onnx, readExportNotes(onnx, "x")!, { name: "x" });
  const own = await fastEngine(model);
  const [answer, expected] = [await engine.judge(picture), await own.judge(picture)];
  expect(Math.abs(answer.score / expected.score - 1)).toBeLessThan(1e-5);
  expect(answer.map.data).toHaveLength(expected.map.data.length);
  expect(answer.made?.map((tensor) => [...tensor])).toEqual(expected.given?.map((tensor) => [...tensor]));
  const { imageThreshold } = model.manifest.imported.description;
  expect(answer.anomalous).toBe(expected.score >= imageThreshold!);
  await engine.close();
  await own.close();
});

it("says why there is no export", async () => {
  const zone = {
    name: "a",
    runs: [0, 9],
    weight: 1,
    unit: 1,
    minArea: 2,
    minPeak: 0.5,
    ignoreTouchingBorder: false,
  };
  const filtered = { ...model, manifest: { ...model.manifest, decision: { zones: [zone] } } } as ModelFile;
  expect(await exportEngines(filtered)).toEqual([
    { name: "ONNX Runtime", missing: expect.stringContaining("a filter in a") },
  ]);
});
