import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { DatasetItem } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpSensitivity } from "../../../../tests/support/made-up-sensitivity.js";
import { writeSmallSet } from "../../../../tests/support/small-set.js";
import { trainCommand } from "../commands/train.js";
import { startTalk } from "../output/talk.js";
import { sayVerdict, testGoods } from "./train-sensitivity.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-train-sensitivity-"));
  await writeSmallSet(join(folder, "set"), { train: 8, testGood: 2, testBad: 1 });
});
afterAll(() => rm(folder, { recursive: true }));

async function train(inputs: string[]) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const words = { output: join(folder, "part.blemish"), size: "64", workers: "1", sensitivity: true };
  const code = await trainCommand(inputs, words, terminal, new AbortController().signal);
  const report = await readFile(join(folder, "part.report.html"), "utf8");
  return { code, out: String(terminal.stdout.read() ?? ""), report };
}

describe("train --sensitivity", () => {
  it("measures on the test's good pictures, and shows it in the report", async () => {
    const { code, out, report } = await train([join(folder, "set")]);
    expect(code).toBe(0);
    expect(out).toMatch(/\nAll kinds: 90 % are found/);
    expect(out).not.toContain("trained without the pictures it is measured on");
    expect(report).toContain("Defects were drawn into 2 good pictures");
  }, 120_000);

  it("measures on some of the training pictures where there is no test, and says how", async () => {
    const { out, report } = await train([join(folder, "set/train/good")]);
    expect(out).toContain("trained without the pictures it is measured on");
    expect(report).toContain("Defects were drawn into 2 good pictures");
  }, 120_000);
});

it("takes good pictures of a test only", () => {
  const items = [
    { label: "good", path: "a" },
    { label: "anomalous", path: "b" },
  ] as unknown as DatasetItem[];
  expect(testGoods(items)).toEqual(["a"]);
});

it("says a line for each kind", async () => {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  await sayVerdict(madeUpSensitivity(), startTalk({ json: false, quiet: false }, terminal));
  expect(String(terminal.stdout.read()).trimEnd().split("\n")).toHaveLength(3);
});
