import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { DatasetItem } from "@blemish/core";
import { type Model, open } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyDataset } from "../../../../tests/support/tiny-dataset.js";
import { writeTinyModel } from "../../../../tests/support/tiny-model.js";
import { startTalk } from "../output/talk.js";
import { runTest } from "./run-test.js";

let folder = "";
let model: Model;
let items: DatasetItem[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-run-test-"));
  model = await open(await writeTinyModel(join(folder, "model")));
  items = await writeTinyDataset(folder);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

async function run(pictures: boolean) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const talk = startTalk({ json: false, quiet: false }, terminal);
  const test = await runTest(model, { name: "set", items, pictures }, talk, new AbortController().signal);
  return { test, err: String(terminal.stderr.read()) };
}

describe("runTest", () => {
  it("has figures, pictures for a report, and a warning for each picture or mask it cannot use", async () => {
    const { test, err } = await run(true);
    expect(test).toMatchObject({ name: "set", figures: { good: 2, anomalous: 2, imageAUROC: 1 } });
    expect(test.gallery.map(({ path }) => path)).toEqual([0, 2, 3, 4].map((i) => items[i]?.path));
    expect(test.gallery.map(({ mask }) => mask !== null)).toEqual([false, true, false, false]);
    expect(test.mapRange).not.toBeNull();
    expect(test.seconds).toBeGreaterThan(0);
    expect(err.match(/\[(IMAGE_FORMAT|MASK)\]/g)).toEqual(["[IMAGE_FORMAT]", "[MASK]"]);
  });
  it("keeps no pictures unasked", async () =>
    expect((await run(false)).test).toMatchObject({ gallery: [], mapRange: null }));
});
