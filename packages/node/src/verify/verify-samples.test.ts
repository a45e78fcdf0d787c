import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImportedModelFile, ParitySample } from "@blemish/core";
import { expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { importModelFile } from "../model/import-model-file.js";
import { preprocessingProof, requireSamples, samplesProblem } from "./verify-samples.js";

const path = join(mkdtempSync(join(tmpdir(), "blemish-samples-")), "model.ckpt");
writeFileSync(path, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
const { model } = await importModelFile(path);

function withSamples(change: (sample: ParitySample) => ParitySample): ImportedModelFile {
  return { ...model, manifest: { ...model.manifest, parity: model.manifest.parity.map(change) } };
}

it("holds for the model's own samples, and for files of before, which say nothing of tensors", async () => {
  expect(await samplesProblem(model)).toBe(null);
  expect(preprocessingProof(model.manifest)).toEqual({ pictures: 2, differing: [] });
  const earlier = withSamples(({ inputs: _, ...rest }) => rest);
  expect(preprocessingProof(earlier.manifest)).toBe(null);
  expect(await samplesProblem(earlier)).toBe(null);
  expect(await samplesProblem({ ...model, manifest: { ...model.manifest, parity: [] } })).toBe(null);
});

it("names another preprocessing before any engine", async () => {
  const steps = [{ type: "resize", width: 32, height: 32, interpolation: "area" } as const];
  const [pass] = model.manifest.passes;
  const passes = [{ ...pass!, preprocessing: [...steps, ...pass!.preprocessing.slice(1)] }];
  const other = { ...model, manifest: { ...model.manifest, passes } };
  expect(await samplesProblem(other)).toBe(
    "preprocessing differs: the tensors of 2 of 2 samples are others here",
  );
});

it("refuses another score, map or tensor", async () => {
  for (const change of [{ rawScore: 1 }, { rawMap: new Array(16).fill(0) }, { inputs: ["ab"] }])
    await expect(
      requireSamples(
        withSamples((one) => ({ ...one, ...change })),
        "part",
      ),
    ).rejects.toMatchObject({
      code: "MODEL_SAMPLES",
      subject: "part",
    });
  await requireSamples(model, "part");
});
