import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { writeOnnx } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { tinyModel, writeTinyModel } from "../../../../tests/support/tiny-model.js";
import { type InspectWords, inspectCommand } from "./inspect.js";

let folder = "";
let model = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-inspect-"));
  model = await writeTinyModel(join(folder, "good"));
});
afterAll(() => rm(folder, { recursive: true }));

async function inspect(path: string, words: InspectWords = {}) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const code = await inspectCommand([path], words, terminal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("inspectCommand", () => {
  it("explains a model in words", async () => {
    const { code, out, err } = await inspect(model);
    expect(code).toBe(0);
    expect(err).toBe("");
    for (const words of [
      "anomalib-0.7",
      "segmentation",
      "resize to 32 × 32",
      "Conv 1, ",
      "Image threshold",
    ]) {
      expect(out).toContain(words.replace(/, $/, ""));
    }
  });

  it("explains a model of two detectors, in words and in JSON", async () => {
    const { model: fused } = await writeSmallTrained(join(folder, "fused"));
    const { code, out, err } = await inspect(fused);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const words of [
      "PatchCore and PaDiM on the same features, added up on the map",
      "PatchCore, 64 × 64",
      "PaDiM, 64 × 64",
      "10 of good parts, turned copies in the bank",
      "leave-one-out, good pictures only",
    ])
      expect(out).toContain(words);
    const { details, engine } = JSON.parse((await inspect(fused, { json: true })).out);
    expect(details).toMatchObject({
      kind: "fusion",
      grid: { width: 4, height: 4 },
      cells: 16,
      neighbours: 1,
    });
    expect(details.memoryBank.columns).toBe(152);
    expect(engine.fast).toBe(true);
  });

  it("finds the model in its folder", async () => {
    expect((await inspect(join(folder, "good"))).out).toContain("model.onnx");
  });

  it("prints the same facts as JSON", async () => {
    const facts = JSON.parse((await inspect(model, { json: true })).out);
    expect(facts).toMatchObject({
      schemaVersion: 1,
      path: model,
      profile: "anomalib-0.7",
      thresholds: { image: 5, pixel: 5 },
      nodes: 2,
      parameters: 3,
      problem: null,
    });
  });

  it("writes a page, and prints nothing else but where it is", async () => {
    const html = join(folder, "pages/model.html");
    const { code, out, err } = await inspect(model, { html });
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toContain(html);
    const page = await readFile(html, "utf8");
    expect(page).toContain("<!doctype html>");
    expect(page).toContain('"op":"Conv"');
  });

  it("shows what is known of a model that cannot judge, and ends with 2", async () => {
    const other = join(folder, "other.onnx");
    const tiny = tinyModel();
    const outputs = [{ name: "classes", elementType: 1, dims: [1, 1000] }];
    await writeFile(other, writeOnnx({ ...tiny, graph: { ...tiny.graph, outputs } }));
    const { code, out, err } = await inspect(other);
    expect(code).toBe(2);
    expect(out).toContain("Operators");
    expect(err).toMatch(/\[MODEL_NOT_ANOMALY\]\n$/);
  });

  it("refuses more than one model", async () => {
    const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
    await expect(inspectCommand(["a", "b"], {}, terminal)).rejects.toMatchObject({ code: "OPTION_VALUE" });
  });
});
