import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSynthSet } from "../datasets/write-synth-set.js";
import { findImages } from "../images/find-images.js";
import { checkMemory, forecastTraining, type TrainingForecast } from "./forecast.js";
import { saveModel } from "./save-model.js";
import { trainModel } from "./train-model.js";

let folder = "";
let goods: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-forecast-"));
  const set = { seed: 1, train: 12, testGood: 0, testBad: 0, width: 64, height: 64 };
  await writeSynthSet("washer", folder, { ...set, workers: 1 });
  goods = (await findImages([folder])).map(({ path }) => path);
});
afterAll(() => rm(folder, { recursive: true }));

const options = { size: 64, workers: 1 };

/** Bytes that a training of so many pictures would take. */
async function neededFor(pictures: number): Promise<number> {
  const paths = Array.from({ length: pictures }, (_, i) => `${i}.png`);
  return (await forecastTraining(paths, { ...options, maxMemory: 1 })).memory;
}

describe("forecastTraining", () => {
  it("foretells the model's size, and a time that does not belong to another world", async () => {
    const forecast = await forecastTraining(goods, options);
    const started = performance.now();
    const { model } = await trainModel(goods, options);
    const seconds = (performance.now() - started) / 1000;
    const bytes = await saveModel(join(folder, "part.blemish"), model);
    expect(Math.abs(forecast.modelBytes / bytes - 1)).toBeLessThan(0.02);
    expect(forecast).toMatchObject({ pictures: 12, sizes: [64], proposal: null });
    // How near it comes is measured in bench/; a test on a busy machine only sees the order of magnitude.
    const { expected, low, high } = forecast.time as NonNullable<TrainingForecast["time"]>;
    expect(expected / seconds).toBeGreaterThan(0.1);
    expect(expected / seconds).toBeLessThan(10);
    expect(low).toBeCloseTo(0.7 * expected, 6);
    expect(high).toBeCloseTo(1.3 * expected, 6);
  });

  it("takes longer for more pictures and more memory for more cells", async () => {
    const few = await forecastTraining(goods.slice(0, 3), options);
    const many = await forecastTraining(Array.from({ length: 200 }, () => goods).flat(), options);
    expect(many.time!.expected).toBeGreaterThan(2 * few.time!.expected);
    // Embeddings are kept between the rounds, and patches drawn for the bank, up to a bound: then only the list of files grows.
    const [more, most] = await Promise.all([12_000, 120_000].map(neededFor));
    expect(most! - more!).toBeLessThan(3 * 180 * 108_000);
    const large = await forecastTraining(goods.slice(0, 3), { ...options, size: 256 });
    expect(large.memory).toBeGreaterThan(few.memory + 50e6);
  });

  it("counts tiles: the network's memory is that of one, and PaDiM's that of the whole grid", async () => {
    const names = ["0.png", "1.png", "2.png"];
    const ask = (more: object) => forecastTraining(names, { workers: 1, maxMemory: 1, ...more });
    const large = { size: { width: 4000, height: 2976 } };
    const tiled = await ask({ ...large, tile: 1024 });
    const whole = await ask({ ...large, head: "patchcore" });
    expect(tiled).toMatchObject({ tiles: { size: 1024, margin: 160, count: 24 }, time: null });
    expect(tiled.memory).toBeLessThan(1.4e9);
    expect(whole.memory).toBeGreaterThan(3 * tiled.memory);
    expect("tiles" in whole).toBe(false);
    expect((await ask({ size: 512, tile: 512 })).tiles).toBeNull();
    const padim = await ask({ ...large, tile: 1024, head: "padim" });
    expect(padim.memory).toBeGreaterThan(4e9);
    expect(() => checkMemory(padim)).toThrow(
      expect.objectContaining({ found: expect.stringContaining("MB") }),
    );
    // Four gigabytes are the most that kernels can address, however much there is.
    const rich = await ask({ ...large, tile: 1024, head: "padim", maxMemory: 64e9 });
    expect(rich).toMatchObject({ time: null, proposal: "--channels 64" });
    expect(() => checkMemory(rich)).toThrow(
      expect.objectContaining({
        code: "MEMORY",
        expected: "at most 4295 MB for PaDiM's statistics",
        found: expect.stringContaining("--channels 64 would fit"),
      }),
    );
    const shared = await ask({ ...large, tile: 1024, head: "padim", statistics: "shared" });
    expect(shared.memory).toBeLessThan(1.1e9);
    const { proposal } = await ask({ ...large, tile: 1024, head: "padim", maxMemory: shared.memory });
    expect(proposal).toBe("--statistics shared");
    expect((await ask({ ...large, tile: 1024, maxMemory: tiled.memory - 1 })).proposal).toBe("--tile 768");
    expect((await ask({ ...large, tile: 1024 })).proposal).toBeNull();
  });

  it("measures nothing when the memory does not suffice, and proposes the largest size that fits", async () => {
    const full = await forecastTraining(goods, { size: 512, workers: 1 });
    const maxMemory = full.memory - 1;
    const missing = goods.map((_, i) => `no such file ${i}.png`);
    const forecast = await forecastTraining(missing, { size: 512, workers: 1, maxMemory });
    expect(forecast.time).toBeNull();
    expect(forecast.proposal).toBe("--size 480");
    expect(() => checkMemory(forecast)).toThrow(
      expect.objectContaining({ code: "MEMORY", found: expect.stringContaining("--size 480 would fit") }),
    );
    expect((await forecastTraining(goods, { size: 480, workers: 1, maxMemory })).time).not.toBeNull();
    const none = await forecastTraining(goods, { ...options, maxMemory: 1e6 });
    expect(none.proposal).toBeNull();
    expect(() => checkMemory(none)).toThrow(expect.objectContaining({ code: "MEMORY" }));
  });

  it("proposes a smaller share of Anomalib's bank where that fits", async () => {
    const many = Array.from({ length: 400 }, () => goods).flat();
    const options = { profile: "anomalib-0.7", head: "patchcore", size: 64, workers: 1 } as const;
    const forecastWith = (coreset: number, maxMemory: number) =>
      forecastTraining(many, { ...options, coreset, maxMemory });
    const [{ memory: large }, { memory: small }] = await Promise.all([
      forecastWith(1, 1),
      forecastWith(0.01, 1),
    ]);
    expect(large).toBeGreaterThan(small);
    expect((await forecastWith(1, small)).proposal).toMatch(/^--coreset 0\.(0\d|1)$/);
  });

  it("proposes the next quality that fits where no size was asked for", async () => {
    const need = async (quality: "fast" | "balanced" | "accurate") =>
      (await forecastTraining(goods, { quality, workers: 1, maxMemory: 1 })).memory;
    const [fast, balanced, accurate] = [await need("fast"), await need("balanced"), await need("accurate")];
    expect(fast).toBeLessThan(balanced);
    expect(balanced).toBeLessThan(accurate);
    const proposalAt = async (maxMemory: number) =>
      (await forecastTraining(goods, { quality: "accurate", workers: 1, maxMemory })).proposal;
    expect(await proposalAt(accurate - 1)).toBe("--quality balanced");
    expect(await proposalAt(balanced - 1)).toBe("--quality fast");
    expect(await proposalAt(fast - 1)).toBeNull();
    const tight = await forecastTraining(goods, { workers: 1, maxMemory: balanced - 1 });
    expect(tight).toMatchObject({ sizes: [320], time: null, proposal: "--quality fast" });
    const both = await forecastTraining(goods, { quality: "accurate", workers: 1, maxMemory: 1 });
    expect(() => checkMemory(both)).toThrow(/512 × 512 and 256 × 256 pixels.*MEMORY/);
  });

  it("counts the refits of a precise threshold", async () => {
    const plain = await forecastTraining(goods, options);
    const precise = await forecastTraining(goods, { ...options, threshold: "precise" });
    expect(precise.time!.expected).toBeGreaterThan(plain.time!.expected);
    expect(precise.memory).toBeGreaterThanOrEqual(plain.memory);
  });

  it("lets a training that fits go on", async () =>
    expect(() =>
      checkMemory({ memory: 5, kernelMemory: 5, available: 5, sizes: [64] } as unknown as TrainingForecast),
    ).not.toThrow());

  it("foretells a training that adds to a model by that model's recipe", async () => {
    const { model: addTo } = await trainModel(goods.slice(0, 6), { ...options, keepStatistics: true });
    const forecast = await forecastTraining(goods.slice(6), { addTo, workers: 1 });
    expect(forecast).toMatchObject({ pictures: 12, sizes: [64] });
    const fresh = await forecastTraining(goods, { ...options, keepStatistics: true });
    expect(forecast.modelBytes).toBe(fresh.modelBytes);
    // A merged model brings pictures though none is given: they are measured all the same.
    const { model: other } = await trainModel(goods.slice(4), options);
    const merged = await forecastTraining([], { addTo, merge: [other], workers: 1 });
    expect(merged).toMatchObject({ pictures: 12, sizes: [64], modelBytes: fresh.modelBytes });
    expect(merged.time!.expected).toBeGreaterThan(1.05);
  });

  it("says what is wrong with its options and stops when asked to", async () => {
    await expect(forecastTraining(goods, { size: 65 })).rejects.toMatchObject({ code: "OPTION_VALUE" });
    const signal = AbortSignal.abort();
    await expect(forecastTraining(goods, { ...options, signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });
});
