import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelFile, readModelFile, writeModelFile } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { importModelFile } from "../model/import-model-file.js";
import { sha256 } from "../sha256.js";
import { verifyModel } from "./verify-model.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-verify-"));

async function imported(method: "padim" | "patchcore", version: "0.7" | "2"): Promise<ModelFile> {
  const path = join(folder, `${method}-${version}.ckpt`);
  writeFileSync(path, smallCheckpoint({ method, version, saved: "lightning" }));
  return (await importModelFile(path)).model;
}

function written(name: string, model: ModelFile): string {
  const path = join(folder, name);
  writeFileSync(path, writeModelFile(model, sha256));
  return path;
}

describe("verifyModel", () => {
  it.each([
    ["padim", "0.7"],
    ["patchcore", "0.7"],
    ["padim", "2"],
    ["patchcore", "2"],
  ] as const)("%s of Anomalib %s is the same model on every engine here", async (method, version) => {
    const path = written(`${method}-${version}.blemish`, await imported(method, version));
    const { passed, rows, missing, identity } = await verifyModel(path);
    const coarse = method === "padim" ? "Fast engine, int8 factors" : "Fast engine, int8 bank";
    const engines = ["Fast engine", "ONNX Runtime", "ONNX Runtime Web", coarse];
    expect(rows.map(({ engine }) => engine)).toEqual(engines);
    expect(rows.map(({ decides }) => decides)).toEqual([true, true, true, false]);
    expect(missing).toEqual([]);
    for (const row of rows) expect(row).toMatchObject({ pictures: 2, flips: 0, passed: true });
    expect(passed).toBe(true);
    expect(identity?.backbone).toMatch(/^[0-9a-f]{64}$/);
  });

  it("fails when the samples are another model's", async () => {
    const model = await imported("padim", "0.7");
    const parity = model.manifest.parity.map((one) => ({ ...one, rawScore: one.rawScore * 1.001 }));
    const path = written("other.blemish", { ...model, manifest: { ...model.manifest, parity } } as ModelFile);
    const { passed, rows } = await verifyModel(path);
    expect(passed).toBe(false);
    expect(rows.filter((row) => !row.passed).map(({ engine }) => engine)).toEqual(["Fast engine"]);
  });

  it("a file that was edited is not even opened", async () => {
    const path = written("edited.blemish", await imported("padim", "0.7"));
    const bytes = readFileSync(path);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(path, bytes);
    await expect(verifyModel(path)).rejects.toThrow(/MODEL_BROKEN/);
    expect(() => readModelFile(bytes, path, sha256)).toThrow(/MODEL_BROKEN/);
  });

  it("can be cancelled", async () => {
    const path = written("cancel.blemish", await imported("padim", "0.7"));
    await expect(verifyModel(path, { signal: AbortSignal.abort() })).rejects.toThrow(/CANCELLED/);
  });
});
