import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { TrainingFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallSet } from "../../../../tests/support/small-set.js";
import { startTalk } from "../output/talk.js";
import { gatherMaterial } from "./material.js";

let folder = "";
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-material-"));
  await writeSmallSet(folder, { train: 4, testGood: 1, testBad: 1 });
  await writeFile(at("train/good/broken.png"), "no picture");
});
afterAll(() => rm(folder, { recursive: true }));

async function gather(
  inputs: readonly string[],
  strict = false,
  known: readonly TrainingFile[] = [],
  merged: readonly TrainingFile[] = [],
) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const talk = startTalk({ json: false, quiet: false }, terminal);
  const { signal } = new AbortController();
  const request = { inputs, test: null, strict, recipe: {} };
  const material = await gatherMaterial(
    request,
    { addTo: null, known, merged },
    talk,
    terminal.stderr,
    signal,
  );
  return { material, out: String(terminal.stdout.read()), err: String(terminal.stderr.read()) };
}

describe("gatherMaterial", () => {
  it("leaves broken pictures out and says so by name", async () => {
    const { material, out, err } = await gather([folder]);
    expect(material.goods).toEqual([0, 1, 2, 3].map((i) => at(`train/good/00${i}.png`)));
    expect(material.tested).toHaveLength(2);
    expect(material.leftOut).toEqual([at("train/good/broken.png")]);
    expect(material.warnings).toEqual(["1 picture cannot be read and is left out."]);
    expect(out).toContain("MVTec layout");
    expect(err).toContain("broken.png");
    expect(err).toContain("warning: 1 picture cannot be read and is left out.");
  });

  it("stops at an error of the health check when it is to be strict", async () =>
    await expect(gather([folder], true)).rejects.toMatchObject({
      code: "DATASET",
      subject: at("train/good/broken.png"),
    }));

  it("finds a training picture among the test pictures", async () => {
    await copyFile(at("train/good/000.png"), at("test/good/copy.png"));
    const { material } = await gather([folder]);
    expect(material.health.findings.map(({ kind }) => kind)).toContain("train-and-test");
    await rm(at("test/good/copy.png"));
  });

  it("adds only what a model does not know", async () => {
    const sha256 = createHash("sha256")
      .update(await readFile(at("train/good/001.png")))
      .digest("hex");
    const { material, out } = await gather([folder], false, [{ path: "renamed.png", sha256 }]);
    expect(material.goods).toEqual([0, 2, 3].map((i) => at(`train/good/00${i}.png`)));
    expect(out).toContain("1 picture is in the model already.");
  });

  it("needs no pictures where a merged model brings some", async () => {
    const merged = [{ path: "theirs.png", sha256: "1" }];
    const { material, out } = await gather([], false, merged, merged);
    expect(material).toMatchObject({ goods: [], tested: [], leftOut: [] });
    expect(out).toBe("null");
    expect((await gather([at("train/good/broken.png")], false, merged, merged)).material.goods).toEqual([]);
    await expect(gather([], false, merged)).rejects.toMatchObject({ code: "DATASET" });
  });

  it("refuses when nothing is left to learn from", async () => {
    await expect(gather([at("train/good/broken.png")])).rejects.toMatchObject({
      code: "DATASET",
      found: "only 1 that cannot be read",
    });
  });
});
