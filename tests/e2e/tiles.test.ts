/** A large input in tiles, from the command's options to the map: as if the network had seen it whole. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FloatMap, type PassManifest, renderPart, type TrainedModelFile } from "@blemish/core";
import { encodePng, open, readTrainedModel, saveModel, trainModel } from "@blemish/node";
import { afterAll, beforeAll, expect, it } from "vitest";

const SIZE = { width: 576, height: 448 };
const GOODS = 6;
let folder: string;
let goods: string[];
const at = (name: string) => join(folder, name);
const part = (seed: number, bad = false) =>
  renderPart("cap", {
    seed,
    ...SIZE,
    ...(bad && { defect: { type: "missing" as const, size: 0.2, contrast: 1 } }),
  }).image;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-tiles-"));
  goods = Array.from({ length: GOODS }, (_, i) => at(`${i}.png`));
  for (const [seed, path] of goods.entries()) await writeFile(path, await encodePng(part(seed)));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a model says of a part with a piece missing. */
async function judge(name: string, model: TrainedModelFile) {
  await saveModel(at(name), model);
  const opened = await open(at(name), { workers: 1 });
  const { verdict, rawScore, rawMap, regions } = await opened.predict(part(90, true));
  await opened.close();
  return { verdict, rawScore: rawScore as number, map: rawMap as FloatMap, regions };
}

/** The largest difference of two maps, as a share of the second one's range. */
function difference(one: FloatMap, other: FloatMap): number {
  const gaps = one.data.map((value, i) => Math.abs(value - (other.data[i] as number)));
  return Math.max(...gaps) / (Math.max(...other.data) - Math.min(...other.data));
}

it("trains and judges as the whole input does, and repeats its tiles when pictures are added", async () => {
  const options = { fit: "native", tile: 384, workers: 1, falseAlarmRate: 0.2 } as const;
  const { model } = await trainModel(goods, options);
  const { passes, training } = model.manifest;
  expect(passes[0]).toMatchObject({ size: SIZE, tiles: { size: 384, margin: 160 } });
  expect(passes[1]).not.toHaveProperty("tiles");
  expect(training.options).toMatchObject({ tile: 384, tileMargin: 160 });

  /** The same model with other tiles of its first input, or none. */
  const cut = (tiles?: { size: number; margin: number }): TrainedModelFile => {
    const [{ tiles: _, ...first }, ...others] = passes as [PassManifest];
    const changed = [{ ...first, ...(tiles && { tiles }) }, ...others];
    return { ...model, manifest: { ...model.manifest, passes: changed } };
  };
  const tiled = await judge("tiled.blemish", model);
  const whole = await judge("whole.blemish", cut());
  expect(tiled.verdict).toBe("anomalous");
  expect(whole.verdict).toBe("anomalous");
  expect(difference(tiled.map, whole.map)).toBeLessThan(1e-3);
  expect(tiled.regions.map(({ box }) => box)).toEqual(whole.regions.map(({ box }) => box));

  // Tiles that know nothing of each other show where they meet.
  const seams = await judge("seams.blemish", cut({ size: 288, margin: 0 }));
  expect(difference(seams.map, whole.map)).toBeGreaterThan(1e-3);

  const more = await trainModel([], {
    addTo: await readTrainedModel(at("tiled.blemish")),
    workers: 1,
  });
  expect(more.model.scores).toEqual(model.scores);
  expect(more.model.manifest.passes).toEqual(passes);
}, 240_000);

it("gives PaDiM its Gaussians on the large grid", async () => {
  const options = { fit: "native", tile: 384, head: "padim", channels: 16, workers: 1 } as const;
  const { model } = await trainModel(goods, options);
  expect(model.manifest.passes).toMatchObject([
    { tiles: { size: 384 }, detectors: [{ head: { kind: "padim" }, grid: { width: 36, height: 28 } }] },
  ]);
  expect((await judge("padim.blemish", model)).map.width).toBe(288);
}, 120_000);

it("keeps one Gaussian for all places, however many tiles there are", async () => {
  const options = { fit: "native", tile: 384, head: "padim", statistics: "shared", workers: 1 } as const;
  const { model } = await trainModel(goods, options);
  const [detector] = model.detectors;
  if (detector?.head.kind !== "padim") throw new Error("no Gaussian");
  const { gaussians, fit } = detector.head;
  expect(fit).toMatchObject({ pool: "all", count: GOODS });
  expect(gaussians).toMatchObject({ shared: true, cells: 36 * 28 });
  expect(gaussians.mean).toHaveLength(8 * gaussians.channels);
  const { passes } = model.manifest;
  const whole = { ...model.manifest, passes: passes.map(({ tiles: _, ...pass }) => pass) };
  const tiled = await judge("shared.blemish", model);
  const once = await judge("shared-whole.blemish", { ...model, manifest: whole });
  expect(tiled.rawScore).toBeGreaterThan(Math.max(...model.scores));
  expect(difference(tiled.map, once.map)).toBeLessThan(1e-3);
}, 120_000);
