import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExportOptions, modelIdentity, readOnnx, writeModelFile, writeOnnx } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { exportModelFile } from "../export/export-model-file.js";
import { importModelFile } from "../model/import-model-file.js";
import { sha256 } from "../sha256.js";
import { importProblem } from "./verify-graph.js";
import { verifyModel } from "./verify-model.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-verify-graph-"));

async function modelFile(method: "padim" | "patchcore", version: "0.7" | "2"): Promise<string> {
  const checkpoint = join(folder, `${method}-${version}.ckpt`);
  writeFileSync(checkpoint, smallCheckpoint({ method, version, saved: "lightning" }));
  const path = join(folder, `${method}-${version}.blemish`);
  writeFileSync(path, writeModelFile((await importModelFile(checkpoint)).model, sha256));
  return path;
}

async function exported(name: string, method: "padim" | "patchcore", options: ExportOptions = {}) {
  const output = join(folder, name, "model.onnx");
  await exportModelFile(await modelFile(method, "0.7"), output, options);
  return output;
}

/** The file with one property of its metadata changed. */
function edited(path: string, key: string, change: (value: never) => unknown): string {
  const onnx = readOnnx(readFileSync(path), path);
  const metadataProps = onnx.metadataProps.map((one) =>
    one.key === key ? { key, value: JSON.stringify(change(JSON.parse(one.value) as never)) } : one,
  );
  const output = path.replace(/\.onnx$/, "-edited.onnx");
  writeFileSync(output, writeOnnx({ ...onnx, metadataProps }));
  return output;
}

const FORMS: [string, "padim" | "patchcore", ExportOptions][] = [
  ["ours", "padim", {}],
  ["ours, any batch", "padim", { batch: "dynamic" }],
  ["ours, preprocessing inside", "padim", { preprocessing: "inside", batch: "dynamic" }],
  ["0.7", "padim", { form: "anomalib-0.7" }],
  ["0.7 inside", "patchcore", { form: "anomalib-0.7", preprocessing: "inside" }],
  ["2", "padim", { form: "anomalib-2", batch: "dynamic" }],
  ["2 with a bank", "patchcore", { form: "anomalib-2" }],
];

describe("verifyModel of exports", () => {
  it.each(FORMS)("%s: its samples hold in every runtime, to a picture's label", async (name, method, how) => {
    const path = await exported(name, method, how);
    const { passed, form, rows, identity, preprocessing, missing } = await verifyModel(path);
    expect(form).toBe(how.form ?? "blemish");
    expect(rows.map(({ engine }) => engine)).toEqual(["ONNX Runtime", "ONNX Runtime Web"]);
    const inside = how.preprocessing === "inside" || how.form === "anomalib-2";
    for (const row of rows) {
      expect(row).toMatchObject({ pictures: 2, flips: 0, passed: true, decides: true });
      expect(row.input).toBe(inside ? 0 : null);
      expect(row.score).toBeLessThan(1e-5);
    }
    expect(preprocessing).toEqual({ pictures: 2, differing: [] });
    expect(missing.map(({ engine }) => engine)).toEqual(["Fast engine"]);
    const { model } = await importModelFile(join(folder, `${method}-0.7.ckpt`));
    expect(identity).toEqual(modelIdentity(model, sha256));
    expect(passed).toBe(true);
  });

  it("reads weights beside it", async () => {
    const output = join(folder, "split", "model.onnx");
    await exportModelFile(await modelFile("padim", "2"), output, { mostBytes: 0 });
    const { passed, rows } = await verifyModel(output);
    expect([passed, rows.length]).toEqual([true, 2]);
  });

  it("fails where a sample, a threshold in the graph, or the preprocessing is another's", async () => {
    const path = await exported("edited", "padim", { preprocessing: "inside" });
    const sample = (change: object) => (all: never) =>
      (all as object[]).map((one) => ({ ...one, ...change }));
    const score = await verifyModel(edited(path, "blemish.parity", sample({ rawScore: 1 })));
    expect([score.passed, score.rows.map(({ passed }) => passed)]).toEqual([false, [false, false]]);
    const inputs = await verifyModel(edited(path, "blemish.parity", sample({ inputs: ["ab".repeat(32)] })));
    expect([inputs.passed, inputs.preprocessing]).toEqual([false, { pictures: 2, differing: [1, 2] }]);
    expect(inputs.rows.every(({ passed }) => passed)).toBe(true);
    const limit = (scale: { image: object }) => ({ ...scale, image: { ...scale.image, threshold: 1e9 } });
    const flipped = await verifyModel(edited(path, "blemish.scale", limit as never));
    expect(flipped.rows.map(({ flips }) => flips)).toEqual([2, 2]);
  });

  it("compares runtimes on pictures, too", async () => {
    const path = await exported("pictures", "padim");
    const { rows } = await verifyModel(path, { pictures: [fixturePath("pictures", "good", "good_000.png")] });
    expect(rows.map(({ engine, against, pictures }) => [engine, against, pictures])).toEqual([
      ["ONNX Runtime", "the file's samples", 2],
      ["ONNX Runtime Web", "the file's samples", 2],
      ["ONNX Runtime Web", "ONNX Runtime", 1],
    ]);
  });
});

describe("verifyModel of graphs of Anomalib", () => {
  it.each(["padim-070-segmentation", "padim-270", "patchcore-070"])(
    "%s: our engine beside the graph, and that there are no samples",
    async (name) => {
      const { rows, remarks, passed, identity, preprocessing } = await verifyModel(fixturePath(name));
      expect(rows.map(({ engine, against }) => [engine, against])).toEqual([
        ["Fast engine", "ONNX Runtime"],
        ["ONNX Runtime Web", "ONNX Runtime"],
      ]);
      expect(remarks.join()).toContain("no samples");
      expect([passed, preprocessing]).toEqual([true, null]);
      expect(identity?.backbone).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  it("tells an import that does not compute what its graph computes", async () => {
    const { model, path } = await importModelFile(fixturePath("padim-070-segmentation"));
    expect(await importProblem(path, model)).toBe(null);
    cpSync(fixturePath("padim-070-segmentation"), join(folder, "other"), { recursive: true });
    const { map } = model.manifest;
    const blurred = { ...model, manifest: { ...model.manifest, map: { ...map, sigma: map.sigma + 1 } } };
    expect(await importProblem(path, blurred)).toMatch(/apart on 2 formula pictures/);
  });
});
