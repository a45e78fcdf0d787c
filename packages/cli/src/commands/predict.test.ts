import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { renderPart } from "@blemish/core";
import { encodePng, saveModel, trainModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import type { PredictWords } from "../options/predict-options.js";
import { predictCommand } from "./predict.js";

let folder = "";
let model = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-predict-"));
  model = await writeTinyModel(folder);
  await mkdir(join(folder, "parts"));
  await writeTinyPicture(join(folder, "parts/bad.png"), 20);
  await writeTinyPicture(join(folder, "parts/good.png"), 0);
});
afterAll(() => rm(folder, { recursive: true }));

async function predict(
  inputs: readonly string[],
  words: PredictWords,
  signal = new AbortController().signal,
) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const positional = words.weights === undefined ? [model, ...inputs] : inputs;
  const code = await predictCommand(positional, words, terminal, signal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("predictCommand", () => {
  it("judges, draws, and counts", async () => {
    const output = join(folder, "seen");
    const { code, out, err } = await predict([join(folder, "parts")], { output, workers: "1", threads: "1" });
    expect(code).toBe(1);
    expect(out.split("\n").map((line) => line.split(" ")[0])).toEqual(["anomalous", "good", ""]);
    expect(err).toMatch(/^2 pictures: 1 good, 1 anomalous, 0 invalid; /);
    expect(await readdir(join(output, "parts"))).toEqual(["bad.png", "good.png"]);
  });

  it("refuses pictures that break the model's rules, and judges them all the same when told to", async () => {
    const part = join(folder, "rules.blemish");
    const goods = Array.from({ length: 12 }, (_, seed) => join(folder, `rules-${seed}.png`));
    for (const [seed, path] of goods.entries())
      await writeFile(path, await encodePng(renderPart("cap", { seed, width: 64, height: 64 }).image));
    await saveModel(part, (await trainModel(goods, { size: 64, head: "padim", workers: 1 })).model);
    const { image } = renderPart("cap", { seed: 50, width: 64, height: 64 });
    const dark = join(folder, "dark.png");
    await writeFile(dark, await encodePng({ ...image, data: image.data.map((value) => value / 3) }));
    const run = (words: PredictWords) =>
      predict([dark], { weights: part, quiet: true, workers: "1", ...words });
    const refused = await run({});
    expect(refused.code).toBe(2);
    expect(refused.out).toMatch(/^invalid .*too dark.*PICTURE_INVALID/);
    const judged = await run({ validity: false });
    expect(judged.code).toBeLessThan(2);
    expect(judged.out).toMatch(/^(good|anomalous) .*dark\.png {2}\(breaks brightness/);
    const { validity, verdict } = JSON.parse((await run({ validity: false, json: true })).out);
    expect(validity).toContainEqual(expect.objectContaining({ rule: "brightness", ok: false }));
    expect(verdict).not.toBe("invalid");
  });

  it("refuses to explain with a model that runs whole in ONNX Runtime, and writes nothing", async () => {
    const csv = join(folder, "why.csv");
    await expect(predict([join(folder, "parts")], { explain: true, csv })).rejects.toThrow(
      /model\.onnx cannot say why.*blemish train.*MODEL_EXPLAIN/,
    );
    expect(await readdir(folder)).not.toContain("why.csv");
  });

  it("measures in mode auto, and says what it chose", async () => {
    const { code, err } = await predict([join(folder, "parts")], { mode: "auto" });
    expect(code).toBe(1);
    expect(err).toMatch(/^Mode auto: \d+ workers?, \d+ threads?( each)?\.\n2 pictures: /);
    await expect(predict([join(folder, "parts")], { mode: "auto", workers: "2" })).rejects.toThrow(
      /OPTION_VALUE/,
    );
  });

  it("goes past a missing picture among others and ends with 2", async () => {
    const inputs = [join(folder, "parts/good.png"), join(folder, "gone.png")];
    const { code, out, err } = await predict(inputs, { json: true, quiet: true });
    expect(code).toBe(2);
    expect(err).toBe("");
    const records = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records.map(({ verdict }) => verdict)).toEqual(["good", "invalid"]);
    expect(records[1].error.code).toBe("IMAGE_NOT_FOUND");
  });

  it("is stopped by its signal", async () => {
    const cancelled = predict([join(folder, "parts")], {}, AbortSignal.abort());
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
