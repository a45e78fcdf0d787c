import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import { type BenchOptions, benchModel } from "./bench-model.js";

let folder = "";
let model = "";
let pictures: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-bench-"));
  model = await writeTinyModel(folder);
  pictures = [0, 20, 30].map((_, i) => join(folder, `${i}.png`));
  await Promise.all([0, 20, 30].map((patch, i) => writeTinyPicture(pictures[i]!, patch)));
});
afterAll(() => rm(folder, { recursive: true }));

describe("benchModel", () => {
  it("measures settings in turns, the later ones against the first", async () => {
    const seen: string[] = [];
    const bench = await benchModel(model, pictures, {
      settings: [
        { workers: 1, threads: 1 },
        { workers: 2, threads: 1 },
      ],
      starts: 1,
      rounds: 2,
      decoded: true,
      onProgress: (stage, done, total) => seen.push(`${stage} ${done}/${total}`),
    });
    expect(bench.pictures).toEqual({ count: 3, width: 80, height: 60 });
    expect(bench).toMatchObject({
      rounds: 2,
      perRound: { alone: 12, together: 48 },
      model: { path: model, profile: "anomalib-0.7" },
      fromSources: true,
    });
    expect(bench.model.bytes).toBeGreaterThan(100);
    const [first, second] = bench.settings;
    expect(first).toMatchObject({ setting: { workers: 1 }, ratios: null });
    for (const { alone, together, decoded, start, peakRss } of bench.settings) {
      expect([alone.rounds.length, together.rounds.length, decoded?.rounds.length]).toEqual([2, 2, 2]);
      expect(alone.ms.p50).toBeGreaterThan(0);
      expect(start.startMs).toBeGreaterThan(start.openMs);
      expect(peakRss).toBeGreaterThan(30e6);
    }
    expect(second?.ratios?.together.p50).toBeGreaterThan(0);
    expect([seen[0], seen.at(-1)]).toEqual(["start 0/2", "rounds 2/2"]);
    expect(seen).toContain("memory 2/2");
  }, 60_000);

  it("is content with few seconds, but not with fewer than three rounds", async () => {
    const bench = await benchModel(model, pictures, {
      settings: [{ threads: 1, workers: 1 }],
      starts: 1,
      seconds: 0.01,
    });
    expect(bench.rounds).toBe(3);
  }, 60_000);

  it.each<[string, unknown]>([
    ["starts", 0],
    ["rounds", 0],
    ["seconds", -1],
    ["settings", []],
    ["decoded", "yes"],
    ["onProgress", 1],
  ])("refuses a bad %s", async (name, value) => {
    const refused = benchModel(model, pictures, { [name]: value } as BenchOptions);
    await expect(refused).rejects.toMatchObject({ code: "OPTION_VALUE", subject: name });
  });

  it("refuses unknown options, no pictures, and stops at the signal", async () => {
    const unknown = benchModel(model, pictures, { round: 1 } as BenchOptions);
    await expect(unknown).rejects.toMatchObject({ code: "OPTION", subject: "round" });
    await expect(benchModel(model, [])).rejects.toMatchObject({ code: "NO_IMAGES" });
    const cancelled = benchModel(model, pictures, { signal: AbortSignal.timeout(1500) });
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
