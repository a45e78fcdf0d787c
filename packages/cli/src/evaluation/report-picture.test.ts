import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImage } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import { mapUri, maskUri, pictureUri, rangeOf, smallMap } from "./report-picture.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-uri-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function decoded(uri: string | null) {
  const [, base64 = ""] = (uri ?? "").split("base64,");
  return readImage(Buffer.from(base64, "base64"));
}

describe("pictureUri", () => {
  it("is a WebP of at most 320 pixels, never enlarged", async () => {
    const path = join(folder, "a.png");
    await writeTinyPicture(path, 0, 800, 400);
    const uri = await pictureUri(path);
    expect(uri).toMatch(/^data:image\/webp;base64,/);
    expect(await decoded(uri)).toMatchObject({ width: 320, height: 160 });
    await writeTinyPicture(path, 0, 30, 40);
    expect(await decoded(await pictureUri(path))).toMatchObject({ width: 30, height: 40 });
  });
  it("is null for what cannot be read", async () => {
    expect(await pictureUri(join(folder, "gone.png"))).toBeNull();
  });
});

describe("maps", () => {
  const data = Float32Array.from({ length: 200 * 100 }, (_, i) => i % 200);
  it("become small, and grey between the ends of a range", async () => {
    const small = smallMap({ width: 200, height: 100, data });
    expect(small).toMatchObject({ width: 96, height: 48 });
    const map = { width: 4, height: 1, data: Float32Array.of(-5, 2, 7, 99) };
    const image = await decoded(await mapUri(map, { min: 2, max: 12 }));
    expect([...image.data].filter((_, i) => i % 3 === 0)).toEqual([0, 0, 127, 255]);
  });
  it("are all black in a range without width", async () => {
    const map = { width: 2, height: 1, data: Float32Array.of(3, 3) };
    expect([...(await decoded(await mapUri(map, { min: 3, max: 3 }))).data]).toEqual([0, 0, 0, 0, 0, 0]);
  });
  it("have a range", () => {
    const of = (...values: number[]) => ({
      width: values.length,
      height: 1,
      data: Float32Array.from(values),
    });
    expect(rangeOf([of(1, 5), of(-2)])).toEqual({ min: -2, max: 5 });
    expect(rangeOf([])).toBeNull();
  });
});

describe("maskUri", () => {
  it("keeps 0 and 255 apart", async () => {
    const mask = { width: 320, height: 2, channels: 1, data: new Uint8Array(640).fill(1, 0, 320) } as const;
    const image = await decoded(await maskUri(mask));
    expect(image).toMatchObject({ width: 160, height: 1 });
    expect(image.data.every((value) => value === 255)).toBe(true);
  });
});
