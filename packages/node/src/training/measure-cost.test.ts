import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderPart } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../images/encode-png.js";
import { measureCost } from "./measure-cost.js";
import type { TrainOptions } from "./train-options.js";
import { planTraining } from "./training-plan.js";

let folder = "";
let paths: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-cost-"));
  paths = [0, 1, 2].map((i) => join(folder, `${i}.png`));
  for (const [seed, path] of paths.entries())
    await writeFile(path, await encodePng(renderPart("cap", { seed, width: 64, height: 64 }).image));
});
afterAll(() => rm(folder, { recursive: true }));

/** A plan for so many pictures, of which the three are looked at. */
const costOf = async (options: TrainOptions, pictures = MANY) => {
  const planned = Array.from({ length: pictures }, (_, i) => paths[i % paths.length]!);
  return measureCost(paths, await planTraining(planned, { size: 64, ...options }), options);
};

/** Pictures whose patches are more than any bank is drawn from at once. */
const MANY = 6000;

// How near the figures come is measured in bench/; here: which parts of the work each head has.
describe("measureCost", () => {
  it("knows that PaDiM takes a single round and a fit, and selects nothing", async () => {
    const cost = await costOf({ head: "padim" });
    expect(cost).toMatchObject({ refine: 0, select: 0, thumbnails: 0 });
    for (const part of ["embed", "gather", "fit", "score"] as const) expect(cost[part]).toBeGreaterThan(0);
  });

  it("knows that PatchCore compares all patches with the bank, and selects it, and fits nothing", async () => {
    const cost = await costOf({ head: "patchcore" });
    expect(cost).toMatchObject({ gather: 0, fit: 0 });
    for (const part of ["embed", "refine", "select", "score"] as const) expect(cost[part]).toBeGreaterThan(0);
  });

  it("has the parts of both for the fusion", async () => {
    const cost = await costOf({});
    for (const part of ["embed", "gather", "refine", "fit", "select", "score"] as const) {
      expect(cost[part]).toBeGreaterThan(0);
      expect(cost[part]).toBeLessThan(60);
    }
  });

  it("knows that few pictures are selected from in one round", async () => {
    const [few, many] = [await costOf({ head: "patchcore" }, 3), await costOf({ head: "patchcore" })];
    expect(few.refine).toBe(0);
    expect(few.select).toBeGreaterThan(0);
    expect(many.select).toBeGreaterThan(10 * few.select);
  });

  it("counts the thumbnails that fit, and no more than there are pictures", async () => {
    const thumbnails = async (bytes: number, pictures: number) =>
      (await costOf({ head: "padim", thumbnails: bytes }, pictures)).thumbnails;
    expect(await thumbnails(0, 60)).toBe(0);
    const [some, all] = [await thumbnails(2000, 6000), await thumbnails(1e7, 6000)];
    expect(some).toBeGreaterThan(0);
    expect(all).toBeGreaterThan(10 * some);
    expect(await thumbnails(1e7, 6)).toBeLessThan(all / 10);
  });

  it("grows with the bank", async () => {
    const [small, large] = [await costOf({ bank: 64 }), await costOf({ bank: 65_536 })];
    expect(large.select).toBeGreaterThan(10 * small.select);
  });

  it("stops when asked to, names a missing picture, and measures nothing without pictures", async () => {
    await expect(costOf({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "CANCELLED" });
    const plan = await planTraining(paths, { size: 64 });
    await expect(measureCost(["gone.png"], plan, {})).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    expect(await measureCost([], plan, {})).toMatchObject({ gather: 0, fit: 0, select: 0 });
  });
});
