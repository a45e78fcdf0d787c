import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthSet } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findImages } from "../images/find-images.js";
import { readImage } from "../images/read-image.js";
import { readMask } from "./read-mask.js";
import { recognizeDataset } from "./recognize-dataset.js";
import { writeSynthSet } from "./write-synth-set.js";

const SET = { seed: 4, train: 3, testGood: 2, testBad: 5, width: 48, height: 40 };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-synth-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("writeSynthSet", () => {
  it("writes what core draws, pixel for pixel, as a data set that is recognised", async () => {
    const path = join(folder, "set");
    const steps: number[] = [];
    const count = await writeSynthSet("pads", path, { ...SET, onProgress: (done) => steps.push(done) });
    expect(count).toBe(10);
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const { name, maskName, image, mask } of synthSet("pads", SET)) {
      const read = await readImage(join(path, `${name}.png`));
      expect(Buffer.compare(read.data, image.data)).toBe(0);
      if (maskName === null) continue;
      const { data } = await readMask(join(path, `${maskName}.png`), 48, 40);
      expect(Buffer.compare(data, mask.data)).toBe(0);
    }
    const { layout, items, notes } = await recognizeDataset([path]);
    expect({ layout, notes }).toEqual({ layout: "mvtec", notes: [] });
    expect(items.filter(({ split }) => split === "train")).toHaveLength(3);
    expect(items.filter(({ mask }) => mask !== null)).toHaveLength(5);
  });

  it("writes the same files whatever the number of workers", async () => {
    const small = { ...SET, testGood: 0, testBad: 1 };
    for (const workers of [1, 2])
      await writeSynthSet("cap", join(folder, `w${workers}`), { ...small, workers });
    const files = await findImages([join(folder, "w1")]);
    expect(files).toHaveLength(5);
    for (const { path, relative } of files)
      expect(Buffer.compare(await readFile(path), await readFile(join(folder, "w2", relative)))).toBe(0);
  });

  it("does not mix a set with other files", async () => {
    await writeFile(join(folder, "other.txt"), "");
    await expect(writeSynthSet("cap", folder, SET)).rejects.toMatchObject({ code: "OUTPUT_WRITE" });
  });

  it("stops when asked to, and refuses wrong numbers", async () => {
    const signal = AbortSignal.abort();
    const cancelled = writeSynthSet("cap", join(folder, "never"), { ...SET, signal });
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
    const wrong = writeSynthSet("cap", join(folder, "wrong"), { ...SET, width: 8 });
    await expect(wrong).rejects.toMatchObject({ code: "OPTION_VALUE" });
  });
});
