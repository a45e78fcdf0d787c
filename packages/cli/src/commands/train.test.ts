import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { readTrainedModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallSet } from "../../../../tests/support/small-set.js";
import type { TrainWords } from "../options/train-options.js";
import { trainCommand } from "./train.js";

let folder = "";
let set = "";
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-train-"));
  set = await writeSmallSet(at("set"));
});
afterAll(() => rm(folder, { recursive: true }));

async function train(inputs: readonly string[], words: TrainWords, signal = new AbortController().signal) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const sized = words.add === undefined && words.quality === undefined;
  const size = sized ? { size: "64" } : {};
  const code = await trainCommand(inputs, { workers: "1", ...size, ...words }, terminal, signal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("trainCommand", () => {
  it("learns, tests, reports, and says all of it in words", async () => {
    const output = at("out/part.blemish");
    const { code, out, err } = await train([set], { output });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("MVTec layout");
    expect(out).toMatch(/Needs about \d+ MB of memory and .* s \(.*\); the model will have \d/);
    expect(out).toMatch(/Learned from 10 pictures of good parts\. The threshold is \d/);
    expect(out).toContain("The memory bank also holds mirrored and slightly rotated copies of them.");
    expect(out).toMatch(
      /Expected: 9\.1 of 100 good parts called anomalous; with 95 % confidence not more than 26 of/,
    );
    expect(out).toContain("10 pictures are too few for 5 of 100: that takes 19.");
    expect(out).toMatch(/of 5 anomalous test pictures found|All 5 anomalous test pictures found/);
    expect(out).toContain(`Next    blemish predict ${output} PICTURES`);
    const page = await readFile(at("out/part.report.html"), "utf8");
    expect(page).toContain("<title>part");
    for (const words of ["PatchCore, 64 × 64", "PaDiM, 64 × 64", "Turned copies"])
      expect(page).toContain(words);
    expect((await readTrainedModel(output)).manifest.training.files).toHaveLength(10);
  });

  it("prints one JSON object and nothing else when asked to, and writes no report unasked", async () => {
    const output = at("json.blemish");
    const { out, err } = await train([set], { output, json: true, report: false, quiet: true });
    expect(err).toBe("");
    const found = JSON.parse(out);
    expect(found).toMatchObject({ schemaVersion: 1, model: output, report: null, pictures: 10, leftOut: [] });
    expect(found.evaluation).toMatchObject({ good: 3, anomalous: 5 });
    expect(found.calibration).toMatchObject({
      askedRate: 0.05,
      expectedRate: 1 / 11,
      reached: false,
      rank: 10,
    });
    expect(found).toMatchObject({ precision: "float32", precisionChange: null });
    const grid = { width: 4, height: 4 };
    expect(found.method).toMatchObject({
      kind: "fusion",
      quality: null,
      turned: true,
      threshold: "leave-one-out",
      detectors: [
        { head: "patchcore", size: 64, grid, patches: expect.any(Number) },
        { head: "padim", size: 64, grid, patches: null },
      ],
    });
    expect(found).toMatchObject({ quality: null, fusion: null });
    expect(found.bytes).toBe((await stat(output)).size);
    expect(await readdir(folder)).not.toContain("json.report.html");
  });

  it("trains by a quality, or with one head and an exact threshold, when told so", async () => {
    const plain = { report: false, test: false, json: true, quiet: true, turned: false } as const;
    const fast = { ...plain, output: at("fast.blemish"), quality: "fast" };
    expect(JSON.parse((await train([set], fast)).out).method).toMatchObject({
      kind: "fusion",
      quality: "fast",
      turned: false,
      detectors: [{ size: 256 }, { size: 256 }],
    });
    const precise = { ...plain, head: "patchcore", bank: "40", threshold: "precise" };
    expect(
      JSON.parse((await train([set], { ...precise, output: at("bank.blemish") })).out).method,
    ).toMatchObject({
      kind: "patchcore",
      threshold: "five-fold",
      detectors: [{ head: "patchcore", patches: 40, factor: 1 }],
    });
    const { manifest } = await readTrainedModel(at("bank.blemish"));
    expect(manifest.training.options).toMatchObject({ head: "patchcore", bank: 40, threshold: "precise" });
  });

  it("says what int8 changes, in words and in JSON", async () => {
    const words = { precision: "int8", size: "96", report: false, test: false } as const;
    const { out } = await train([set], { ...words, output: at("int8.blemish") });
    expect(out).toMatch(
      /int8 moves scores by a median of [\d.]+ % of the threshold, at most [\d.]+ %\. \d+ of 10 pictures changes? sides\./,
    );
    expect((await readTrainedModel(at("int8.blemish"))).manifest.backbone.precision).toBe("int8");
    const json = await train([set], { ...words, output: at("int8.blemish"), json: true, quiet: true });
    const { precision, precisionChange } = JSON.parse(json.out);
    expect(precision).toBe("int8");
    expect(precisionChange).toMatchObject({ pictures: 10, median: expect.any(Number) });
    expect(precisionChange.largest).toBeGreaterThanOrEqual(precisionChange.median);
    expect(precisionChange.flipped.every((path: string) => path.startsWith(set))).toBe(true);
  });

  it("has nothing to test on when told so", async () => {
    const output = at("untested.blemish");
    const { out } = await train([set], { output, test: false, report: false, json: true, quiet: true });
    expect(JSON.parse(out).evaluation).toBeNull();
  });

  it("refuses what does not fit into memory, with a proposal, before anything is written", async () => {
    const words = { output: at("big.blemish"), size: "512", maxMemory: "330" };
    await expect(train([set], words)).rejects.toMatchObject({
      code: "MEMORY",
      found: expect.stringMatching(/^a need of \d+ MB; --size \d+ would fit$/),
    });
    await expect(stat(at("big.blemish"))).rejects.toThrow();
  });

  it("writes nothing when it is cancelled", async () => {
    const cancelled = train([set], { output: at("never.blemish") }, AbortSignal.abort());
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(stat(at("never.blemish"))).rejects.toThrow();
  });

  it("adds pictures, and the pictures of another model", async () => {
    const [line1, line2] = [at("line-1.blemish"), at("line-2.blemish")];
    const more = await writeSmallSet(at("more"), { seed: 2, train: 4, testGood: 0, testBad: 0 });
    const quiet = { report: false, test: false } as const;
    await train([set], { ...quiet, output: line1 });
    await train([more, at("set/train/good/000.png")], { ...quiet, output: line2 });
    const both = at("both.blemish");
    const { code, out } = await train([line1], { add: [line2], output: both, report: false });
    expect(code).toBe(0);
    expect(out).toContain(`${line2}: a model of 5 pictures, 1 of them known already`);
    expect(out).toContain("Learned from 14 pictures of good parts.");
    const whole = at("whole.blemish");
    await train([set, more], { ...quiet, output: whole });
    expect(Buffer.compare(await readFile(both), await readFile(whole))).toBe(0);
    const pictures = {
      add: [join(more, "train/good"), line2],
      output: at("again.blemish"),
      report: false,
      json: true,
      quiet: true,
    };
    const found = JSON.parse((await train([line1], pictures)).out);
    expect(found).toMatchObject({ added: 4, pictures: 14 });
  });

  it("refuses to merge what was trained otherwise, and to add nothing new, and changes nothing then", async () => {
    const [line1, small] = [at("line-1.blemish"), at("small-line.blemish")];
    await train([set], { size: "96", report: false, test: false, output: small });
    const before = await readFile(line1);
    await expect(train([line1], { add: [small] })).rejects.toMatchObject({
      code: "MODEL_MERGE",
      subject: small,
      expected: "size 64",
      found: "size 96",
    });
    await expect(train([line1], { add: [line1] })).rejects.toMatchObject({
      code: "DATASET",
      found: "only pictures that are known already",
    });
    expect(Buffer.compare(await readFile(line1), before)).toBe(0);
  });
});
