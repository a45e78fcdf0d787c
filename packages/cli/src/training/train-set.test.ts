import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testSet, trainSet } from "./train-set.js";

let folder = "";
const at = (...parts: string[]) => join(folder, ...parts);

async function files(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), "");
  }
}

const numbered = (start: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${start}${i}.png`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-train-set-"));
  await files(...numbered("plain/", 3), ...numbered("pair/good/", 10), ...numbered("pair/bad/", 4));
  await files(...numbered("mvtec/train/good/", 3), ...numbered("mvtec/test/good/", 2));
  await files(...numbered("mvtec/test/dent/", 2), ...numbered("bads/bad/", 2));
});
afterAll(() => rm(folder, { recursive: true }));

async function counts(inputs: readonly string[], test: string | null | false) {
  const set = await trainSet(inputs, test);
  expect(set.goods.every(({ label, split }) => label === "good" && split === "train")).toBe(true);
  expect(set.tested.every(({ split }) => split === "test")).toBe(true);
  const learnt = new Set(set.goods.map(({ path }) => path));
  expect(set.tested.filter(({ path }) => learnt.has(path))).toEqual([]);
  return { goods: set.goods.length, tested: set.tested.length, name: set.testName, words: set.words };
}

describe("trainSet", () => {
  it("learns from a plain folder and has nothing to test on", async () =>
    expect(await counts([at("plain")], null)).toMatchObject({ goods: 3, tested: 0 }));

  it("takes the parts of a data set that says what is for what", async () => {
    expect(await counts([at("mvtec")], null)).toMatchObject({ goods: 3, tested: 4, name: at("mvtec") });
    expect(await counts([at("mvtec")], false)).toMatchObject({ goods: 3, tested: 0 });
  });

  it("holds goods back where bads are given and nothing says what to test on, and says so", async () => {
    const { words, ...found } = await counts([at("pair")], null);
    expect(found).toMatchObject({ goods: 8, tested: 6 });
    expect(words).toContain("2 of 10 good pictures are held back");
    expect(await counts([at("pair")], false)).toMatchObject({ goods: 10, tested: 0 });
  });

  it("tests on another data set when told to", async () => {
    const found = await counts([at("plain")], at("mvtec"));
    expect(found).toMatchObject({ goods: 3, tested: 4, name: at("mvtec") });
    expect(found.words).toContain("MVTec layout");
    expect(await counts([at("plain")], at("bads"))).toMatchObject({ goods: 3, tested: 2 });
  });

  it("refuses what has no good picture to learn from", async () => {
    await expect(trainSet([at("bads")], null)).rejects.toMatchObject({ code: "DATASET" });
    await expect(trainSet([at("mvtec/test")], null)).rejects.toMatchObject({ code: "DATASET" });
    await expect(trainSet([at("gone")], null)).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
  });
});

describe("testSet", () => {
  it("is what is asked for, or nothing", async () => {
    expect(await testSet(null)).toMatchObject({ goods: [], tested: [], words: "" });
    expect(await testSet(false)).toMatchObject({ goods: [], tested: [], words: "" });
    const { goods, tested, testName, words } = await testSet(at("mvtec"));
    expect(goods).toEqual([]);
    expect(tested.length).toBeGreaterThan(3);
    expect(tested.every(({ split }) => split === "test")).toBe(true);
    expect(testName).toBe(at("mvtec"));
    expect(words).toContain("MVTec layout");
  });
});
