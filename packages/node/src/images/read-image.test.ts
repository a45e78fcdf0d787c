import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readImage } from "./read-image.js";

interface Reading {
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  readonly first: number[];
}
type Rule = "opencv" | "pillow";

const FIXTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding");
const expected = JSON.parse(await readFile(join(FIXTURES, "expected.json"), "utf8")) as {
  pictures: Record<string, { both?: Reading; opencv?: Reading | null; pillow?: Reading | null }>;
};
const PROFILES = { opencv: "anomalib-0.7", pillow: "anomalib-2" } as const;

/** Where a real reader goes wrong and is not followed: its bytes must differ, so that this list stays true. */
const NOT_FOLLOWED: Readonly<Record<string, Rule>> = {
  // Pillow 10.4 skips two bytes too many after the skip code of run-length BMP.
  "bmp-8-rle-skips.bmp": "pillow",
};

async function read(path: string, rule: Rule): Promise<Reading> {
  const { width, height, data } = await readImage(path, { profile: PROFILES[rule] });
  expect(data).toHaveLength(width * height * 3);
  const sha256 = createHash("sha256").update(data).digest("hex");
  return { width, height, sha256, first: [...data.subarray(0, 6)] };
}

describe.each(["opencv", "pillow"] as const)("the pixels of %s", (rule) => {
  it.each(Object.keys(expected.pictures))("%s", async (name) => {
    const { both, ...apart } = expected.pictures[name]!;
    const other = rule === "opencv" ? "pillow" : "opencv";
    // What only one of the two reads looks the same under both rules.
    const wanted = both ?? apart[rule] ?? apart[other];
    const got = await read(join(FIXTURES, "pictures", name), rule);
    if (NOT_FOLLOWED[name] === rule) expect(got.sha256).not.toBe(wanted!.sha256);
    else expect(got).toEqual(wanted);
  });
});

describe("the fixtures", () => {
  it("are all listed, and there are many", async () => {
    const files = await readdir(join(FIXTURES, "pictures"));
    expect(files.sort()).toEqual(Object.keys(expected.pictures).sort());
    expect(files.length).toBeGreaterThan(130);
  });
});

describe("readImage", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blemish-read-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const picture = join(FIXTURES, "pictures", "png-rgba-8.png");

  it("reads the same from a path, bytes and a Buffer, whatever the suffix", async () => {
    const bytes = await readFile(picture);
    const misnamed = join(folder, "picture.jpg");
    await writeFile(misnamed, bytes);
    const fromPath = await readImage(picture);
    expect(await readImage(bytes)).toEqual(fromPath);
    expect(await readImage(new Uint8Array(bytes))).toEqual(fromPath);
    expect(await readImage(misnamed)).toEqual(fromPath);
  });

  it("takes pixels as they are, under every profile", async () => {
    const pixels = { data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), width: 2, height: 1, channels: 4 } as const;
    for (const profile of ["anomalib-0.7", "anomalib-1", "anomalib-2"] as const) {
      expect([...(await readImage(pixels, { profile })).data]).toEqual([1, 2, 3, 5, 6, 7]);
    }
  });

  it("uses Pillow's pixels for both later profiles", async () => {
    const grey16 = join(FIXTURES, "pictures", "png-grey-16.png");
    const [v0, v1, v2] = await Promise.all(
      (["anomalib-0.7", "anomalib-1", "anomalib-2"] as const).map((profile) =>
        readImage(grey16, { profile }),
      ),
    );
    expect(v1).toEqual(v2);
    expect(v0).not.toEqual(v1);
    expect(await readImage(grey16)).toEqual(v0);
  });

  it("says what is missing, empty, a folder or too large", async () => {
    const empty = join(folder, "empty.png");
    await writeFile(empty, "");
    await mkdir(join(folder, "folder.png"));
    const missing = join(folder, "missing.png");
    await expect(readImage(missing)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
      subject: missing,
      found: "ENOENT",
    });
    await expect(readImage(`${picture}/below.png`)).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await expect(readImage(join(folder, "folder.png"))).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
      found: "a folder",
    });
    await expect(readImage("/dev/null")).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await expect(readImage("with\0zero")).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await expect(readImage(empty)).rejects.toMatchObject({ code: "IMAGE_EMPTY", subject: empty });
    await expect(readImage(new Uint8Array())).rejects.toMatchObject({ code: "IMAGE_EMPTY" });
    const limits = { maxBytes: 100 };
    await expect(readImage(picture, { limits })).rejects.toMatchObject({ code: "IMAGE_TOO_LARGE" });
  });

  it("refuses a file by its size alone, without reading it", async () => {
    const huge = join(folder, "huge.png");
    const { open } = await import("node:fs/promises");
    const file = await open(huge, "w");
    await file.truncate(3e9);
    await file.close();
    await expect(readImage(huge)).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
      expected: "at most 256 MB",
      found: "3000 MB",
    });
  });
});
