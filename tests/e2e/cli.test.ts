/** The command line as a process, on small made-up models and pictures, and on real ones where they are at hand. */
import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFloatNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";
import { TINY_SIDE, writeTinyModel, writeTinyPicture } from "../support/tiny-model.js";

const root = resolve(import.meta.dirname, "../..");
const node = ["--conditions=blemish-source", "--import", "tsx", join(root, "packages/cli/src/main.ts")];
const schema = JSON.parse(readFileSync(join(root, "docs/predict-result.schema.json"), "utf8"));
const validLine = new Ajv2020({ allowUnionTypes: true }).compile(schema);

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function blemish(args: readonly string[], cwd = root): Promise<Run> {
  return new Promise((done) => {
    const env = { ...process.env, NODE_OPTIONS: "", DISPLAY: "", WAYLAND_DISPLAY: "", WSL_DISTRO_NAME: "" };
    const child = execFile(
      process.execPath,
      [...node, ...args],
      { cwd, env, maxBuffer: 1 << 26 },
      (_error, out, err) => done({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

// tsx looks for tsconfig.json and packages from the working directory, so every run starts at the root.
let folder = "";
let model = "";
let pictures = "";
const lines = (text: string) => text.split("\n").filter((line) => line !== "");
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-cli-"));
  model = await writeTinyModel(at("model"));
  pictures = at("pictures");
  await mkdir(join(pictures, "good"), { recursive: true });
  await mkdir(join(pictures, "bad"));
  await writeTinyPicture(join(pictures, "good/000.png"), 0);
  await writeTinyPicture(join(pictures, "good/001.png"), 0);
  await writeTinyPicture(join(pictures, "bad/000.png"), 20);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("blemish predict", () => {
  it("judges a good picture: one line, summary apart, exit 0", async () => {
    const run = await blemish(["predict", model, join(pictures, "good/000.png")]);
    expect(run).toMatchObject({ code: 0 });
    expect(lines(run.out)).toHaveLength(1);
    expect(run.out).toMatch(/^good {7}0\.0\d+ .*\(raw +0\.0\d+ < 5\.0000\) .*good\/000\.png\n$/);
    expect(run.err).toMatch(/^1 picture: 1 good, 0 anomalous, 0 invalid; /m);
  });

  it("goes through a folder in order and ends with 1 when something is anomalous", async () => {
    const run = await blemish(["predict", model, pictures, "--workers", "2", "--threads", "1", "--quiet"]);
    expect(run.code).toBe(1);
    expect(run.err).toBe("");
    expect(lines(run.out).map((line) => line.split(/\s+/)[0])).toEqual(["anomalous", "good", "good"]);
  });

  it("prints JSON lines that fit the schema, a broken picture among them, and ends with 2", async () => {
    const mixed = at("mixed");
    await mkdir(mixed);
    await writeTinyPicture(join(mixed, "a.png"), 20);
    await writeFile(join(mixed, "b.png"), (await readFile(join(mixed, "a.png"))).subarray(0, 60));
    await writeFile(join(mixed, "c.png"), "");
    await writeTinyPicture(join(mixed, "d.png"), 0, 33, 57);
    const run = await blemish(["predict", model, mixed, "--json", "--task", "detection"]);
    expect(run.code).toBe(2);
    const records = lines(run.out).map((line) => JSON.parse(line));
    for (const record of records) expect(validLine(record), JSON.stringify(validLine.errors)).toBe(true);
    expect(records.map(({ verdict }) => verdict)).toEqual(["anomalous", "invalid", "invalid", "good"]);
    expect(records[1].error.code).toBe("IMAGE_BROKEN");
    expect(records[2].error.code).toBe("IMAGE_EMPTY");
    expect(records[0]).toMatchObject({
      imageThreshold: 5,
      thresholdFrom: "model",
      width: 80,
      height: 60,
      model,
    });
    expect(records[0].predBoxes).toHaveLength(1);
    expect(records[0].regions).toHaveLength(1);
    expect(records[0].ms).toBeGreaterThan(0);
    expect(records[3]).toMatchObject({ width: 33, height: 57, predBoxes: [] });
    expect(run.err).toContain("4 pictures: 1 good, 1 anomalous, 2 invalid");
  });

  it("writes CSV to a file and to standard output", async () => {
    const csv = at("tables/result.csv");
    const run = await blemish(["predict", model, pictures, "--csv", csv]);
    expect(lines(run.out)).toHaveLength(3);
    const rows = lines(await readFile(csv, "utf8"));
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^path,verdict,predScore,rawScore,/);
    expect(rows[1]).toContain("bad/000.png,anomalous,");
    const stdout = await blemish(["predict", model, pictures, "--csv", "-"]);
    expect(lines(stdout.out).map((row) => row.split(",")[1])).toEqual([
      "verdict",
      "anomalous",
      "good",
      "good",
    ]);
  });

  it("takes Anomalib's spelling, and names its files as Anomalib does", async () => {
    const results = at("results");
    await mkdir(results);
    const args = [
      "--weights",
      model,
      "--metadata",
      at("model/metadata.json"),
      "--input",
      pictures,
      "--output",
      results,
    ];
    const spelling = ["--task", "segmentation", "--visualization_mode", "full", "--device", "CPU"];
    for (let time = 0; time < 2; time++)
      expect((await blemish(["predict", ...args, ...spelling])).code).toBe(1);
    expect((await readdir(join(results, "good"))).sort()).toEqual([
      "000.png",
      "000_1.png",
      "001.png",
      "001_1.png",
    ]);
    expect((await readdir(join(results, "bad"))).sort()).toEqual(["000.png", "000_1.png"]);
    const file = await readFile(join(results, "bad/000.png"));
    expect(file.subarray(1, 4).toString()).toBe("PNG");
  });

  it("writes one picture under the name that was asked for, always as PNG", async () => {
    const picture = join(pictures, "bad/000.png");
    const run = await blemish(["predict", model, picture, "--output", at("one/seen.png")]);
    expect(run.out).toContain(at("one/seen.png"));
    expect(await readdir(at("one"))).toEqual(["seen.png"]);
  });

  it("writes raw maps as float32 .npy of the network's size", async () => {
    const run = await blemish(["predict", model, join(pictures, "bad"), "--maps", at("maps"), "--json"]);
    const { map, rawScore } = JSON.parse(run.out);
    expect(map).toBe(at("maps", "bad", "000.npy"));
    const { shape, data } = readFloatNpy(map);
    expect(shape).toEqual([TINY_SIDE, TINY_SIDE]);
    expect(Math.max(...data)).toBe(rawScore);
  });

  it("obeys --threshold and records it", async () => {
    const picture = join(pictures, "bad/000.png");
    const run = await blemish(["predict", model, picture, "--threshold", "11", "--json"]);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({
      verdict: "good",
      imageThreshold: 11,
      thresholdFrom: "option",
    });
  });

  it("expands a quoted glob", async () => {
    const run = await blemish(["predict", model, join(pictures, "*/000.png"), "--quiet"]);
    expect(lines(run.out)).toHaveLength(2);
  });

  it("hints at the picture where --show finds no viewer", async () => {
    const run = await blemish(["predict", model, join(pictures, "good/000.png"), "--show"]);
    if (process.platform !== "linux") return;
    expect(run.code).toBe(0);
    const shown = /The picture is (.*)/.exec(run.err)?.[1] ?? "";
    expect(existsSync(shown)).toBe(true);
    await rm(resolve(shown, "../.."), { recursive: true });
  });
});

describe("blemish with something wrong", () => {
  const oneSentence = (run: Run, code: number, error: string) => {
    expect(run.code, run.err).toBe(code);
    expect(run.out).toBe("");
    expect(lines(run.err)).toHaveLength(1);
    expect(run.err).toContain(`[${error}]`);
  };

  it("ends with 64 for an unknown option and names the one that was meant", async () => {
    const run = await blemish(["predict", "m", "a", "--shwo"]);
    oneSentence(run, 64, "OPTION");
    expect(run.err).toContain("expected --show");
  });

  it("ends with 2 for a folder without pictures", async () => {
    await mkdir(at("empty"));
    const run = await blemish(["predict", model, at("empty")]);
    expect(run.code).toBe(2);
    expect(run.err).toContain("[NO_IMAGES]");
  });

  it("ends with 2 for a model that is not there or none", async () => {
    const picture = join(pictures, "good/000.png");
    oneSentence(await blemish(["predict", at("no.onnx"), picture]), 2, "MODEL_NOT_FOUND");
    oneSentence(await blemish(["inspect", picture]), 2, "MODEL_FORMAT");
  });

  it("ends with 2 before any work where it cannot write", async () => {
    await writeFile(at("blocked"), "");
    const picture = join(pictures, "good/000.png");
    const inside = join(at("blocked"), "results");
    oneSentence(await blemish(["predict", model, picture, "--output", inside]), 2, "OUTPUT_WRITE");
    oneSentence(await blemish(["predict", model, picture, "--maps", inside]), 2, "OUTPUT_WRITE");
    oneSentence(
      await blemish(["predict", model, picture, "--csv", join(inside, "x.csv"), "--quiet"]),
      2,
      "OUTPUT_WRITE",
    );
  });
});

describe("a reader that goes away", () => {
  it("ends quietly on a closed pipe", async () => {
    const many = at("many");
    await mkdir(many);
    for (let index = 0; index < 60; index++) await writeTinyPicture(join(many, `${index}.png`), 0);
    const child = spawn(process.execPath, [...node, "predict", model, many, "--json", "--quiet"], {
      cwd: root,
    });
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((done) => child.once("close", done));
    expect(err).toBe("");
    expect(code).toBe(141);
  });

  it("ends with 130 on Ctrl-C and leaves no table behind", async () => {
    const many = at("slow");
    await mkdir(many);
    for (let index = 0; index < 300; index++) await writeTinyPicture(join(many, `${index}.png`), 0, 320, 240);
    const csv = at("cancelled/result.csv");
    const args = [
      ...node,
      "predict",
      model,
      many,
      "--csv",
      csv,
      "--output",
      at("cancelled/out"),
      "--workers",
      "1",
    ];
    const child = spawn(process.execPath, args, { cwd: root });
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.stdout.once("data", () => child.kill("SIGINT"));
    const code = await new Promise((done) => child.once("close", done));
    expect(code).toBe(130);
    expect(err).toContain("[CANCELLED]");
    expect(await readdir(at("cancelled"))).toEqual(["out"]);
    const left = await readdir(join(at("cancelled/out"), "slow"));
    expect(left.filter((name) => !/^\d+\.png$/.test(name))).toEqual([]);
  });
});

describe("blemish inspect", () => {
  it("explains the model in words", async () => {
    const run = await blemish(["inspect", model]);
    expect(run.code).toBe(0);
    expect(run.out).toContain("anomalib-0.7");
    expect(run.out).toContain("Conv");
  });
  it("prints JSON", async () => {
    const facts = JSON.parse((await blemish(["inspect", model, "--json"])).out);
    expect(facts).toMatchObject({ schemaVersion: 1 });
  });
  it("writes one page", async () => {
    const run = await blemish(["inspect", "--weights", model, "--html", at("page/model.html")]);
    expect(run.code).toBe(0);
    expect(await readFile(at("page/model.html"), "utf8")).toContain("default-src 'none'");
  });
});

const golden = "golden/padim070-bottle-256-n14";
const bottle = "data/mvtec-bottle-original/test";
describeShared("blemish predict on real pictures", [golden, bottle], () => {
  const { images } = JSON.parse(readFileSync(sharedPath(golden, "index.json"), "utf8")) as {
    images: readonly GoldenPicture[];
  };
  const wanted = ["good_000", "broken_large_000"].map((id) => images.find((image) => image.id === id)!);

  it.each(["classification", "segmentation", "detection"])("draws %s in both modes", async (task) => {
    const inputs = ["good/000.png", "broken_large/000.png"].map((name) => sharedPath(bottle, name));
    for (const mode of ["simple", "full"]) {
      const out = at(`real-${task}-${mode}`);
      const args = ["--task", task, "--visualization-mode", mode, "--output", out, "--json"];
      const run = await blemish(["predict", sharedPath(golden, "model.onnx"), ...inputs, ...args]);
      expect(run.code, run.err).toBe(1);
      const records = lines(run.out).map((line) => JSON.parse(line));
      expect(records.map(({ verdict }) => verdict)).toEqual(["good", "anomalous"]);
      records.forEach((record, index) => {
        const { raw_score, result_ort } = wanted[index]!;
        expect(validLine(record), JSON.stringify(validLine.errors)).toBe(true);
        expect(existsSync(record.output)).toBe(true);
        expect(Math.abs(record.rawScore / raw_score.ort - 1)).toBeLessThan(1e-5);
        expect(Math.abs(record.predScore - result_ort.pred_score)).toBeLessThan(1e-5);
        expect(record.predBoxes).toEqual(task === "detection" ? result_ort.pred_boxes : null);
      });
    }
  });
});

interface GoldenPicture {
  readonly id: string;
  readonly raw_score: { readonly ort: number };
  readonly result_ort: { readonly pred_score: number; readonly pred_boxes: readonly (readonly number[])[] };
}
