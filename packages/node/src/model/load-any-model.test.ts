import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeModelFile } from "@blemish/core";
import { expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { smallModel } from "../../../../tests/support/small-model.js";
import { sha256 } from "../sha256.js";
import { loadAnyModel } from "./load-any-model.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-any-"));

it("loads model files as they are, and others as importing makes them", async () => {
  const [own, other] = [join(folder, "part.blemish"), join(folder, "model.ckpt")];
  writeFileSync(own, writeModelFile(smallModel(), sha256));
  writeFileSync(other, smallCheckpoint({ method: "patchcore", version: "0.7", saved: "lightning" }));
  expect((await loadAnyModel(own)).manifest).toEqual(smallModel().manifest);
  expect((await loadAnyModel(other)).manifest.origin).toBe("anomalib");
  await expect(loadAnyModel(join(folder, "missing.onnx"))).rejects.toThrow(/MODEL_NOT_FOUND/);
});
