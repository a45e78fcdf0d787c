import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { createProgram } from "../program.js";

let root = "";
let model = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-export-command-"));
  model = join(root, "model.ckpt");
  await writeFile(model, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
});
afterAll(() => rm(root, { recursive: true }));

async function run(...words: string[]) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const codes: number[] = [];
  const program = createProgram(terminal, new AbortController().signal, (code) => codes.push(code));
  await program.parseAsync(["export", ...words], { from: "user" });
  return { codes, out: String(terminal.stdout.read() ?? "").replace(/\s+/g, " ") };
}

describe("blemish export", () => {
  it("says what was written, its ports, and what stays behind", async () => {
    const output = join(root, "part.onnx");
    const { codes, out } = await run(model, "--output", output);
    expect(codes).toEqual([0]);
    for (const words of [
      "opset",
      "input [1, 3, 32, 32]",
      "anomaly_map [1, 1, 32, 32]",
      output,
      "Stays behind",
    ])
      expect(out).toContain(words);
  });

  it("gives the same as JSON", async () => {
    const output = join(root, "deep/model.onnx");
    const { out } = await run(model, "--form", "anomalib-0.7", "--json", "-o", output);
    const said = JSON.parse(out);
    expect(said).toMatchObject({ schemaVersion: 1, model, outputs: [{ name: "output" }] });
    expect(said.files.map(({ path }: { path: string }) => path)).toEqual([
      output,
      join(root, "deep/metadata.json"),
    ]);
  });

  it.each([
    ["a form that is none", ["--form", "torch"], /--form/],
    [
      "a place that the form does not have",
      ["--form", "anomalib-2", "--preprocessing", "outside"],
      /OPTION_VALUE|inside/,
    ],
    ["an unknown option", ["--opset", "9"], /unknown option/],
  ])("refuses %s", async (_, words, message) => {
    await expect(run(model, "-o", join(root, "no.onnx"), ...words)).rejects.toThrow(message);
  });
});
