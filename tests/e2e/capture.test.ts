/** Files as cameras write them, from training to the judgement: everything reads them as the model was taught to. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Capture, describeModelFile, type RgbImage, renderPart } from "@blemish/core";
import {
  checkHealth,
  encodePng,
  type ImageSource,
  open,
  readImage,
  readingOf,
  saveModel,
  type TrainOptions,
  trainModel,
} from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pnmFile, rawFrame, realTiff } from "../support/camera-files.js";

const COUNT = 10;
const SMALL = { size: 64, workers: 1, falseAlarmRate: 0.1 } as const;
const TWELVE: Capture = { range: { min: 0, max: 4095 } };
let folder: string;
const at = (name: string) => join(folder, name);

const part = (seed: number, bad = false): RgbImage =>
  renderPart("cap", {
    seed,
    width: 64,
    height: 64,
    ...(bad && { defect: { type: "missing", size: 0.35, contrast: 1 } }),
  }).image;
const grey = ({ data, ...size }: RgbImage): RgbImage => ({
  ...size,
  data: data.map((_, i) => data[3 * Math.floor(i / 3)] as number),
});
const twelveBits = (data: Uint8Array) => Array.from(data, (v) => Math.round((v * 4095) / 255));

/** A file of each kind that shows the picture. */
const KINDS = {
  eight: ({ width, height, data }: RgbImage) => encodePng({ width, height, channels: 3, data }),
  twelve: ({ width, height, data }: RgbImage) =>
    pnmFile({ width, height, channels: 3, data: twelveBits(data) }, 65535),
  real: ({ width, height, data }: RgbImage) =>
    realTiff({ width, height, channels: 3, data: Array.from(data, (v) => v / 255 - 1) }),
  raw: (image: RgbImage) => pnmFile(rawFrame({ ...image, data: twelveBits(image.data) }, "gbrg"), 4095),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-capture-"));
  for (const [name, make] of Object.entries(KINDS)) {
    await mkdir(at(name));
    for (let seed = 0; seed < COUNT; seed++) await writeFile(at(`${name}/${seed}`), await make(part(seed)));
    await writeFile(at(`${name}/bad`), await make(part(90, true)));
    await writeFile(at(`${name}/good`), await make(part(3)));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const files = (kind: string) => Array.from({ length: COUNT }, (_, i) => at(`${kind}/${i}`));

/** A model of the files of a kind, and what it says of one good and one bad picture. */
async function trained(kind: keyof typeof KINDS, options: TrainOptions) {
  const { model } = await trainModel(files(kind), { ...SMALL, ...options });
  const path = at(`${kind}.blemish`);
  await saveModel(path, model);
  const opened = await open(path);
  const judge = async (source: ImageSource) => {
    const { rawScore, verdict } = await opened.predict(source, { maps: false });
    return { rawScore, verdict };
  };
  const [bad, good] = [await judge(at(`${kind}/bad`)), await judge(at(`${kind}/good`))];
  return { model, opened, bad, good, judge };
}

describe("a range", () => {
  it("makes 12 bits in 16, and real numbers, train and judge as their 8-bit equals do", async () => {
    const eight = await trained("eight", {});
    const twelve = await trained("twelve", { capture: TWELVE, thumbnails: 20_000 });
    const real = await trained("real", { capture: { range: { min: -1, max: 0 } }, head: "padim" });
    try {
      expect(twelve.model.scores).toEqual(eight.model.scores);
      expect([twelve.good, twelve.bad]).toEqual([eight.good, eight.bad]);
      expect(eight.bad.verdict).toBe("anomalous");
      expect(real.bad.verdict).toBe("anomalous");
      expect(eight.model.manifest).not.toHaveProperty("capture");
      expect(twelve.model.manifest.capture).toEqual(TWELVE);
      expect(describeModelFile(twelve.model).capture).toEqual(TWELVE);
      // Pixels are what the capture would give.
      expect(await twelve.judge(part(90, true))).toEqual(eight.bad);
      // An 8-bit file is not what the model was trained on, and never good.
      await expect(twelve.judge(at("eight/good"))).rejects.toMatchObject({ code: "PICTURE_CAPTURE" });
      // Small pictures in the model look like the 8-bit ones.
      expect(twelve.model.thumbnails).toBeDefined();
    } finally {
      for (const { opened } of [eight, twelve, real]) await opened.close();
    }
  });

  it("is repeated when pictures are added", async () => {
    const { model } = await trainModel(files("twelve").slice(0, 8), { ...SMALL, capture: TWELVE });
    const more = await trainModel(files("twelve").slice(8), { workers: 1, addTo: model });
    const once = await trainModel(files("twelve"), { ...SMALL, capture: TWELVE });
    expect(more.model.scores).toEqual(once.model.scores);
    expect(more.model.manifest.capture).toEqual(TWELVE);
  });

  it("is asked for where files have more than 8 bits, in one line", async () => {
    const items = files("twelve").map(
      (path) => ({ path, label: "good", defect: "", split: "train", mask: null }) as never,
    );
    const notes = async (capture?: Capture) =>
      (await checkHealth(items, capture ? { capture } : {})).findings
        .filter(({ kind, severity }) => kind === "pixels" && severity === "note")
        .map(({ message }) => message);
    expect(await notes()).toEqual([expect.stringContaining("--bits 12")]);
    expect(await notes(TWELVE)).toEqual([]);
  });
});

describe("a raw frame", () => {
  it("is trained on and judged in colour", async () => {
    const capture: Capture = { ...TWELVE, bayer: "gbrg", millimetresPerPixel: 0.05 };
    const raw = await trained("raw", { capture });
    await raw.opened.close();
    expect(raw.bad.verdict).toBe("anomalous");
    expect(raw.model.manifest.capture).toEqual(capture);
    const image = await readImage(at("raw/good"), readingOf(raw.opened.description));
    const truth = part(3);
    const difference = image.data.reduce((sum, v, i) => sum + Math.abs(v - (truth.data[i] as number)), 0);
    // Bilinear colours of a drawn part: next to right everywhere, wrong at its edges.
    expect(difference / image.data.length).toBeLessThan(6);
    expect(grey(truth).data).not.toEqual(image.data);
  });
});

describe("bad files", () => {
  it("NaN in a TIFF is an error of the table, in prediction and training", async () => {
    const data = Array.from({ length: 64 * 64 }, (_, i) => (i === 99 ? Number.NaN : 0.5));
    await writeFile(at("nan.tif"), realTiff({ width: 64, height: 64, data }));
    const capture: Capture = { range: { min: 0, max: 1 } };
    const nan = { code: "PICTURE_SAMPLES", subject: at("nan.tif") };
    await expect(readImage(at("nan.tif"), { capture })).rejects.toMatchObject(nan);
    await expect(trainModel([...files("real"), at("nan.tif")], { ...SMALL, capture })).rejects.toMatchObject(
      nan,
    );
    await expect(readImage(at("nan.tif"))).rejects.toMatchObject({ code: "IMAGE_FORMAT" });
  });

  it("captures that make no sense are refused before a picture is read", async () => {
    const range = { min: 9, max: 9 };
    for (const options of [
      { capture: { range } },
      { profile: "anomalib-0.7", channels: 20, capture: TWELVE },
      { profile: "anomalib-0.7", channels: 20, capture: { bayer: "rggb" } },
    ] as const)
      await expect(trainModel(["missing.png"], { ...SMALL, ...options })).rejects.toMatchObject({
        code: "OPTION_VALUE",
      });
  });
});
