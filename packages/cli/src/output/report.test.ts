import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { BlemishError } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openReport } from "./report.js";
import { invalidLine } from "./result-line.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-report-"));
});
afterAll(() => rm(folder, { recursive: true }));

const error = new BlemishError("IMAGE_EMPTY", { subject: "a.png" });
const line = invalidLine(error, { path: "a.png", model: "m", ms: null, thresholdGiven: false });
const batch = { strict: false, total: 1 };
const streams = () => ({ stdout: new PassThrough(), stderr: new PassThrough() });

describe("openReport", () => {
  it.each([
    ["a line for people", { json: false, csv: null, quiet: false }, /^invalid {4}a\.png is empty/],
    ["JSON lines", { json: true, csv: null, quiet: false }, /^\{"schemaVersion":1,.*\}\n$/],
    ["CSV", { json: false, csv: "-", quiet: false }, /^path,verdict,.*\na\.png,invalid,.*IMAGE_EMPTY,\n$/],
  ])("writes %s on standard output and nothing else", async (_name, options, expected) => {
    const terminal = streams();
    const report = await openReport(options, batch, terminal);
    await report.add(line);
    await report.finish();
    expect(String(terminal.stdout.read())).toMatch(expected);
    expect(terminal.stderr.read()).toBeNull();
    expect(report.counts()).toMatchObject({ good: 0, anomalous: 0, invalid: 1 });
  });

  it("writes a CSV file beside the lines for people, and none when discarded", async () => {
    for (const end of ["finish", "discard"] as const) {
      const csv = join(folder, `${end}.csv`);
      const terminal = streams();
      const report = await openReport({ json: false, csv, quiet: false }, batch, terminal);
      await report.add(line);
      await report[end]();
      expect(String(terminal.stdout.read())).toContain("a.png is empty");
      expect(existsSync(csv)).toBe(end === "finish");
    }
    expect(await readFile(join(folder, "finish.csv"), "utf8")).toContain("a.png,invalid");
  });
});
