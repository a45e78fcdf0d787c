import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { importCheckpointContent, isCheckpoint } from "./checkpoint-file.js";
import { importModelFile } from "./import-model-file.js";
import { open } from "./open.js";
import { readModel } from "./read-model.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-checkpoint-"));
const put = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const PADIM = put("model.ckpt", smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
const PATCHCORE = put("model.pt", smallCheckpoint({ method: "patchcore", version: "2", saved: "module" }));
const picture = {
  data: new Uint8Array(64 * 48 * 3).map((_, i) => (i * 37) % 256),
  width: 64,
  height: 48,
  channels: 3,
} as const;

describe("a checkpoint file", () => {
  it("is told by its content", async () => {
    expect(await isCheckpoint(PADIM)).toBe(true);
    expect(await isCheckpoint(put("model.onnx", Uint8Array.of(8, 6, 1, 2)))).toBe(false);
    expect(await isCheckpoint(folder)).toBe(false);
    expect(await isCheckpoint(join(folder, "missing"))).toBe(false);
  });

  it.each([PADIM, PATCHCORE])("opens, judges, is looked at and imported: %s", async (path) => {
    const model = await open(path, { workers: 1, threads: 1 });
    const { verdict, predScore } = await model.predict(picture);
    await model.close();
    expect(["good", "anomalous"]).toContain(verdict);
    expect(predScore).toBeGreaterThanOrEqual(0);
    const { description, manifest, problem } = await readModel(path);
    expect([description?.kind, manifest?.origin, problem]).toEqual([
      path === PADIM ? "padim" : "patchcore",
      "anomalib",
      null,
    ]);
    const { model: imported, metadataPath } = await importModelFile(path);
    expect(imported.manifest.imported.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(metadataPath).toBe(null);
  });

  it("takes a task, and refuses what it says itself", async () => {
    const model = await importCheckpointContent(PADIM, { task: "detection" }, null);
    expect(model.manifest.task).toBe("detection");
    await expect(importCheckpointContent(PADIM, { metadata: "metadata.json" }, null)).rejects.toThrow(
      /OPTION_VALUE/,
    );
    await expect(open(PADIM, { engine: "onnx" })).rejects.toThrow(/OPTION_VALUE/);
    await expect(
      open(
        put(
          "broken.pt",
          smallCheckpoint({ method: "padim", version: "0.7", saved: "module" }).subarray(0, 999),
        ),
      ),
    ).rejects.toThrow(/MODEL_BROKEN/);
  });
});
