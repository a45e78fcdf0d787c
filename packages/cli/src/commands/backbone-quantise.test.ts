import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { loadBackbone } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallSet } from "../../../../tests/support/small-set.js";
import { createProgram } from "../program.js";

let root = "";
let pictures = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-backbone-quantise-"));
  pictures = join(await writeSmallSet(join(root, "set"), { train: 3, testGood: 0, testBad: 2 }), "train");
});
afterAll(() => rm(root, { recursive: true }));

async function run(words: readonly string[], signal = new AbortController().signal) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const codes: number[] = [];
  const program = createProgram(terminal, signal, (code) => codes.push(code));
  await program.parseAsync(["backbone", "quantise", ...words], { from: "user" });
  return { codes, out: String(terminal.stdout.read() ?? "") };
}

describe("blemish backbone quantise", () => {
  it("copies a backbone and adds its int8 network", async () => {
    const folder = join(root, "int8");
    const { codes, out } = await run([
      "efficientnet-lite0",
      "--pictures",
      pictures,
      "--size",
      "96",
      "-o",
      folder,
    ]);
    expect(codes).toEqual([0]);
    for (const words of [
      "Backbone efficientnet-lite0: ranges measured on 3 pictures.",
      "float32  2.8 MB",
      "int8     0.9 MB",
      `blemish train good/ --backbone ${folder} --precision int8`,
    ])
      expect(out).toContain(words);
    const exact = await loadBackbone();
    expect((await loadBackbone(folder)).manifest).toEqual(exact.manifest);
    const { manifest, modelBytes } = await loadBackbone(folder, "int8");
    expect(manifest).toMatchObject({ id: "efficientnet-lite0", precision: "int8" });
    expect(modelBytes.length).toBeLessThan(exact.modelBytes.length / 3);
    expect(
      (await run([folder, "--pictures", pictures, "--size", "96", "--quiet", "-o", join(root, "q")])).out,
    ).toBe("");
  });

  it("writes nothing without pictures, with a wrong size, over another folder, and when it is cancelled", async () => {
    const output = join(root, "none");
    const wrong: [string[], string][] = [
      [["--pictures", join(root, "nothing")], "IMAGE_NOT_FOUND"],
      [["--pictures", pictures, "--size", "100"], "OPTION_VALUE"],
      [["--pictures", pictures, "--size", "big"], "OPTION_VALUE"],
    ];
    for (const [words, code] of wrong)
      await expect(run(["efficientnet-lite0", ...words, "-o", output])).rejects.toMatchObject({ code });
    const words = ["efficientnet-lite0", "--pictures", pictures, "--size", "96"];
    await expect(run([...words, "-o", pictures])).rejects.toMatchObject({ code: "OUTPUT_WRITE" });
    await expect(run([...words, "-o", output], AbortSignal.abort())).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(await readdir(root)).not.toContain("none");
  });
});
