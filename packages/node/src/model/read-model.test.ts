import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OnnxModel, writeOnnx } from "@blemish/core";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import { tinyMetadata, tinyModel, writeTinyModel } from "../../../../tests/support/tiny-model.js";
import { saveModel } from "../training/save-model.js";
import { importModelFile } from "./import-model-file.js";
import { type ModelReport, readModel } from "./read-model.js";

let folder: string;
beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), "blemish-read-"));
  folder = made;
  onTestFinished(() => rm(made, { recursive: true }));
});

describe("readModel", () => {
  it("says everything about a model without starting it", async () => {
    const path = await writeTinyModel(folder);
    const report = await readModel(folder);
    expect(report).toMatchObject({
      path,
      metadataPath: join(folder, "metadata.json"),
      description: { profile: "anomalib-0.7", imageThreshold: 5 },
      facts: { nodes: 2, parameters: 3, profile: "anomalib-0.7" },
      metadata: { pixelThreshold: 5 },
      problem: null,
    });
    expect(report.onnx).toEqual(tinyModel());
  });

  it("obeys the options", async () => {
    await writeTinyModel(folder);
    const metadata = join(folder, "other.json");
    await writeFile(metadata, JSON.stringify({ ...tinyMetadata(), image_threshold: 7 }));
    const report = await readModel(folder, {
      metadata,
      task: "detection",
      profile: "anomalib-0.7",
      score: "map-max",
    });
    expect(report).toMatchObject({
      metadataPath: metadata,
      description: { task: "detection", imageThreshold: 7, scoreSource: "map-max" },
    });
  });

  it.each(["padim-070-segmentation", "padim-270"])(
    "names the layers of an imported model as its export does: %s",
    async (name) => {
      const path = join(folder, "part.blemish");
      await saveModel(path, (await importModelFile(fixturePath(name))).model);
      const [ours, theirs] = [await readModel(path), await readModel(fixturePath(name))];
      const layers = ({ facts }: ModelReport) => facts.details.layers.map(({ layer }) => layer);
      expect(layers(ours)).toEqual(["layer1", "layer2", "layer3"]);
      expect(layers(theirs)).toEqual(layers(ours));
      expect(ours.facts.details).toMatchObject({ channelIndices: null, totalChannels: null });
    },
  );

  it("is content with missing thresholds", async () => {
    await writeTinyModel(folder);
    const { image_threshold: _, ...rest } = tinyMetadata() as { image_threshold: number };
    await writeFile(join(folder, "metadata.json"), JSON.stringify(rest));
    expect(await readModel(folder)).toMatchObject({ description: { imageThreshold: null }, problem: null });
  });

  it("reports what keeps the model from being opened", async () => {
    const path = await writeTinyModel(folder);
    await rm(join(folder, "metadata.json"));
    expect(await readModel(path)).toMatchObject({
      description: null,
      metadata: null,
      problem: { code: "METADATA_NOT_FOUND" },
    });
    await writeFile(join(folder, "metadata.json"), "no JSON");
    expect(await readModel(path)).toMatchObject({ metadataPath: null, problem: { code: "METADATA_FORMAT" } });
  });

  it("shows an ONNX file that is no detector", async () => {
    const { graph } = tinyModel();
    const other: OnnxModel = {
      ...tinyModel(),
      graph: { ...graph, inputs: [{ name: "input", elementType: 1, dims: [1, 10] }] },
    };
    await writeFile(join(folder, "model.onnx"), writeOnnx(other));
    const report = await readModel(folder);
    expect(report).toMatchObject({ description: null, problem: { code: "MODEL_NOT_ANOMALY" } });
    expect(report.facts.operators).toEqual([
      { operator: "Abs", count: 1 },
      { operator: "Conv", count: 1 },
    ]);
  });

  it("reports external weights that are missing", async () => {
    await writeTinyModel(folder);
    const { graph } = tinyModel();
    const payload = { kind: "external", location: "far.data", offset: 0, length: 12 } as const;
    const initialisers = graph.initialisers.map((tensor) => ({ ...tensor, payload }));
    await writeFile(
      join(folder, "model.onnx"),
      writeOnnx({ ...tinyModel(), graph: { ...graph, initialisers } }),
    );
    expect(await readModel(folder)).toMatchObject({
      problem: { code: "MODEL_DATA_MISSING", expected: "far.data with 12 bytes" },
    });
    await writeFile(join(folder, "far.data"), new Uint8Array(12));
    expect(await readModel(folder)).toMatchObject({
      problem: null,
      facts: { bytes: { external: [{ file: "far.data", bytes: 12 }] } },
    });
  });

  it("refuses what is no ONNX file, and options that it does not know", async () => {
    await expect(readModel(folder)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    await writeFile(join(folder, "model.onnx"), "words");
    await expect(readModel(folder)).rejects.toMatchObject({ code: "MODEL_FORMAT" });
    await expect(readModel(folder, { treshold: 3 } as object)).rejects.toMatchObject({
      code: "OPTION",
      subject: "treshold",
    });
    await expect(readModel(folder, { score: "mean" as never })).rejects.toMatchObject({
      code: "OPTION_VALUE",
      subject: "score",
    });
  });
});
