import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeModelFile } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { sha256 } from "../sha256.js";
import { isModelFile, loadModelFile, readTrainedModel } from "./trained-model-file.js";

describe("a trained model's file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-"));
  const path = join(folder, "part.blemish");
  await writeFile(path, writeModelFile(smallModel(), sha256));

  it("is told by its content and read", async () => {
    expect(await isModelFile(path)).toBe(true);
    expect((await readTrainedModel(path)).manifest).toEqual(smallModel().manifest);
  });

  it("is not taken for one of a trained model when it was imported", async () => {
    const imported = join(folder, "imported.blemish");
    await writeFile(imported, writeModelFile(smallImported(), sha256));
    expect(await loadModelFile(imported)).toEqual(smallImported());
    await expect(readTrainedModel(imported)).rejects.toMatchObject({
      code: "MODEL_NOT_TRAINED",
      subject: imported,
    });
  });

  it("is told from anything else", async () => {
    await writeFile(join(folder, "model.onnx"), Uint8Array.of(8, 8, 18, 7, 112, 121, 116, 111, 114, 99));
    await writeFile(join(folder, "empty"), "");
    for (const other of ["model.onnx", "empty", "missing", "."])
      expect(await isModelFile(join(folder, other))).toBe(false);
  });

  it("that is missing or damaged is an error with its name", async () => {
    await expect(readTrainedModel(join(folder, "missing"))).rejects.toThrow(/missing.*MODEL_NOT_FOUND/);
    const damaged = writeModelFile(smallModel(), sha256);
    damaged[damaged.length - 5]! ^= 1;
    await writeFile(path, damaged);
    await expect(readTrainedModel(path)).rejects.toThrow(/part\.blemish.*MODEL_BROKEN/);
  });
});
