import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { evaluateModel, open, recognizeDataset } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { writeTinyDataset } from "../../../../tests/support/tiny-dataset.js";
import { writeTinyModel } from "../../../../tests/support/tiny-model.js";
import { type EvaluateWords, evaluateCommand } from "./evaluate.js";

let folder = "";
let set = "";
let model = "";
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-evaluate-"));
  ({ set, model } = await writeSmallTrained(folder));
});
afterAll(() => rm(folder, { recursive: true }));

async function evaluate(positional: readonly string[], words: EvaluateWords = {}) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const { signal } = new AbortController();
  const code = await evaluateCommand(positional, { workers: "1", ...words }, terminal, signal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("evaluateCommand", () => {
  it("says what was found, on the test part only", async () => {
    const { code, out, err } = await evaluate([model, set]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("3 good, 5 anomalous");
    expect(out).toMatch(/Image AUROC {3}\d\.\d{3}/);
    expect(out).toMatch(/\n {2}scratch +1 /);
  });

  it("prints exactly one JSON object with every figure, and the same as the library", async () => {
    const { code, out, err } = await evaluate([model, set], { json: true, quiet: true });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const found = JSON.parse(out);
    const opened = await open(model);
    const items = (await recognizeDataset([set])).items.filter(({ split }) => split === "test");
    const { figures } = await evaluateModel(opened, { items });
    await opened.close();
    expect(found).toMatchObject({ schemaVersion: 1, model, dataset: set, failed: [] });
    expect(found).toMatchObject(JSON.parse(JSON.stringify(figures)));
    for (const name of ["imageAUROC", "pixelAUROC", "AUPRO"]) expect(found[name]).toBeGreaterThan(0);
  });

  it("writes a table and a report", async () => {
    const [csv, report] = [at("t/scores.csv"), at("t/report.html")];
    const { out } = await evaluate([model, set], { csv, report });
    expect((await readFile(csv, "utf8")).trimEnd().split("\n")).toHaveLength(9);
    expect(await readFile(report, "utf8")).toContain("Blemish report");
    expect(out).toContain(`Report  ${report}`);
    const table = await evaluate([model, set], { csv: "-" });
    expect(table.out).toMatch(/^path,label,defect,score,predLabel,verdict,error\n/);
    expect(table.err).toContain("Image AUROC");
    await expect(evaluate([model, set], { csv: "-", json: true })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
  });

  it("says when test pictures took part in the training, and when labels are swapped", async () => {
    const swapped = at("swapped");
    await writeTinyDataset(swapped);
    const table = ["path,label", "bad-0.png,good", "good-0.png,anomalous", "leaked.png,good"];
    await copyFile(join(set, "train/good/000.png"), join(swapped, "leaked.png"));
    await writeFile(join(swapped, "set.csv"), table.join("\n"));
    const { err } = await evaluate([model, join(swapped, "set.csv")]);
    expect(err).toContain("1 of 3 test pictures took part in the training");
    const tiny = await evaluate([await writeTinyModel(at("tiny")), join(swapped, "set.csv")]);
    expect(tiny.err).toContain("are the labels swapped?");
  });

  it("takes an exported model, and ends with 2 when a picture cannot be judged", async () => {
    const data = at("data");
    await writeTinyDataset(data);
    const table = ["path,label,mask", "good-0.png,good,", "broken.png,good,", "bad-0.png,anomalous,mask.png"];
    await writeFile(join(data, "set.csv"), table.join("\n"));
    const tiny = await writeTinyModel(at("tiny"));
    const report = at("tiny.html");
    const { code, out, err } = await evaluate([tiny, join(data, "set.csv")], {
      json: true,
      quiet: true,
      report,
    });
    expect(code).toBe(2);
    expect(err).toContain("[IMAGE_FORMAT]");
    const found = JSON.parse(out);
    expect(found).toMatchObject({ good: 1, anomalous: 1, imageAUROC: 1, imageThreshold: 5 });
    expect(found.failed).toMatchObject([{ error: { code: "IMAGE_FORMAT" } }]);
    expect(await readFile(report, "utf8")).toContain("A model of another program");
  });

  it("refuses a model or data set that is not there", async () => {
    await expect(evaluate([model])).rejects.toMatchObject({ code: "OPTION_VALUE" });
    await expect(evaluate([at("gone.blemish"), set])).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    await expect(evaluate([model, at("gone")])).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
  });
});
