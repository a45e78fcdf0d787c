import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelDescription, type TrainedModelFile, writeModelFile } from "@blemish/core";
import { open, saveModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256, smallModel } from "../../../../tests/support/small-model.js";
import { writeTinyModel } from "../../../../tests/support/tiny-model.js";
import { renderReport } from "../report-page/render-report.js";
import { type ReportParts, reportData } from "./report-parts.js";

let folder = "";
let path = "";
const trained: TrainedModelFile = smallModel();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-parts-"));
  path = join(folder, "part.blemish");
  await saveModel(path, trained);
});
afterAll(() => rm(folder, { recursive: true }));

const description = {
  normalisation: { method: "min_max", image: { min: 0, max: 7 }, pixel: { min: 0, max: 9 } },
} as ModelDescription;

function parts(changed: Partial<ReportParts> = {}): ReportParts {
  const nothing = { test: null, suspects: [], health: null, warnings: [], durations: [] };
  return { path, trained, description, ...nothing, ...changed };
}

describe("reportData", () => {
  it("says of a trained model what its file says", async () => {
    const data = await reportData(parts({ warnings: ["care"] }));
    expect(data).toMatchObject({
      title: "part",
      test: null,
      warnings: ["care"],
      mapRange: { min: 0, max: 9 },
    });
    expect(data.date).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    expect(data.model).toMatchObject({ file: path, profile: "blemish", backbone: "tiny", trainedOn: 5 });
    const file = await readFile(path);
    expect(Buffer.compare(file, writeModelFile(trained, sha256))).toBe(0);
    const text = JSON.stringify(data.model.sections);
    expect(text).toContain(createHash("sha256").update(file).digest("hex"));
    expect(data.calibration).toMatchObject({ method: "leave-one-out", imageThreshold: 3.5, askedRate: 0.05 });
    expect(data.calibration.scores[0]).toEqual({ path: "good/000.png", score: 1 });
  });

  it("says of another program's model what is known", async () => {
    const model = await open(await writeTinyModel(join(folder, "tiny")));
    const data = await reportData(
      parts({ trained: null, description: model.description, path: "m/model.onnx" }),
    );
    await model.close();
    expect(data.title).toBe("model");
    expect(data.model).toMatchObject({
      profile: "anomalib-0.7",
      trainedOn: null,
      inputs: [{ width: 32, height: 32 }],
    });
    expect(data.calibration).toEqual({
      method: "imported",
      imageThreshold: 5,
      pixelThreshold: 5,
      askedRate: null,
      scores: [],
      changes: [],
    });
  });

  it("can be rendered", async () => expect(renderReport(await reportData(parts()))).toContain("<title>part"));
});
