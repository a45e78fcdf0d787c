import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";
import { BlemishError } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CSV_COLUMNS, csvHeader, csvLine, openCsv } from "./csv.js";
import { invalidLine } from "./result-line.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-csv-"));
});
afterAll(() => rm(folder, { recursive: true }));

const context = { path: 'odd, "name".png', model: "m.onnx", ms: null, thresholdGiven: false };
const line = invalidLine(new BlemishError("IMAGE_EMPTY", { subject: "x" }), context);

describe("csvLine", () => {
  it("quotes what needs it and leaves absent values empty", () => {
    expect(csvLine(line)).toBe('"odd, ""name"".png",invalid,,,,,,,,,,m.onnx,,,,IMAGE_EMPTY,');
    expect(csvHeader().split(",")).toHaveLength(CSV_COLUMNS.length);
  });
  it("names the rules that a picture breaks", () => {
    const evidence = (["size", "brightness", "place"] as const).map((rule, i) => ({
      rule,
      value: 1,
      low: 0,
      high: null,
      ok: i === 0,
    }));
    const error = new BlemishError("PICTURE_INVALID", { subject: "x", evidence });
    expect(csvLine(invalidLine(error, context))).toMatch(/,PICTURE_INVALID,brightness place$/);
  });
  it("counts regions and keeps boxes as JSON", () => {
    const region = {
      box: [0, 0, 1, 1],
      area: 2,
      peak: { value: 1, x: 0, y: 0 },
      centroid: { x: 0, y: 0 },
      mean: 1,
      extent: { length: 2, width: 2, angle: 0 },
      touchesBorder: true,
    } as const;
    const judged = {
      ...line,
      path: "a",
      predLabel: true,
      regions: [region],
      predBoxes: [region.box],
      error: null,
    };
    expect(csvLine(judged)).toBe('a,invalid,,,,,true,1,"[[0,0,1,1]]",,,m.onnx,,,,,');
  });
});

describe("openCsv", () => {
  it("makes the file appear whole at the end", async () => {
    const path = join(folder, "deep/er/result.csv");
    const csv = await openCsv(path, new PassThrough());
    await csv.write(line);
    expect(existsSync(path)).toBe(false);
    await csv.finish();
    expect(await readFile(path, "utf8")).toBe(`${csvHeader()}\n${csvLine(line)}\n`);
    expect(await readdir(join(folder, "deep/er"))).toEqual(["result.csv"]);
  });
  it("leaves nothing behind when discarded", async () => {
    const csv = await openCsv(join(folder, "gone/result.csv"), new PassThrough());
    await csv.write(line);
    await csv.discard();
    expect(await readdir(join(folder, "gone"))).toEqual([]);
  });
  it.skipIf(process.platform === "win32")("writes into a pipe, and leaves it where it is", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = promisify(execFile)("cat", [pipe]);
    const csv = await openCsv(pipe, new PassThrough());
    await csv.write(line);
    await csv.finish();
    expect((await reader).stdout).toBe(`${csvHeader()}\n${csvLine(line)}\n`);
    expect((await stat(pipe)).isFIFO()).toBe(true);
    await rm(pipe);
  });

  it("writes to standard output for -", async () => {
    const stdout = new PassThrough();
    const csv = await openCsv("-", stdout);
    await csv.write(line);
    await csv.finish();
    expect(String(stdout.read())).toBe(`${csvHeader()}\n${csvLine(line)}\n`);
  });
  it("refuses a place where it cannot write", async () => {
    await expect(openCsv("/dev/null/result.csv", new PassThrough())).rejects.toMatchObject({
      code: "OUTPUT_WRITE",
    });
    await expect(openCsv("/proc/result.csv", new PassThrough())).rejects.toMatchObject({
      code: "OUTPUT_WRITE",
    });
  });
});
