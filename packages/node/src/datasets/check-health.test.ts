import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatasetItem, type RgbImage, renderPart, resizeArea, resizeLinear } from "@blemish/core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeShared, sharedPath } from "../../../../tests/support/shared.js";
import { encodePng } from "../images/encode-png.js";
import { checkHealth } from "./check-health.js";
import { recognizeDataset } from "./recognize-dataset.js";

const GOODS = 12;
let folder = "";
const path = (name: string) => join(folder, name);
const item = (name: string, facts: Partial<DatasetItem> = {}): DatasetItem => ({
  path: path(name),
  label: "good",
  defect: "",
  split: null,
  mask: null,
  group: null,
  ...facts,
});
const goods = Array.from({ length: GOODS }, (_, seed) => `${seed}.png`);
const draw = (seed: number): RgbImage => renderPart("cloth", { seed, width: 96, height: 80 }).image;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-health-"));
  for (let seed = 0; seed < GOODS; seed++) await writeFile(path(`${seed}.png`), await encodePng(draw(seed)));
  const part = draw(100);
  const save = async (name: string, image: Parameters<typeof encodePng>[0]) =>
    writeFile(path(name), await encodePng(image));
  await copyFile(path("3.png"), path("copy.png"));
  await sharp(path("3.png")).png({ compressionLevel: 0 }).toFile(path("again.png"));
  await sharp(path("3.png")).tiff({ compression: "none" }).toFile(path("again.tif"));
  await sharp(path("3.png")).jpeg({ quality: 75 }).toFile(path("near.jpg"));
  await save("blurred.png", resizeLinear(resizeArea(part, 24, 20), 96, 80));
  await save("dark.png", { ...part, data: part.data.map((value) => value / 5) });
  await save("small.png", resizeArea(draw(101), 48, 40));
  await save("grey.png", { ...part, channels: 1, data: part.data.filter((_, i) => i % 3 === 1) });
  await save("mask.png", {
    width: 96,
    height: 80,
    channels: 1,
    data: new Uint8Array(96 * 80).fill(255, 0, 50),
  });
  await save("black.png", { width: 96, height: 80, channels: 1, data: new Uint8Array(96 * 80) });
  await copyFile(path("5.png"), path("cut.png"));
  await truncate(path("cut.png"), 4000);
  await writeFile(path("empty.png"), "");
});
afterAll(() => rm(folder, { recursive: true }));

async function check(...extra: DatasetItem[]) {
  const report = await checkHealth([...goods.map((name) => item(name)), ...extra]);
  const found = report.findings.map(({ kind, severity, paths }) => [
    kind,
    severity,
    ...paths.map((one) => one.slice(folder.length + 1)),
  ]);
  return { report, found };
}

describe("checkHealth", () => {
  it("finds nothing wrong with different goods, and lists their files", async () => {
    const { report, found } = await check();
    expect(found).toEqual([]);
    const sha256 = createHash("sha256")
      .update(await readFile(path("7.png")))
      .digest("hex");
    expect(report.pictures).toBe(GOODS);
    expect(report.files.map((file) => file.path)).toEqual(goods.map(path));
    expect(report.files[7]).toEqual({ path: path("7.png"), sha256, width: 96, height: 80 });
  });

  it.each([
    ["a copy", "copy.png", [["duplicate", "warning", "3.png", "copy.png"]]],
    ["the same pixels in another PNG", "again.png", [["duplicate", "warning", "3.png", "again.png"]]],
    ["the same pixels in another format", "again.tif", [["duplicate", "warning", "3.png", "again.tif"]]],
    ["a picture saved again", "near.jpg", [["near-duplicate", "warning", "3.png", "near.jpg"]]],
    ["a blurred one", "blurred.png", [["blur", "warning", "blurred.png"]]],
    ["a dark one", "dark.png", [["exposure", "warning", "dark.png"]]],
    ["a small one", "small.png", [["sizes", "note", "small.png"]]],
    ["a grey one", "grey.png", [["pixels", "warning", "grey.png"]]],
    ["one that is cut off", "cut.png", [["unreadable", "error", "cut.png"]]],
    ["an empty file", "empty.png", [["unreadable", "error", "empty.png"]]],
    ["one that is gone", "gone.png", [["unreadable", "error", "gone.png"]]],
  ])("finds %s", async (_, name, wanted) => {
    const { found, report } = await check(item(name));
    expect(found).toEqual(wanted);
    const read = wanted[0]![0] !== "unreadable";
    expect(report.findings[0]!.thumbnails.length > 0).toBe(read);
    expect(report.files).toHaveLength(read ? GOODS + 1 : GOODS);
  });

  it("finds pictures on both sides of the split, exactly and nearly", async () => {
    const train = goods.map((name) => item(name, { split: "train" }));
    for (const [name, kind] of [
      ["copy.png", "train-and-test"],
      ["again.tif", "train-and-test"],
      ["near.jpg", "near-train-and-test"],
    ] as const) {
      const { findings } = await checkHealth([...train, item(name, { split: "test" })]);
      expect(findings.map((one) => one.kind)).toEqual([kind]);
      expect(findings[0]!.paths).toEqual([path("3.png"), path(name)]);
    }
  });

  it("finds masks that are empty, of another size, or unreadable", async () => {
    const bad = (mask: string) => item("blurred.png", { label: "anomalous", defect: "x", mask: path(mask) });
    expect((await check(bad("mask.png"))).found).toEqual([]);
    expect((await check(bad("black.png"))).found).toEqual([["mask", "warning", "blurred.png"]]);
    for (const mask of ["small.png", "cut.png", "gone.png"]) {
      expect((await check(bad(mask))).found).toEqual([["mask", "error", "blurred.png"]]);
    }
    const { report } = await check(bad("small.png"));
    expect(report.findings[0]!.message).toMatch(/expected 96 × 80 pixels as the picture, found 48 × 40/);
  });

  it("gives plain data", async () => {
    const { report } = await check(item("copy.png"), item("cut.png"));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("stands no pictures, one, and all the same", async () => {
    expect(await checkHealth([])).toEqual({ pictures: 0, findings: [], files: [] });
    expect((await checkHealth([item("0.png")])).findings).toEqual([]);
    const { findings } = await checkHealth([item("3.png"), item("copy.png")]);
    expect(findings).toMatchObject([
      { kind: "duplicate", severity: "error", message: "All 2 pictures are the same file." },
    ]);
  });

  it("tells progress, and stops when it is told to", async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const onProgress = (done: number, total: number) => {
      seen.push(done);
      expect(total).toBe(GOODS);
      if (done === 3) controller.abort();
    };
    const items = goods.map((name) => item(name));
    const run = checkHealth(items, { onProgress, signal: controller.signal });
    await expect(run).rejects.toMatchObject({ code: "CANCELLED" });
    expect(seen).toEqual([1, 2, 3]);
    await expect(checkHealth(items, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });
});

describeShared("real data sets", ["data/mvtec-bottle-256", "data/dobot-cubes"], () => {
  it.each(["mvtec-bottle-256", "dobot-cubes"])("%s raises no false alarm", async (name) => {
    const { items } = await recognizeDataset([sharedPath("data", name)]);
    const { findings, files } = await checkHealth(items);
    expect(findings).toEqual([]);
    expect(files).toHaveLength(items.length);
  });

  it("a bottle among the training pictures of which a JPEG is tested is found", async () => {
    const { items } = await recognizeDataset([sharedPath("data/mvtec-bottle-256")]);
    await sharp(items.find(({ split }) => split === "train")!.path)
      .jpeg({ quality: 60 })
      .toFile(path("bottle.jpg"));
    const { findings } = await checkHealth([...items, item("bottle.jpg", { split: "test" })]);
    expect(findings.map(({ kind, paths }) => [kind, paths.length])).toEqual([["near-train-and-test", 2]]);
  });
});
