import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeTrained, writeModelFile } from "@blemish/core";
import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { sha256 } from "../model/trained-model-file.js";
import { openDetector } from "./open-detector.js";
import { createRunGate } from "./run-gate.js";

const setup = (modelPath: string) => ({
  modelPath,
  description: describeTrained(smallModel().manifest),
  threads: 1,
  spinning: false,
});

it("tells a trained model by its content, and names the backbone in it that does not load", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "blemish-")), "any-name.onnx");
  await writeFile(path, writeModelFile(smallModel(), sha256));
  await expect(openDetector(setup(path), createRunGate())).rejects.toThrow(
    /The backbone in .*any-name\.onnx/,
  );
});

it("takes anything else as an exported graph", async () => {
  await expect(openDetector(setup("missing.onnx"), createRunGate())).rejects.toThrow(
    /missing\.onnx.*MODEL_NOT_FOUND/,
  );
});
