import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPictures } from "./find-pictures.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-find-"));
  await mkdir(join(folder, "empty"));
  for (const name of ["b.png", "a.png", "notes.txt"]) await writeFile(join(folder, name), "");
});
afterAll(() => rm(folder, { recursive: true }));

describe("findPictures", () => {
  it("knows one picture from a folder and from a list", async () => {
    const a = join(folder, "a.png");
    expect(await findPictures([a])).toEqual({ paths: [a], single: true });
    expect(await findPictures([folder])).toEqual({ paths: [a, join(folder, "b.png")], single: false });
    expect(await findPictures([a, a])).toEqual({ paths: [a], single: false });
    expect(await findPictures([join(folder, "*.png")])).toMatchObject({ single: false });
  });
  it("keeps a missing file among others, in its place", async () => {
    const inputs = ["b.png", "gone.png", "a.png"].map((name) => join(folder, name));
    expect((await findPictures(inputs)).paths).toEqual(inputs);
  });
  it("refuses a missing single input and a folder without pictures", async () => {
    await expect(findPictures([join(folder, "gone.png")])).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await expect(findPictures([join(folder, "empty")])).rejects.toMatchObject({ code: "NO_IMAGES" });
  });
});
