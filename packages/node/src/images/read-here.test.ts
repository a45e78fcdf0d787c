import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pixelRuleOf } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { decodeHere, fetchPicture } from "./read-here.js";
import { readImage } from "./read-image.js";

const PICTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");
const names = await readdir(PICTURES);

const here = async (source: Parameters<typeof readImage>[0], limits = {}, rule = "opencv" as const) =>
  decodeHere(await fetchPicture(source, limits), { rule }, limits);

describe("reading in a worker", () => {
  it.each(["anomalib-0.7", "anomalib-2"] as const)("gives the pixels of readImage, %s", async (profile) => {
    for (const name of names) {
      const path = join(PICTURES, name);
      const picture = await decodeHere(await fetchPicture(path, {}), { rule: pixelRuleOf(profile) }, {});
      expect(picture, name).toEqual(await readImage(path, { profile }));
    }
  });

  it("takes bytes and pixels", async () => {
    const path = join(PICTURES, names.find((name) => name.startsWith("png-rgb-8"))!);
    expect(await here(await readFile(path))).toEqual(await here(path));
    const pixels = { data: Uint8Array.of(1, 2, 3), width: 1, height: 1, channels: 3 } as const;
    expect([...(await here(pixels)).data]).toEqual([1, 2, 3]);
  });

  it("refuses what readImage refuses", async () => {
    const path = join(PICTURES, names.find((name) => name.startsWith("png-rgb-8"))!);
    await expect(here("missing.png")).rejects.toThrow(/missing\.png.*IMAGE_NOT_FOUND/);
    await expect(here(path, { maxPixels: 3 })).rejects.toThrow(/IMAGE_TOO_LARGE/);
    await expect(here(await readFile(path), { maxBytes: 9 })).rejects.toThrow(/IMAGE_TOO_LARGE/);
    await expect(here(new Uint8Array(0))).rejects.toThrow(/the picture in memory.*IMAGE_EMPTY/);
    const cut = (await readFile(path)).subarray(0, -20);
    await expect(here(cut)).rejects.toThrow(/IMAGE_BROKEN/);
  });
});
