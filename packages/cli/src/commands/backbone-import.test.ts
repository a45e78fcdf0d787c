import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { writeSafeTensors } from "@blemish/core";
import { loadBackbone } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tinyResnet } from "../../../../tests/support/tiny-resnet.js";
import { createProgram } from "../program.js";

let root = "";
let file = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-backbone-import-"));
  file = join(root, "My ResNet.safetensors");
  await writeFile(
    file,
    writeSafeTensors(tinyResnet({ bottleneck: false, blocks: [1, 1, 1], width: 4, seed: 5 })),
  );
});
afterAll(() => rm(root, { recursive: true }));

async function run(...words: string[]) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const codes: number[] = [];
  const program = createProgram(terminal, new AbortController().signal, (code) => codes.push(code));
  await program.parseAsync(["backbone", "import", ...words], { from: "user" });
  return { codes, out: String(terminal.stdout.read() ?? "") };
}

describe("blemish backbone import", () => {
  it("makes a folder that can be trained with, and says what it is", async () => {
    const folder = join(root, "plain");
    const { codes, out } = await run(file, "--output", folder);
    expect(codes).toEqual([0]);
    for (const words of [
      "Backbone My-ResNet",
      "ResNet with basic blocks, 1 + 1 + 1 of them",
      "sides that are multiples of 16; resize antialias",
      "4 channels, stride 4, scale 1",
      "not stated",
      folder,
    ])
      expect(out).toContain(words);
    expect((await loadBackbone(folder)).manifest.id).toBe("My-ResNet");
  });

  it("passes every option on", async () => {
    const folder = join(root, "every");
    const words = [
      ...[
        "--taps",
        "layer2, layer1",
        "--channels",
        "8,4",
        "--strides",
        "8,4",
        "--scales",
        "2.5,1.5",
        "--id",
        "own",
      ],
      ...["--mean", "1,2,3", "--std", "4,5,6", "--resize", "linear", "--multiple-of", "32"],
      ...["--licence", "BSD-3-Clause", "--source", "made here"],
    ];
    await run(file, "-o", folder, ...words);
    expect((await loadBackbone(folder)).manifest).toMatchObject({
      id: "own",
      input: { mean: [1, 2, 3], std: [4, 5, 6], resize: "linear", multipleOf: 32 },
      taps: [
        { name: "layer2", channels: 8, stride: 8, scale: 2.5 },
        { name: "layer1", channels: 4, stride: 4, scale: 1.5 },
      ],
      licence: "BSD-3-Clause",
      source: "made here",
    });
  });

  it("shows its options and examples", async () => {
    const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
    const program = createProgram(terminal, new AbortController().signal, () => undefined);
    await expect(
      program.parseAsync(["backbone", "import", "--help"], { from: "user" }),
    ).rejects.toMatchObject({ exitCode: 0 });
    expect(String(terminal.stdout.read())).toMatch(
      /--taps <names>[\s\S]*123\.675,116\.28,103\.53[\s\S]*Examples:/,
    );
  });
});

describe("wrong usage", () => {
  it.each([
    [["--mean", "1,2"], "--mean"],
    [["--std", "1,0,2"], "--std"],
    [["--resize", "cubic"], "--resize"],
    [["--multiple-of", "0"], "--multiple-of"],
    [["--taps", "layer1,,layer2"], "--taps"],
    [["--taps", "layer1", "--scales", "1,2"], "--scales"],
    [["--scales", "1,2,3"], "--scales"],
    [["--id", "a/b"], "id"],
  ])("%j", async (words, subject) => {
    const folder = join(root, "never");
    await expect(run(file, "-o", folder, ...words)).rejects.toMatchObject({ code: "OPTION_VALUE", subject });
    expect(await readdir(root)).not.toContain("never");
  });

  it("needs a file and a folder, and knows no other option", async () => {
    await expect(run(file)).rejects.toMatchObject({ code: "commander.missingMandatoryOptionValue" });
    await expect(run("-o", join(root, "never"))).rejects.toMatchObject({ code: "commander.missingArgument" });
    await expect(run(file, "-o", join(root, "never"), "--tap", "layer1")).rejects.toMatchObject({
      code: "commander.unknownOption",
    });
  });

  it("does not write over a backbone that is there", async () => {
    await run(file, "-o", join(root, "twice"));
    await expect(run(file, "-o", join(root, "twice"), "--id", "other")).rejects.toMatchObject({
      code: "OUTPUT_WRITE",
    });
    expect((await loadBackbone(join(root, "twice"))).manifest.id).toBe("My-ResNet");
  });
});
