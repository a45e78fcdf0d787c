import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PixelArray, renderPart, type TrainedModelFile, writeModelFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../images/encode-png.js";
import type { Model } from "../model/model.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { trainModel } from "../training/train-model.js";
import { measureSensitivity } from "./measure-sensitivity.js";

let folder = "";
let model: Model;
let trained: TrainedModelFile;
let training: string[] = [];
let goods: string[] = [];

/** Generated parts of 64 × 64 pixels. */
async function partsOf(name: string, first: number, count: number): Promise<string[]> {
  await mkdir(join(folder, name));
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const path = join(folder, name, `${i}.png`);
      const { image } = renderPart("cap", { seed: first + i, width: 64, height: 64 });
      await writeFile(path, await encodePng(image));
      return path;
    }),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-sensitivity-"));
  training = await partsOf("train", 0, 12);
  goods = await partsOf("goods", 500, 4);
  const options = { size: 64, workers: 1, turned: false, falseAlarmRate: 0.1, validity: false } as const;
  ({ model: trained } = await trainModel(training, options));
  const path = join(folder, "cap.blemish");
  await writeFile(path, writeModelFile(trained, sha256));
  model = await open(path);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

const SMALL = { sizes: [3, 8, 24], contrasts: [0.05, 0.6], places: 8, types: ["foreign", "stain"] } as const;

/** A model that sees whatever differs from 100 grey by more than 20, and says so. */
function seeing(judge: (pixels: PixelArray) => { predLabel: boolean; marked: readonly number[] }): Model {
  const flat = new Uint8Array(3 * 32 * 32).fill(100);
  const resultOf = (source: PixelArray | string) => {
    const pixels =
      typeof source === "string" ? { data: flat, width: 32, height: 32, channels: 3 as const } : source;
    const { predLabel, marked } = judge(pixels);
    const data = new Uint8Array(32 * 32);
    for (const at of marked) data[at] = 1;
    const predMask = { width: 32, height: 32, channels: 1 as const, data };
    return { predLabel, predMask, width: 32, height: 32, rawMap: null, anomalyMap: null, regions: marked };
  };
  return {
    description: { profile: "blemish" },
    async *predictMany(sources: AsyncIterable<PixelArray | string>) {
      let index = 0;
      for await (const source of sources) yield { source, index: index++, result: resultOf(source) };
    },
  } as unknown as Model;
}

const changed = ({ data }: PixelArray) =>
  Array.from({ length: 32 * 32 }, (_, i) => i).filter((i) => Math.abs(data[3 * i]! - 100) > 20);

describe("measureSensitivity", () => {
  let grey: string[] = [];
  beforeAll(async () => {
    grey = [join(folder, "grey.png"), join(folder, "also.png")];
    const image = {
      width: 32,
      height: 32,
      channels: 3 as const,
      data: new Uint8Array(3 * 32 * 32).fill(100),
    };
    for (const path of grey) await writeFile(path, await encodePng(image));
  });
  const ALL = { sizes: [4, 8], contrasts: [0.05, 0.5], places: 36, types: ["dent", "foreign"] } as const;

  it("counts what is called anomalous and marked there, and only that", async () => {
    const honest = await measureSensitivity(
      seeing((pixels) => ({ predLabel: changed(pixels).length > 0, marked: changed(pixels) })),
      grey,
      ALL,
    );
    const [all] = honest.groups;
    expect(all!.cells.map(({ contrast, found, tried }) => [contrast, found, tried])).toEqual([
      [0.05, 0, 72],
      [0.5, 72, 72],
      [0.05, 0, 72],
      [0.5, 72, 72],
    ]);
    expect(all!.limits).toEqual([
      { contrast: 0.05, size: null },
      { contrast: 0.5, size: 4 },
    ]);
    expect(honest).toMatchObject({ pictures: 2, width: 32, height: 32, known: 0, failed: [], invalid: 0 });
    expect(honest.untouched).toMatchObject({ judged: 2, alarms: 0 });
    // Marked in the corner whatever there is, or marked where it is and called good: nothing is found.
    for (const judge of [
      () => ({ predLabel: true, marked: [0] }),
      (pixels: PixelArray) => ({ predLabel: false, marked: changed(pixels) }),
      // Marked everywhere, with a defect and without.
      () => ({ predLabel: true, marked: Array.from({ length: 32 * 32 }, (_, i) => i) }),
    ]) {
      const { groups } = await measureSensitivity(seeing(judge), grey, ALL);
      expect(groups.flatMap(({ cells }) => cells).every(({ found }) => found === 0)).toBe(true);
    }
    const blind = await measureSensitivity(
      seeing(() => ({ predLabel: true, marked: [0] })),
      grey,
      ALL,
    );
    expect(blind.untouched).toMatchObject({ judged: 2, alarms: 2 });
  });

  it("finds larger and stronger defects not less often, and says the same again", async () => {
    const told: string[] = [];
    const onProgress = (done: number, total: number) => void told.push(`${done}/${total}`);
    const found = await measureSensitivity(model, goods, { ...SMALL, onProgress });
    expect(await measureSensitivity(model, goods, SMALL)).toEqual(found);
    expect(told.at(-1)).toBe("96/96");
    const [all] = found.groups;
    const at = (size: number, contrast: number) =>
      all!.cells.find((cell) => cell.size === size && cell.contrast === contrast)!.found;
    expect(found.groups.map(({ name }) => name)).toEqual(["", "foreign", "stain"]);
    expect(at(24, 0.6)).toBeGreaterThanOrEqual(14);
    expect(at(3, 0.05)).toBeLessThan(8);
    // Two of sixteen may differ by chance.
    for (const contrast of SMALL.contrasts)
      expect(at(24, contrast)).toBeGreaterThanOrEqual(at(3, contrast) - 2);
    for (const size of SMALL.sizes) expect(at(size, 0.6)).toBeGreaterThanOrEqual(at(size, 0.05) - 2);
  });

  it("leaves out pictures of the training, and refuses when no other is left", async () => {
    const learnt = trained.manifest.training.files;
    const mixed = await measureSensitivity(model, [...goods, training[3]!], { ...SMALL, learnt, places: 1 });
    expect(mixed).toMatchObject({ known: 1, pictures: 1 });
    const refused = measureSensitivity(model, training, { learnt });
    await expect(refused).rejects.toThrow(/12 pictures.*not learnt from.*SENSITIVITY_PICTURES/);
  });

  it("goes on without pictures that cannot be judged, and refuses when there is none at all", async () => {
    const broken = join(folder, "broken.png");
    await writeFile(broken, "no picture");
    const found = await measureSensitivity(model, [broken, ...goods], { ...SMALL, places: 2 });
    expect(found).toMatchObject({ failed: [broken], pictures: 2, untouched: { judged: 4 } });
    await expect(measureSensitivity(model, [broken])).rejects.toThrow(/SENSITIVITY_PICTURES/);
    await expect(measureSensitivity(model, [])).rejects.toThrow(/no pictures.*SENSITIVITY_PICTURES/);
  });

  it("refuses sizes that the pictures have no room for, and ends with its signal", async () => {
    await expect(measureSensitivity(model, goods, { sizes: [8, 80] })).rejects.toThrow(
      /from 1 to 62.*64 × 64.*80.*OPTION_VALUE/,
    );
    await expect(measureSensitivity(model, goods, { contrasts: [2] })).rejects.toThrow(/OPTION_VALUE/);
    const stop = new AbortController();
    const running = measureSensitivity(model, goods, {
      ...SMALL,
      signal: stop.signal,
      onProgress: (done) => done === 5 && stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
