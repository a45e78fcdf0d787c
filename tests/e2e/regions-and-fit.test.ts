/** Regions of interest and fit policies with the embedded backbone: from training to prediction. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ImageResult,
  judgedArea,
  type RecipeOptions,
  type RgbImage,
  renderPart,
  seededRandom,
  writeModelFile,
} from "@blemish/core";
import { encodePng, type Model, open, trainModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../packages/node/src/sha256.js";

const SIZE = { width: 120, height: 90 };
/** Not in the middle, so that a copy that is turned without its region would be seen. */
const CIRCLE = { type: "circle", x: 52, y: 46, radius: 36 } as const;
const REGION = {
  include: [CIRCLE],
  ignore: [{ type: "rectangle", x: 40, y: 70, width: 30, height: 12 }],
} as const;

let folder: string;
let goods: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-regions-"));
  goods = Array.from({ length: 6 }, (_, i) => join(folder, `${i}.png`));
  for (const [seed, path] of goods.entries()) await writeFile(path, await encodePng(part(seed)));
});
afterAll(() => rm(folder, { recursive: true }));

function part(seed: number): RgbImage {
  return renderPart("cap", { seed, ...SIZE }).image;
}

const SMALL = { size: 96, workers: 1, falseAlarmRate: 0.2 } as const;

async function trained(options: RecipeOptions): Promise<Model> {
  const { size, ...rest } = SMALL;
  const { model } = await trainModel(goods, {
    ...rest,
    ...(options.fit === "native" ? {} : { size }),
    ...options,
  });
  const path = join(folder, `${JSON.stringify(options).length}-${Math.random()}.blemish`);
  await writeFile(path, writeModelFile(model, sha256));
  return open(path);
}

/** The picture with noise farther outside of what is judged than the margin. */
function noisyOutside(image: RgbImage, judged: Uint8Array, margin: number, seed: number): RgbImage {
  const random = seededRandom(seed);
  const data = image.data.slice();
  const { width, height } = image;
  const isNear = (x: number, y: number) => {
    for (let v = Math.max(0, y - margin); v <= Math.min(height - 1, y + margin); v++)
      for (let u = Math.max(0, x - margin); u <= Math.min(width - 1, x + margin); u++)
        if (judged[v * width + u] === 1) return true;
    return false;
  };
  for (let at = 0; at < width * height; at++)
    if (!isNear(at % width, Math.floor(at / width)))
      for (let c = 0; c < 3; c++) data[3 * at + c] = Math.floor(256 * random.next());
  return { ...image, data };
}

const numbersOf = ({ rawScore, predScore, rawMap, anomalyMap, regions }: ImageResult) => ({
  rawScore,
  predScore,
  rawMap: rawMap?.data,
  anomalyMap: anomalyMap?.data,
  regions,
});

const WAYS: [string, RecipeOptions, number][] = [
  // Pixels that the resampling filter reaches beyond the region.
  ["stretched", { region: REGION }, 2],
  ["padded", { fit: "pad", region: REGION }, 2],
  ["cut", { fit: "crop", region: REGION, head: "padim" }, 1],
  ["not resized", { fit: "native", region: REGION, head: "patchcore" }, 0],
  ["judged at the size of a quality", { fit: "pad", quality: "fast", region: REGION, turned: false }, 1],
];

describe.each(WAYS)("a region of interest, %s", (_, options, margin) => {
  let model: Model;
  const { size: _size, ...small } = SMALL;
  beforeAll(async () => {
    model = options.quality
      ? await (async () => {
          const { model: file } = await trainModel(goods, { ...small, ...options });
          const path = join(folder, "quality.blemish");
          await writeFile(path, writeModelFile(file, sha256));
          return open(path);
        })()
      : await trained(options);
  });
  afterAll(() => model.close());

  it("nothing that is drawn outside of it, beyond the margin, changes a bit of the result", async () => {
    const { picture } = model.description;
    const judged = judgedArea(SIZE, picture)!;
    for (const seed of [11, 12, 13]) {
      const image = part(seed);
      const before = numbersOf(await model.predict(image));
      const after = numbersOf(await model.predict(noisyOutside(image, judged.data, margin, seed)));
      expect(after).toEqual(before);
      expect(before.rawScore).toBeGreaterThan(0);
    }
  });

  it("map, mask and regions are empty outside of it, and a defect inside is found there", async () => {
    const judged = judgedArea(SIZE, model.description.picture)!;
    const image = part(21);
    const data = image.data.slice();
    for (let y = 38; y < 54; y++) data.fill(5, 3 * (y * 120 + 44), 3 * (y * 120 + 60));
    const result = await model.predict({ ...image, data }, { heatMap: true });
    expect(result.predLabel).toBe(true);
    const map = result.anomalyMap!;
    let outside = 0;
    // A pixel of the map is at most two of the picture here.
    const far = (at: number) =>
      Math.hypot((at % 120) + 0.5 - CIRCLE.x, Math.floor(at / 120) + 0.5 - CIRCLE.y) > CIRCLE.radius + 3;
    for (let at = 0; at < map.data.length; at++) {
      if (!far(at)) continue;
      outside++;
      expect(judged.data[at]).toBe(0);
      expect(map.data[at]).toBe(0);
      expect(result.predMask!.data[at]).toBe(0);
    }
    expect(outside).toBeGreaterThan(3000);
    const before = (await model.predict(image)).anomalyMap!;
    expect(map.data[46 * 120 + 52]).toBeGreaterThan(before.data[46 * 120 + 52]!);
    // What is not judged is drawn darker.
    expect(result.heatMap!.data[3 * 89 * 120]).toBeLessThan(130);
  });

  it("a picture of another size is refused", () =>
    expect(model.predict(renderPart("cap", { seed: 1, width: 90, height: 120 }).image)).rejects.toThrow(
      /expected 120 × 90 pixels, found 90 × 120.*\[PICTURE_SIZE\]/,
    ));
});

describe("training", () => {
  it("names the first picture of another size", async () => {
    const odd = join(folder, "odd.png");
    await writeFile(odd, await encodePng(renderPart("cap", { seed: 9, width: 100, height: 90 }).image));
    const pictures = [...goods.slice(0, 4), odd];
    await expect(trainModel(pictures, { ...SMALL, fit: "pad" })).rejects.toThrow(
      /odd\.png.*120 × 90.*PICTURE_SIZE/,
    );
    await expect(
      trainModel([odd], { ...SMALL, region: { include: [{ ...CIRCLE, x: 500 }], ignore: [] } }),
    ).rejects.toThrow("REGION");
  });

  it("gives the same bytes again, and goes on with --add where it left off", async () => {
    const options = { ...SMALL, region: REGION, head: "padim", keepStatistics: true } as const;
    const bytes = async (model: Parameters<typeof writeModelFile>[0]) =>
      sha256([writeModelFile(model, sha256)]);
    const { model: whole } = await trainModel(goods, options);
    expect(await bytes((await trainModel(goods, options)).model)).toBe(await bytes(whole));
    const { model: part } = await trainModel(goods.slice(0, 4), options);
    const { model: added } = await trainModel(goods.slice(4), { addTo: part, workers: 1 });
    expect(await bytes(added)).toBe(await bytes(whole));
  });
});
