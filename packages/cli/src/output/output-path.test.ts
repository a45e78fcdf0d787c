import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePath, outputPath, outputTarget } from "./output-path.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-output-"));
  await writeFile(join(folder, "old.png"), "old");
});
afterAll(() => rm(folder, { recursive: true }));

describe("outputTarget", () => {
  it("takes an existing folder as a folder, even with a suffix-less single picture", async () => {
    expect(await outputTarget(folder, true)).toEqual({ kind: "folder", path: folder });
  });
  it.each([
    ["result.png", true, "file"],
    ["result.png", false, "folder"],
    ["results", true, "folder"],
    ["results.d/", true, "folder"],
    ["results", false, "folder"],
  ])("takes the new path %s with single=%s as a %s", async (path, single, kind) => {
    expect((await outputTarget(join(folder, path) + (path.endsWith("/") ? "/" : ""), single)).kind).toBe(
      kind,
    );
  });
  it("takes an existing file as a name for one picture and refuses it for many", async () => {
    expect((await outputTarget(join(folder, "old.png"), true)).kind).toBe("file");
    await expect(outputTarget(join(folder, "old.png"), false)).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
  });
});

describe("outputPath", () => {
  it("puts the picture under its parent folder, as PNG", () => {
    const target = { kind: "folder", path: "out" } as const;
    expect(outputPath(target, "data/test/broken/000.jpeg", ".png")).toBe(join("out", "broken", "000.png"));
    expect(outputPath(target, "data/a.b.tif", ".npy")).toBe(join("out", "data", "a.b.npy"));
  });
  it("keeps a named file's name", () => {
    const target = { kind: "file", path: join("out", "seen.png") } as const;
    expect(outputPath(target, "data/000.jpg", ".png")).toBe(join("out", "seen.png"));
    expect(outputPath({ kind: "file", path: "seen.jpg" }, "data/000.jpg", ".png")).toBe("seen.png");
  });
});

describe("freePath", () => {
  it("counts up past names that are taken", async () => {
    const wish = join(folder, "old.png");
    expect(await freePath(join(folder, "new.png"))).toBe(join(folder, "new.png"));
    expect(await freePath(wish)).toBe(join(folder, "old_1.png"));
    await writeFile(join(folder, "old_1.png"), "");
    expect(await freePath(wish)).toBe(join(folder, "old_2.png"));
  });
});
