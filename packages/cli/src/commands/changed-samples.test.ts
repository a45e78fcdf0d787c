/** What the commands do with a model that does not compute what its samples say, though its hash fits. */
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { renderPart, writeModelFile } from "@blemish/core";
import { encodePng, importModelFile } from "@blemish/node";
import { beforeAll, describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { sha256 } from "../../../../tests/support/small-model.js";
import { createProgram } from "../program.js";

const root = mkdtempSync(join(tmpdir(), "blemish-changed-"));
const [good, bad, picture] = ["good.blemish", "bad.blemish", "part.png"].map((name) => join(root, name)) as [
  string,
  string,
  string,
];

beforeAll(async () => {
  const checkpoint = join(root, "model.ckpt");
  writeFileSync(checkpoint, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
  const { model } = await importModelFile(checkpoint);
  writeFileSync(good, writeModelFile(model, sha256));
  const parity = model.manifest.parity.map((one) => ({ ...one, rawScore: 2 * one.rawScore }));
  const changed = { ...model, manifest: { ...model.manifest, parity } };
  writeFileSync(bad, writeModelFile(changed, sha256));
  writeFileSync(picture, await encodePng(renderPart("washer", { seed: 1, width: 32, height: 32 }).image));
});

async function run(...words: string[]) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const codes: number[] = [];
  const program = createProgram(terminal, new AbortController().signal, (code) => codes.push(code));
  await program.parseAsync(words, { from: "user" });
  return {
    codes,
    said: `${terminal.stdout.read() ?? ""}${terminal.stderr.read() ?? ""}`.replace(/\s+/g, " "),
  };
}

describe("a model whose samples fail", () => {
  it("is exported by force alone, with a word", async () => {
    const output = join(root, "part.onnx");
    await expect(run("export", bad, "-o", output)).rejects.toThrow(/bad\.blemish.*MODEL_SAMPLES/s);
    expect(existsSync(output)).toBe(false);
    const { codes, said } = await run("export", bad, "-o", output, "--force");
    expect(codes).toEqual([0]);
    expect(said).toMatch(/by force/);
  });

  it("judges nothing where its samples are asked for", async () => {
    await expect(run("predict", bad, picture, "--check")).rejects.toThrow(/bad\.blemish.*MODEL_SAMPLES/s);
    expect((await run("predict", good, picture, "--check", "--threshold", "1e9")).codes).toEqual([0]);
  });

  it("fails its verification", async () => {
    const { codes, said } = await run("verify", bad);
    expect(codes).toEqual([1]);
    expect(said).toMatch(/FAIL/i);
  });
});
