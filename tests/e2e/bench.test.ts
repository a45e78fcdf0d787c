/** `blemish bench` as a process, on a small made-up model: what it prints, what it refuses, and Ctrl-C. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel, writeTinyPicture } from "../support/tiny-model.js";

const root = resolve(import.meta.dirname, "../..");
const node = ["--conditions=blemish-source", "--import", "tsx", join(root, "packages/cli/src/main.ts")];

let folder = "";
let model = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-e2e-bench-"));
  model = await writeTinyModel(folder);
  await writeTinyPicture(join(folder, "a.png"), 20);
  await writeTinyPicture(join(folder, "b.png"), 0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function bench(args: readonly string[], started: (child: ChildProcess) => void = () => {}) {
  const child = spawn(process.execPath, [...node, "bench", ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started(child);
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (text.out += chunk));
  child.stderr.on("data", (chunk) => (text.err += chunk));
  return new Promise<{ code: number | null; out: string; err: string }>((done) =>
    child.on("close", (code) => done({ code, ...text })),
  );
}

describe("blemish bench", () => {
  it("prints its figures as one JSON object, from a start in a process of its own to the last round", async () => {
    const run = await bench([model, folder, "--workers", "1", "--rounds", "2", "--json", "--quiet"]);
    expect(run).toMatchObject({ code: 0, err: "" });
    const { schemaVersion, rounds, pictures, settings } = JSON.parse(run.out);
    expect({ schemaVersion, rounds, pictures }).toEqual({
      schemaVersion: 1,
      rounds: 2,
      pictures: { count: 2, width: 80, height: 60 },
    });
    const [{ alone, together, start, peakRss }] = settings;
    expect(alone.ms.p50).toBeGreaterThan(0);
    expect(alone.ms.p95).toBeGreaterThanOrEqual(alone.ms.p50);
    expect(together.perSecond.p50).toBeGreaterThan(0);
    expect(start.startMs).toBeGreaterThan(start.openMs);
    expect(peakRss).toBeGreaterThan(30e6);
  }, 60_000);

  it("refuses what it does not know", async () => {
    const runs = await Promise.all([
      bench([model, folder, "--round", "2"]),
      bench([model, folder, "--compare", "colour=red,blue"]),
      bench([model]),
      bench([join(folder, "none.onnx"), folder]),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([64, 64, 64, 2]);
    expect(runs.map(({ out }) => out)).toEqual(["", "", "", ""]);
    expect(runs[0]?.err).toContain("--rounds");
    expect(runs[3]?.err).toContain("[MODEL_NOT_FOUND]");
  }, 30_000);

  it("ends with 130 after Ctrl-C", async () => {
    const run = await bench([model, folder, "--seconds", "600"], (child) =>
      setTimeout(() => child.kill("SIGINT"), 3000),
    );
    expect(run).toMatchObject({ code: 130, out: "", err: expect.stringContaining("[CANCELLED]") });
  }, 30_000);
});
