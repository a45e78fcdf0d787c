import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { renderPart } from "@blemish/core";
import { encodePng, loadModelFile } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import { writeUnlikePatchcore } from "../../../../tests/support/patchcore-fixtures.js";
import { createProgram } from "../program.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-import-command-"));
});
afterAll(() => rm(root, { recursive: true }));

async function run(...words: string[]) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const codes: number[] = [];
  const program = createProgram(terminal, new AbortController().signal, (code) => codes.push(code));
  await program.parseAsync(["import", ...words], { from: "user" });
  return { codes, out: String(terminal.stdout.read() ?? "") };
}

describe("blemish import", () => {
  it("writes a model file and says what was recognised, and how much smaller it is", async () => {
    const output = join(root, "deep", "part.blemish");
    const { codes, out } = await run(fixturePath("padim-270"), "--output", output);
    expect(codes).toEqual([0]);
    for (const words of [
      "anomalib-2",
      "Gaussians of 8 channels (chosen), factors in int16, 16 × 16 cells",
      "resized in the network, blur 4",
      "thresholds 5.87",
      "times smaller",
      output,
    ])
      expect(out.replace(/\s+/g, " ")).toContain(words);
    expect((await loadModelFile(output)).manifest.origin).toBe("anomalib");
  });

  it("gives the same as JSON", async () => {
    const output = join(root, "json.blemish");
    const words = ["--factors", "float32", "--json", "-o", output];
    const { out } = await run(fixturePath("padim-070-segmentation", "model.onnx"), ...words);
    const said = JSON.parse(out);
    expect(said).toMatchObject({
      schemaVersion: 1,
      model: output,
      profile: "anomalib-0.7",
      detectors: [{ channels: 10, factor: 1, head: { kind: "padim", precision: "float32" } }],
      sigma: 4,
      normaliser: null,
    });
    expect(said.bytes.model).toBe((await stat(output)).size);
    expect(said.bytes.ratio).toBeCloseTo(said.bytes.export / said.bytes.model);
  });

  it("makes the network int8 on pictures, and says what that changes", async () => {
    const picture = join(root, "0.png");
    await writeFile(picture, await encodePng(renderPart("cap", { seed: 1, width: 96, height: 96 }).image));
    const output = join(root, "int8.blemish");
    const words = [fixturePath("padim-120"), "--precision", "int8", "--pictures", picture, "-o", output];
    const { out } = await run(...words);
    expect(out).toMatch(/Network +int8/);
    expect(out).toMatch(/int8 moves scores by a median of .* of 1 picture changes? sides\./);
    expect((await loadModelFile(output)).manifest.backbone.precision).toBe("int8");
    const said = JSON.parse((await run(...words, "--json")).out);
    expect(said).toMatchObject({ precision: "int8", precisionChange: { pictures: 1 } });
    for (const wrong of [
      ["--precision", "int8"],
      ["--pictures", picture],
      ["--precision", "int4"],
    ])
      await expect(run(fixturePath("padim-120"), "-o", output, ...wrong)).rejects.toMatchObject({
        code: "OPTION_VALUE",
      });
  });

  it("takes a PatchCore export, with its bank in either precision and either score", async () => {
    const output = join(root, "bank.blemish");
    const { out } = await run(fixturePath("patchcore-070"), "-o", output, "--bank-precision", "int8");
    expect(out).toMatch(/PatchCore, 64 × 64 +bank of 30 patches \(int8\), 48 channels/);
    expect(out).toMatch(/Image score +distance of the farthest patch, weighed by its neighbours/);
    const words = [fixturePath("patchcore-070"), "-o", output, "--score", "map-max"];
    expect((await run(...words)).out).toMatch(/Image score +highest value of the map/);
    const said = JSON.parse((await run(...words, "--json")).out);
    expect(said).toMatchObject({
      scoreSource: "map-max",
      upsampling: "nearest",
      detectors: [{ head: { kind: "patchcore", rows: 30, precision: "float32", neighbours: 9 } }],
    });
  });

  it("writes nothing for a model that is not recognised, and for wrong words", async () => {
    const output = join(root, "none.blemish");
    const unlike = await writeUnlikePatchcore(join(root, "unlike"));
    await expect(run(unlike, "-o", output)).rejects.toMatchObject({ code: "MODEL_ENGINE" });
    const factors = run(fixturePath("patchcore-070"), "-o", output, "--factors", "int8");
    await expect(factors).rejects.toThrow(/--factors.*OPTION_VALUE/);
    await expect(run(fixturePath("padim-120"), "-o", output, "--factors", "int4")).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
    await expect(run(fixturePath("padim-120"), "more", "-o", output)).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
    await expect(run(fixturePath("padim-120"), "-o", root)).rejects.toMatchObject({ code: "OPTION_VALUE" });
    expect(await readdir(root)).not.toContain("none.blemish");
  });
});
