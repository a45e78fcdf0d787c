import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { readTrainedModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { writeTinyModel } from "../../../../tests/support/tiny-model.js";
import type { SensitivityWords } from "../options/sensitivity-options.js";
import { keptSensitivitySection } from "../report/kept-sensitivity-words.js";
import { sensitivityCommand } from "./sensitivity.js";

let folder = "";
let set = "";
let model = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-sensitivity-"));
  ({ set, model } = await writeSmallTrained(folder));
});
afterAll(() => rm(folder, { recursive: true }));

const SMALL = { kinds: "foreign", sizes: "4,20", contrasts: "0.6", places: "3", workers: "1" };

async function sensitivity(positional: readonly string[], words: SensitivityWords = {}, stop?: AbortSignal) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const signal = stop ?? new AbortController().signal;
  const code = await sensitivityCommand(positional, { ...SMALL, ...words }, terminal, signal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("sensitivityCommand", () => {
  it("says what is found, from which size on, and writes a report with the table", async () => {
    const report = join(folder, "s.html");
    const { code, out, err } = await sensitivity([model, join(set, "test/good")], { report });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^All kinds: 90 %/);
    expect(out).toContain("3 places cannot show 90 %");
    expect(out).toMatch(/\n {2}20 px {4}\d of 3 \(/);
    expect(out).toContain(`Report  ${report}`);
    expect(await readFile(report, "utf8")).toContain("What it will see, and what it will not");
  });

  it("keeps what it found in the model, where inspect shows it", async () => {
    const own = join(folder, "kept.blemish");
    await copyFile(model, own);
    const { out } = await sensitivity([own, join(set, "test/good")], { keep: true });
    expect(out).toContain(`Kept in  ${own}`);
    const kept = await readTrainedModel(own);
    expect(kept.manifest.sensitivity).toMatchObject({
      measuredOn: "other-pictures",
      pictures: 3,
      places: 3,
      groups: [{ by: "all" }, { by: "type", name: "foreign" }],
    });
    const { sensitivity: _, ...others } = kept.manifest;
    const before = await readTrainedModel(model);
    expect(others).toEqual(before.manifest);
    const section = keptSensitivitySection(kept.manifest);
    expect(section!.rows.map(([name]) => name)).toEqual(["All kinds", "Foreign bodies"]);
  });

  it("keeps nothing in a model of another program", async () => {
    const tiny = await writeTinyModel(join(folder, "other"));
    const goods = join(set, "test/good");
    await expect(sensitivity([tiny, goods], { keep: true })).rejects.toThrow(/--keep.*MODEL_NOT_TRAINED/);
  });

  it("prints one JSON object, the same every time", async () => {
    const goods = join(set, "test/good");
    const [first, second] = [
      await sensitivity([model, goods], { json: true, quiet: true }),
      await sensitivity([model, goods], { json: true, quiet: true }),
    ];
    expect(first).toEqual({ ...second, err: "" });
    expect(JSON.parse(first.out)).toMatchObject({
      schemaVersion: 1,
      model,
      settings: { types: ["foreign"], sizes: [4, 20], contrasts: [0.6], places: 3, seed: 0 },
      pictures: 3,
      groups: [{ by: "all" }, { by: "type", name: "foreign" }],
    });
  });

  it("leaves out pictures of the training and says so loudly, and refuses when there are no others", async () => {
    const train = join(set, "train/good");
    const { err } = await sensitivity([model, join(set, "test/good"), train], { quiet: true });
    expect(err).toMatch(/warning: \d+ pictures took part in the training and were left out/);
    await expect(sensitivity([model, train])).rejects.toThrow(/not learnt from.*SENSITIVITY_PICTURES/);
  });

  it("warns where nobody knows what a model was trained on", async () => {
    const { err } = await sensitivity([await writeTinyModel(join(folder, "tiny")), join(set, "test/good")]);
    expect(err).toContain("does not say which pictures it was trained on");
  });

  it("refuses sizes larger than the picture, and ends when it is cancelled", async () => {
    const goods = join(set, "test/good");
    await expect(sensitivity([model, goods], { sizes: "4,900" })).rejects.toThrow(/Sizes.*900.*OPTION_VALUE/);
    await expect(sensitivity([model, goods], {}, AbortSignal.abort())).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });
});
