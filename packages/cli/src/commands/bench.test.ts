import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import type { BenchWords } from "../options/bench-options.js";
import { benchCommand } from "./bench.js";

let folder = "";
let model = "";
let picture = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-bench-command-"));
  model = await writeTinyModel(folder);
  picture = join(folder, "a.png");
  await writeTinyPicture(picture, 20);
});
afterAll(() => rm(folder, { recursive: true }));

async function bench(words: BenchWords, signal = new AbortController().signal, input = picture) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const code = await benchCommand([model, input], { rounds: "1", ...words }, terminal, signal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("benchCommand", () => {
  it("prints one JSON object and nothing else on standard output, and the table beside it", async () => {
    const run = await bench({ json: true, compare: ["workers=1,2"], threads: "1" });
    expect(run.code).toBe(0);
    expect(run.err).toContain("1 picture of 80 × 60");
    expect(run.err).toMatch(/^ {2}file to decision +\d+\.\d+ ms/m);
    const result = JSON.parse(run.out);
    expect(result).toMatchObject({ schemaVersion: 1, rounds: 1, model: { path: model } });
    expect(result.settings.map(({ name }: { name: string }) => name)).toEqual(["workers 1", "workers 2"]);
    expect(Object.keys(result.settings[1].alone.timings)).toEqual([
      "read",
      "preProcess",
      "network",
      "postProcess",
      "pictures",
      "encode",
    ]);
  }, 60_000);

  it("stops at the signal, and at pictures that are not there", async () => {
    await expect(bench({}, AbortSignal.timeout(800))).rejects.toMatchObject({ code: "CANCELLED" });
    const missing = bench({}, undefined, join(folder, "none"));
    await expect(missing).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
  });
});
