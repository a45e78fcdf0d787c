import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { renderPart } from "@blemish/core";
import { encodePng, exportModelFile } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { createProgram } from "../program.js";

let root = "";
let [model, other, picture] = ["", "", ""];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-verify-command-"));
  [model, other, picture] = [join(root, "a.ckpt"), join(root, "b.ckpt"), join(root, "part.png")];
  await writeFile(model, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
  await writeFile(other, smallCheckpoint({ method: "patchcore", version: "0.7", saved: "lightning" }));
  await writeFile(picture, await encodePng(renderPart("washer", { seed: 1, width: 32, height: 32 }).image));
});
afterAll(() => rm(root, { recursive: true }));

async function run(...words: string[]) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const codes: number[] = [];
  const program = createProgram(terminal, new AbortController().signal, (code) => codes.push(code));
  await program.parseAsync(["verify", ...words], { from: "user" });
  return { codes, out: String(terminal.stdout.read() ?? "").replace(/\s+/g, " ") };
}

describe("blemish verify", () => {
  it("shows every engine, and ends with 0 when all say the same", async () => {
    const { codes, out } = await run(model, "--pictures", picture, "--quiet");
    expect(codes).toEqual([0]);
    for (const words of ["The same model", "Hash of backbone", "ONNX Runtime pass", "ONNX Runtime Web pass"])
      expect(out).toContain(words);
  });

  it("compares two models on pictures", async () => {
    const { out, codes } = await run(model, "--against", other, "--pictures", picture, "--json");
    const said = JSON.parse(out);
    expect(said).toMatchObject({ schemaVersion: 1, first: model, second: other, pictures: 1 });
    expect(codes).toEqual([said.disagreements.length === 0 ? 0 : 1]);
    const words = await run(model, "--against", model, "--pictures", picture, "--quiet");
    expect(words.codes).toEqual([0]);
    expect(words.out).toContain("Disagreements 0");
  });

  it("verifies an export by its samples, and shows that it is the same model", async () => {
    const file = join(root, "a.onnx");
    await exportModelFile(model, file, { form: "anomalib-2" });
    const { codes, out } = await run(file, "--quiet");
    expect(codes).toEqual([0]);
    for (const words of [
      "an export in the form anomalib-2",
      "Preprocessing pass",
      "against the file's samples",
    ])
      expect(out).toContain(words);
    const both = await run(model, "--against", file, "--pictures", picture, "--json");
    const said = JSON.parse(both.out);
    expect(said.identity.map(({ same }: { same: boolean }) => same)).toEqual([true, true, true, true]);
    expect([said.units, said.disagreements, both.codes]).toEqual(["normalised", [], [0]]);
  });

  it("wants pictures for two models", async () => {
    await expect(run(model, "--against", other)).rejects.toThrow(/--pictures/);
  });
});
