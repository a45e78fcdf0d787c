import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findImages } from "./find-images.js";

let root = "";
const FILES = [
  "b.png",
  "a.JPG",
  "Z.tiff",
  "notes.txt",
  "picture.raw",
  "good/000.png",
  "good/010.PNG",
  "good/002.png",
  "good/deep/x.webp",
  "bad/a.gif",
  "bad-2/a.gif",
  ".hidden.png",
  ".thumbnails/a.png",
  "good/.DS_Store",
  "with [brackets]/(1).png",
  "ä/ö.pgm",
  "empty/readme.md",
];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-find-"));
  for (const file of FILES) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), "");
  }
  await mkdir(join(root, "nothing"));
  await symlink(root, join(root, "good/loop"));
  await symlink(join(root, "gone.png"), join(root, "bad/dangling.png"));
});
afterAll(() => rm(root, { recursive: true }));

async function relatives(...inputs: string[]): Promise<string[]> {
  return (await findImages(inputs.map((input) => join(root, input)))).map(({ relative }) => relative);
}

describe("findImages", () => {
  it("lists a folder recursively, by bytes, without hidden names, other suffixes or endless links", async () => {
    expect(await relatives("")).toEqual([
      "Z.tiff",
      "a.JPG",
      "b.png",
      "bad-2/a.gif",
      "bad/a.gif",
      "bad/dangling.png",
      "good/000.png",
      "good/002.png",
      "good/010.PNG",
      "good/deep/x.webp",
      "with [brackets]/(1).png",
      "ä/ö.pgm",
    ]);
  });

  it("gives paths that begin as the user wrote them", async () => {
    const [first] = await findImages([`${root}/good/`]);
    expect(first).toEqual({ path: join(root, "good/000.png"), relative: "000.png" });
    const relativeRoot = join(root, "good/..");
    expect((await findImages([relativeRoot]))[0]!.path).toBe(join(root, "Z.tiff"));
  });

  it("takes a file whatever its suffix or name", async () => {
    expect(await relatives("picture.raw")).toEqual(["picture.raw"]);
    expect(await relatives(".hidden.png")).toEqual([".hidden.png"]);
    expect(await relatives("with [brackets]/(1).png")).toEqual(["(1).png"]);
    expect(await relatives("with [brackets]")).toEqual(["(1).png"]);
    expect(await relatives(".thumbnails")).toEqual(["a.png"]);
  });

  it("follows globs", async () => {
    expect(await relatives("good/*.png")).toEqual(["000.png", "002.png"]);
    expect(await relatives("good/**")).toContain("deep/x.webp");
    expect(await relatives("{good,bad}/0*.png")).toEqual(["good/000.png", "good/002.png"]);
    expect(await relatives("*")).toEqual(["Z.tiff", "a.JPG", "b.png"]);
    expect(await relatives("b?d/a.*")).toEqual(["bad/a.gif"]);
  });

  it("keeps the order of its inputs and lists a path once", async () => {
    expect(await relatives("good/002.png", "bad-2", "good/*.png")).toEqual(["002.png", "a.gif", "000.png"]);
  });

  it("says which input is missing or holds no pictures", async () => {
    await expect(findImages([])).rejects.toMatchObject({ code: "NO_IMAGES" });
    for (const input of ["nothing", "empty", "*.nothing", "nothing/**/*.png"]) {
      const path = join(root, input);
      await expect(findImages([join(root, "b.png"), path])).rejects.toMatchObject({
        code: "NO_IMAGES",
        subject: path,
      });
    }
    for (const input of ["missing", "missing/a.png", "b.png/a.png"]) {
      await expect(relatives(input)).rejects.toMatchObject({
        code: "IMAGE_NOT_FOUND",
        subject: join(root, input),
      });
    }
    await expect(findImages(["zero\0byte"])).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
  });
});
