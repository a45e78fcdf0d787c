/** IRs that OpenVINO's own converters wrote say what OpenVINO says, and become the models that their ONNX exports become. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeOnnx } from "@blemish/core";
import { importModelFile, open, readImage, readModel } from "@blemish/node";
import { describe, expect, it } from "vitest";
import { readIrFile } from "../../packages/node/src/model/ir-file.js";
import { ortSession } from "../../packages/node/src/session/ort-session.js";

const FIXTURES = resolve(import.meta.dirname, "../../fixtures");
const PICTURE = join(FIXTURES, "anomalib/pictures/defect/stain_001.png");

interface Recorded {
  readonly inside: boolean;
  readonly outputs: Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>;
}

async function madeInput(inside: boolean) {
  if (!inside) {
    const data = Float32Array.from(
      { length: 3 * 64 * 64 },
      (_, i) => (((i * 7919) % 256) / 255 - 0.45) / 0.25,
    );
    return { shape: [1, 3, 64, 64], data };
  }
  const { width, height, data: pixels } = await readImage(PICTURE);
  const area = width * height;
  const data = new Float32Array(3 * area);
  for (let i = 0; i < data.length; i++)
    data[i] = Math.fround(pixels[3 * (i % area) + Math.floor(i / area)]! / 255);
  return { shape: [1, 3, height, width], data };
}

describe.each(["padim-070", "padim-070-half", "padim-120", "padim-270", "patchcore-070"])("%s", (name) => {
  const path = join(FIXTURES, "openvino", name, "model.xml");
  const recorded = JSON.parse(readFileSync(join(path, "../openvino.json"), "utf8")) as Recorded;

  it("computes what OpenVINO computes", async () => {
    const { onnx } = await readIrFile(path);
    const bytes = writeOnnx(onnx);
    const session = await ortSession({ bytes, name: path }, { threads: 1, spinning: false });
    const [input] = onnx.graph.inputs;
    const answer = await session.run({ [input!.name]: await madeInput(recorded.inside) });
    await session.close();
    for (const [output, { shape, values }] of Object.entries(recorded.outputs)) {
      const found = answer[output];
      expect(found?.shape).toEqual(shape);
      const range = Math.max(...values.map(Math.abs)) || 1;
      for (const [i, value] of values.entries())
        expect(Math.abs(Number(found!.data[37 * i]) - value) / range).toBeLessThan(2e-5);
    }
  });
});

/** The ONNX export that an IR was made of. */
const SOURCES = { "padim-070": "padim-070-segmentation", "padim-120": "padim-120", "padim-270": "padim-270" };

it("a memory bank runs whole in ONNX Runtime, and judges as its export", async () => {
  const source = join(FIXTURES, "anomalib/patchcore-070");
  const options = { metadata: join(source, "metadata.json"), workers: 1, threads: 1 };
  const [ir, onnx] = [
    await open(join(FIXTURES, "openvino/patchcore-070"), options),
    await open(source, options),
  ];
  const [a, b] = [await ir.predict(PICTURE), await onnx.predict(PICTURE)];
  await Promise.all([ir.close(), onnx.close()]);
  expect(a.verdict).toBe(b.verdict);
  // Its export's second output is the score; converters drop the name that tells it.
  expect(Math.abs((a.rawMap?.data[77] ?? 0) - (b.rawMap?.data[77] ?? 9))).toBeLessThan(1e-4);
});

describe.each(Object.entries(SOURCES))("%s on the fast engine", (name, source) => {
  const options = { metadata: join(FIXTURES, "anomalib", source, "metadata.json") };
  const own = name === "padim-270" ? {} : options;

  it("is recognised, and judges as the export it was made of", async () => {
    const folder = join(FIXTURES, "openvino", name);
    const { facts, problem } = await readModel(join(folder, "model.xml"), own);
    expect(problem).toBeNull();
    expect(facts.engine).toMatchObject({ fast: true });
    const ir = await open(folder, { ...own, workers: 1, threads: 1 });
    const onnx = await open(join(FIXTURES, "anomalib", source), { ...own, workers: 1, threads: 1 });
    const [a, b] = [await ir.predict(PICTURE), await onnx.predict(PICTURE)];
    await Promise.all([ir.close(), onnx.close()]);
    expect(Math.abs(a.predScore - b.predScore)).toBeLessThan(1e-5);
    expect(a.verdict).toBe(b.verdict);
  });

  it("becomes a model file with its own samples", async () => {
    const { model, bytes } = await importModelFile(join(FIXTURES, "openvino", name), own);
    expect(model.manifest.parity.length).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(100_000);
  });
});
