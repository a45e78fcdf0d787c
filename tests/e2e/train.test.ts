/** Training and what follows it, as processes on small generated pictures, with everything that may go wrong. */
import { execFile, spawn } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readSafeTensors, resizeNearest, writeSafeTensors } from "@blemish/core";
import { encodePng, readImage, readTrainedModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killTrain } from "../../bench/kill-train.js";
import { writeSmallSet } from "../support/small-set.js";

const root = resolve(import.meta.dirname, "../..");
const node = ["--conditions=blemish-source", "--import", "tsx", join(root, "packages/cli/src/main.ts")];

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function blemish(...args: readonly string[]): Promise<Run> {
  return new Promise((done) => {
    const env = { ...process.env, NODE_OPTIONS: "" };
    const options = { cwd: root, env, maxBuffer: 1 << 26 };
    const child = execFile(process.execPath, [...node, ...args], options, (_error, out, err) =>
      done({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

const SMALL = ["--size", "64", "--workers", "1", "--no-report"];
/** A training of small pictures, without a test unless the inputs hold one. */
const train = (...args: readonly string[]) => blemish("train", ...args, ...SMALL);

let folder = "";
let set = "";
const at = (...parts: string[]) => join(folder, ...parts);
const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
const goodPath = (index: number) => join(set, "train/good", `${String(index).padStart(3, "0")}.png`);

/** A folder with some of the good pictures. */
async function goodFolder(name: string, indices: readonly number[]): Promise<string> {
  await mkdir(at(name), { recursive: true });
  for (const i of indices) await copyFile(goodPath(i), at(name, `${i}.png`));
  return at(name);
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-e2e-train-"));
  set = await writeSmallSet(at("set"), { train: 14, testGood: 3, testBad: 5 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a model from its training to its use", () => {
  it("is trained, judges, is tested, and obeys a new threshold", async () => {
    const model = at("story/part.blemish");
    const report = at("story/seen.html");
    const args = [set, "--output", model, "--report", report, "--size", "64", "--workers", "1"];
    const trained = await blemish("train", ...args);
    expect(trained.code).toBe(0);
    expect(trained.out).toContain("Learned from 14 pictures of good parts.");
    expect(trained.out).toContain(`Next    blemish predict ${model} PICTURES`);
    expect(await readFile(report, "utf8")).toContain("Blemish report");
    expect((await readdir(at("story"))).sort()).toEqual(["part.blemish", "seen.html"]);

    const test = await blemish("evaluate", model, set, "--json", "--quiet");
    expect(test).toMatchObject({ code: 0, err: "" });
    const figures = JSON.parse(test.out);
    expect(figures).toMatchObject({ good: 3, anomalous: 5, failed: [] });

    const pictures = join(set, "test");
    const before = await blemish("predict", model, pictures, "--json", "--quiet");
    const lines = before.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(8);
    const anomalous = lines.filter(({ verdict }) => verdict === "anomalous").length;
    expect(anomalous).toBe(5 - figures.escapes + figures.falseAlarms);
    expect(before.code).toBe(anomalous > 0 ? 1 : 0);

    const high = String(Math.max(...lines.map(({ rawScore }) => rawScore)) + 1);
    const changed = await blemish("threshold", model, "--set", high, "--reason", "for this test");
    expect(changed).toMatchObject({ code: 0, out: expect.stringContaining("for this test") });
    const after = await blemish("predict", model, pictures, "--quiet");
    expect(after).toMatchObject({ code: 0, err: "" });
    expect(after.out.match(/^good/gm)).toHaveLength(8);
  });

  it("becomes, byte for byte, the model of a full training when pictures are added", async () => {
    const [a, b] = [await goodFolder("first", numbers(0, 8)), await goodFolder("later", numbers(8, 13))];
    const [grown, full] = [at("grown.blemish"), at("full.blemish")];
    const runs = await Promise.all([
      train(a, "--output", grown, "--keep-statistics"),
      train(a, b, "--output", full, "--keep-statistics"),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const added = await blemish("train", "--add", b, grown, "--workers", "1", "--no-report");
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining("Learned from 13 pictures") });
    expect(Buffer.compare(await readFile(grown), await readFile(full))).toBe(0);
    const again = await blemish("train", "--add", b, grown, "--workers", "1", "--no-report");
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining("only 5 that it knows already") });
  });
});

describe("training on what is not as it should be", () => {
  it("refuses 0, 1 and 2 goods in words and takes 5", async () => {
    await mkdir(at("none"));
    const folders = [
      at("none"),
      ...(await Promise.all([1, 2, 5].map((n) => goodFolder(`few${n}`, numbers(0, n))))),
    ];
    const runs = await Promise.all(folders.map((goods, i) => train(goods, "-o", at(`few-${i}.blemish`))));
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2, 0]);
    expect(runs[0]?.err).toContain("[NO_IMAGES]");
    expect(runs[1]?.err).toContain("[MODEL_STATISTICS]");
    expect(runs[2]?.err).toContain("[MODEL_STATISTICS]");
    expect(runs[3]?.out).toContain("5 pictures are too few for 5 of 100: that takes 19.");
    expect(await Promise.all([0, 1, 2, 3].map((i) => exists(at(`few-${i}.blemish`))))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it("refuses pictures that are all the same", async () => {
    await mkdir(at("same"));
    for (const i of numbers(0, 6)) await copyFile(goodPath(0), at("same", `${i}.png`));
    const run = await train(at("same"), "-o", at("same.blemish"));
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining("All 6 pictures are the same file.") });
    expect(run.err).toContain("[MODEL_STATISTICS]");
  });

  it("goes on past a broken picture, and stops at it when it is to be strict", async () => {
    const mixed = await goodFolder("mixed", numbers(0, 9));
    await writeFile(join(mixed, "4.png"), (await readFile(goodPath(4))).subarray(0, 200));
    const [run, strict] = await Promise.all([
      train(mixed, "-o", at("mixed.blemish"), "--json"),
      train(mixed, "-o", at("strict.blemish"), "--strict"),
    ]);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ pictures: 8, leftOut: [join(mixed, "4.png")] });
    expect(run.err).toContain("warning: 1 picture cannot be read and is left out.");
    expect(strict).toMatchObject({ code: 2, err: expect.stringContaining("[DATASET]") });
    expect(await exists(at("strict.blemish"))).toBe(false);
  });

  it("takes pictures of all sizes and says so", async () => {
    await mkdir(at("sizes"));
    for (const i of numbers(0, 6)) {
      const image = await readImage(goodPath(i));
      await writeFile(at("sizes", `${i}.png`), await encodePng(resizeNearest(image, 50 + 9 * i, 60)));
    }
    const run = await train(at("sizes"), "-o", at("sizes.blemish"));
    expect(run).toMatchObject({ code: 0, err: expect.stringContaining("Pictures of 6 sizes") });
  });

  it("refuses a folder of bads without goods", async () => {
    await cp(join(set, "test/dent"), at("only/bad"), { recursive: true });
    const run = await train(at("only"), "-o", at("only.blemish"));
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining("[DATASET]") });
  });

  it("says when labels are swapped", async () => {
    const rows = [
      ...numbers(0, 6).map((i) => `${goodPath(i)},good,train`),
      ...["dent", "stain", "scratch"].map((name) => `${join(set, "test", name, "000.png")},good,test`),
      ...numbers(0, 3).map((i) => `${join(set, "test/good", `00${i}.png`)},anomalous,test`),
    ];
    await writeFile(at("swapped.csv"), ["path,label,split", ...rows].join("\n"));
    const run = await train(at("swapped.csv"), "-o", at("swapped.blemish"));
    expect(run).toMatchObject({ code: 0, err: expect.stringContaining("are the labels swapped?") });
  });
});

describe("files", () => {
  it("that cannot be written are known before any work is done", async () => {
    const [below, dir] = await Promise.all([
      train(set, "-o", join(goodPath(0), "part.blemish")),
      train(set, "-o", folder),
    ]);
    expect(below).toMatchObject({ code: 2, err: expect.stringContaining("[OUTPUT_WRITE]") });
    expect(dir).toMatchObject({ code: 64, err: expect.stringContaining("[OPTION_VALUE]") });
    expect(below.out + dir.out).toBe("");
  });

  it("of a later version, cut off or changed are refused in words", async () => {
    const model = await readFile(at("story/part.blemish"));
    const { metadata, arrays } = readSafeTensors(model, "model");
    const manifest = (metadata.manifest ?? "").replace(/"version":\d+/, '"version":99');
    await writeFile(at("later.blemish"), writeSafeTensors({ metadata: { ...metadata, manifest }, arrays }));
    await writeFile(at("cut.blemish"), model.subarray(0, model.length - 1000));
    const flipped = Buffer.from(model);
    flipped[model.length >> 1] = (flipped[model.length >> 1] ?? 0) ^ 1;
    await writeFile(at("flipped.blemish"), flipped);
    const runs = await Promise.all([
      blemish("predict", at("later.blemish"), goodPath(0)),
      blemish("evaluate", at("cut.blemish"), set),
      blemish("threshold", at("flipped.blemish")),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(runs.map(({ err }) => /\[(\w+)\]/.exec(err)?.[1])).toEqual([
      "MODEL_VERSION",
      "MODEL_BROKEN",
      "MODEL_BROKEN",
    ]);
  });

  it("are not left behind by Ctrl-C", async () => {
    await mkdir(at("cancelled"));
    const child = spawn(
      process.execPath,
      [...node, "train", set, "-o", at("cancelled/part.blemish"), ...SMALL],
      {
        cwd: root,
      },
    );
    child.stdout.on("data", (text) => {
      if (String(text).includes("Needs about")) child.kill("SIGINT");
    });
    let err = "";
    child.stderr.on("data", (text) => {
      err += text;
    });
    const code = await new Promise((done) => child.on("close", done));
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining("[CANCELLED]") });
    expect(await readdir(at("cancelled"))).toEqual([]);
  });

  it("of two trainings at once are never mixed", async () => {
    const [a, b] = [await goodFolder("one", numbers(0, 5)), await goodFolder("two", numbers(5, 10))];
    const model = at("both/part.blemish");
    const runs = await Promise.all([a, b].map((goods) => train(goods, "-o", model, "--quiet")));
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const files = (await readTrainedModel(model)).manifest.training.files.map(({ path }) => path);
    expect(
      [a, b].map((goods) => numbers(0, 5).map((i) => join(goods, `${goods === a ? i : i + 5}.png`))),
    ).toContainEqual(files);
    expect(await readdir(at("both"))).toEqual(["part.blemish"]);
  });

  it("are the old or the new one, whole, after a kill at any moment", async () => {
    const { old, new: newer, broken } = await killTrain(2, 5);
    expect({ survived: old + newer, broken }).toEqual({ survived: 2, broken: 0 });
  });
});

describe("wrong usage", () => {
  it("ends with 64 and one sentence", async () => {
    const runs = await Promise.all([
      blemish("train", "--output", "x"),
      blemish("train", set, "--output", "x", "--false-alarm-rate", "5"),
    ]);
    for (const { code, out, err } of runs) {
      expect({ code, out }).toEqual({ code: 64, out: "" });
      expect(err).toMatch(/^blemish: .*\[OPTION_VALUE\]\n$/);
    }
  });
});
