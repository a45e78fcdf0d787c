import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { PART_KINDS } from "@blemish/core";
import { findImages } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SynthWords, synthCommand } from "./synth.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-synth-"));
});
afterAll(() => rm(folder, { recursive: true }));

const small: SynthWords = { train: "2", good: "1", bad: "1", size: "32", workers: "1" };

async function synth(positional: readonly string[], words: SynthWords) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const code = await synthCommand(positional, { ...small, ...words }, terminal, new AbortController().signal);
  return { code, out: String(terminal.stdout.read() ?? "") };
}

describe("synthCommand", () => {
  it("draws one kind", async () => {
    const output = join(folder, "washer");
    expect(await synth(["washer"], { output })).toEqual({ code: 0, out: `4 pictures in ${output}\n` });
    expect((await findImages([output])).map(({ relative }) => relative)).toEqual([
      "ground_truth/scratch/000_mask.png",
      "test/good/000.png",
      "test/scratch/000.png",
      "train/good/000.png",
      "train/good/001.png",
    ]);
  });

  it("draws all kinds, each in its folder, and can be quiet", async () => {
    const output = join(folder, "all");
    const none = { output, train: "1", good: "0", bad: "0", quiet: true };
    expect(await synth(["all"], none)).toEqual({ code: 0, out: "" });
    expect((await readdir(output)).sort()).toEqual([...PART_KINDS].sort());
  });

  it.each<[string, string[], SynthWords]>([
    ["an unknown kind", ["bolt"], { output: "x" }],
    ["no kind", [], { output: "x" }],
    ["two kinds", ["cap", "pads"], { output: "x" }],
    ["no folder", ["cap"], {}],
    ["a tiny size", ["cap"], { output: "x", size: "8" }],
    ["a count below zero", ["cap"], { output: "x", train: "-1" }],
  ])(
    "refuses %s",
    async (_name, positional, words) =>
      await expect(synth(positional, words)).rejects.toMatchObject({ code: "OPTION_VALUE" }),
  );

  it("refuses a folder with other files", async () =>
    await expect(synth(["cap"], { output: join(folder, "washer") })).rejects.toMatchObject({
      code: "OUTPUT_WRITE",
    }));
});
