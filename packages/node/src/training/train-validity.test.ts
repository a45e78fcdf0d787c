/** Trainings that learn which pictures can be judged, and that align them, from pictures to results. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RecipeOptions, type RgbImage, renderPart, writeModelFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../images/encode-png.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { trainModel } from "./train-model.js";

const COUNT = 12;
const SIDE = 96;
const SMALL = { size: 64, workers: 1, falseAlarmRate: 0.2, head: "padim" } as const;
let folder: string;
let pictures: string[];

const part = (seed: number): RgbImage => renderPart("label", { seed, width: SIDE, height: SIDE }).image;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-validity-"));
  pictures = Array.from({ length: COUNT }, (_, i) => join(folder, `${String(i).padStart(3, "0")}.png`));
  for (const [seed, path] of pictures.entries()) await writeFile(path, await encodePng(part(seed)));
});
afterAll(() => rm(folder, { recursive: true }));

async function opened(options: RecipeOptions) {
  const { model } = await trainModel(pictures, { ...SMALL, ...options });
  const path = join(folder, "label.blemish");
  await writeFile(path, writeModelFile(model, sha256));
  return { model, bytes: writeModelFile(model, sha256), open: await open(path) };
}

/** The picture with everything moved; the border is repeated. */
function moved(image: RgbImage, right: number, down: number): RgbImage {
  const within = (value: number) => Math.max(0, Math.min(SIDE - 1, value));
  const data = image.data.map((_, i) => {
    const [x, y] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)];
    return image.data[3 * (within(y - down) * SIDE + within(x - right)) + (i % 3)]!;
  });
  return { ...image, data };
}

/** The picture with a bright square. */
function spotted(image: RgbImage, x: number, y: number, side: number): RgbImage {
  const data = image.data.slice();
  for (let row = y; row < y + side; row++) data.fill(255, 3 * (row * SIDE + x), 3 * (row * SIDE + x + side));
  return { ...image, data };
}

describe("a training with rules", () => {
  it("refuses dark and moved pictures with the evidence, and judges good and defective ones", async () => {
    const { model, open: judge } = await opened({});
    expect(model.manifest.validity).toMatchObject({ pictures: COUNT });
    const good = await judge.predict(part(50));
    expect(good.validity!.map(({ ok }) => ok)).toEqual(model.manifest.validity!.rules.map(() => true));
    expect((await judge.predict(spotted(part(50), 40, 40, 12))).verdict).toBe("anomalous");
    const dark = { ...part(50), data: part(50).data.map((value) => value / 3) };
    await expect(judge.predict(dark)).rejects.toMatchObject({
      code: "PICTURE_INVALID",
      subject: "The picture in memory",
    });
    const outcomes = [];
    for await (const one of judge.predictMany([dark, moved(part(50), 14, 0)], { maps: false }))
      outcomes.push(one);
    // Evidence crosses the border of the worker.
    const broken = outcomes.map(({ error }) =>
      error?.evidence?.filter(({ ok }) => !ok).map(({ rule }) => rule),
    );
    expect(broken[0]).toContain("brightness");
    expect(broken[1]).toEqual(["place"]);
    expect((await judge.predict(dark, { validity: false })).validity!.some(({ ok }) => !ok)).toBe(true);
    await judge.close();
  });

  it("learns none where none are wanted, and says nothing of them in the file", async () => {
    const { model, open: judge } = await opened({ validity: false });
    expect(model).not.toHaveProperty("validityLook");
    expect(model.manifest).not.toHaveProperty("validity");
    expect((await judge.predict(part(50))).validity).toBeNull();
    await judge.close();
    const few = await trainModel(pictures.slice(0, 9), SMALL);
    expect(few.model.manifest).not.toHaveProperty("validity");
  });
});

describe("a training that aligns", () => {
  it("gives the same bytes again, and says how the part lay in a picture that comes back as it was", async () => {
    const { model, bytes, open: judge } = await opened({ align: "translation" });
    expect(model.manifest.alignment).toMatchObject({ mode: "translation", pictures: COUNT });
    expect(model.manifest.training.options).toMatchObject({ align: "translation" });
    const again = await trainModel(pictures, { ...SMALL, align: "translation" });
    expect(writeModelFile(again.model, sha256)).toEqual(bytes);
    const still = await judge.predict(spotted(part(50), 40, 44, 10));
    for (const [right, down] of [
      [0, 0],
      [9, -6],
      [-8, 7],
    ] as const) {
      const found = await judge.predict(moved(spotted(part(50), 40, 44, 10), right, down));
      expect(found.alignment!.shift.x - still.alignment!.shift.x).toBeCloseTo(right, 0);
      expect(found.alignment!.shift.y - still.alignment!.shift.y).toBeCloseTo(down, 0);
      expect(found.anomalyMap!.data.every(Number.isFinite)).toBe(true);
      expect(found.image).toEqual(moved(spotted(part(50), 40, 44, 10), right, down));
    }
    const other = renderPart("cloth", { seed: 1, width: SIDE, height: SIDE }).image;
    await expect(judge.predict(other)).rejects.toMatchObject({
      code: expect.stringMatching(/PICTURE_(INVALID|ALIGNMENT)/),
    });
    await judge.close();
  });

  it("is refused beside Anomalib's conventions, and in other words", async () => {
    const train = (options: object) => trainModel(pictures, { ...SMALL, ...options });
    await expect(train({ align: "affine" })).rejects.toMatchObject({ code: "OPTION_VALUE" });
    await expect(train({ align: "rigid", profile: "anomalib-0.7" })).rejects.toThrow(
      /--align.*anomalib-0\.7/,
    );
    await expect(train({ validity: true, profile: "anomalib-0.7" })).rejects.toThrow(
      /validity.*anomalib-0\.7/,
    );
  });
});
