import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelFile, readOnnx, writeModelFile, writeOnnx } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { exportModelFile } from "../export/export-model-file.js";
import { importModelFile } from "../model/import-model-file.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { requireVerified } from "./require-verified.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-required-"));
const checkpoint = join(folder, "model.ckpt");
writeFileSync(checkpoint, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
const { model } = await importModelFile(checkpoint);
const parity = model.manifest.parity.map((one) => ({ ...one, rawScore: 2 * one.rawScore }));
const changed = { ...model, manifest: { ...model.manifest, parity } };

function written(name: string, content: ModelFile): string {
  const path = join(folder, name);
  // With the hash of what it holds: nothing but the samples can tell.
  writeFileSync(path, writeModelFile(content, sha256));
  return path;
}

const good = written("good.blemish", model);
const bad = written("bad.blemish", changed);

describe("a model whose samples were changed, and its hash with them", () => {
  it("opens as ever, and not where its samples are asked for", async () => {
    await (await open(bad, { workers: 1, threads: 1 })).close();
    await expect(open(bad, { workers: 1, threads: 1, check: true })).rejects.toMatchObject({
      code: "MODEL_SAMPLES",
      subject: bad,
    });
    await (await open(good, { workers: 1, threads: 1, check: true })).close();
  });

  it("is exported by force alone, and the file says so", async () => {
    const output = join(folder, "forced.onnx");
    await expect(exportModelFile(bad, output)).rejects.toMatchObject({ code: "MODEL_SAMPLES" });
    const { warnings, exported } = await exportModelFile(bad, output, { force: true });
    expect(warnings.join()).toMatch(/by force/);
    const said = exported.onnx.metadataProps.find(({ key }) => key === "blemish.warnings");
    expect(JSON.parse(said?.value ?? "")).toEqual(warnings);
    await expect(open(output, { workers: 1, threads: 1, check: true })).rejects.toThrow(/MODEL_SAMPLES/);
    const { description } = await (async () => {
      const opened = await open(output, { workers: 1, threads: 1 });
      await opened.close();
      return opened;
    })();
    expect(description.notes).toContain(warnings[0]);
  });

  it("exports of good ones hold, and others have nothing to hold them against", async () => {
    const output = join(folder, "good.onnx");
    expect((await exportModelFile(good, output, { force: true })).warnings).toEqual([]);
    await requireVerified(output);
    const bytes = readFileSync(output);
    const onnx = readOnnx(bytes, output);
    const without = onnx.metadataProps.map((one) =>
      one.key === "blemish.parity" ? { ...one, value: "[]" } : one,
    );
    const bare = join(folder, "bare.onnx");
    writeFileSync(bare, writeOnnx({ ...onnx, metadataProps: without }));
    for (const path of [bare, checkpoint, fixturePath("padim-120"), join(folder, "none")])
      await expect(requireVerified(path)).rejects.toThrow(/OPTION_VALUE/);
  });
});
