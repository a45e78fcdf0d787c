import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readImageFile } from "./read-image-file.js";

it("reads a file, and refuses folders, missing files and too many bytes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-"));
  const path = join(folder, "a.png");
  await writeFile(path, "12345");
  expect([...(await readImageFile(path, {}))]).toEqual([49, 50, 51, 52, 53]);
  await expect(readImageFile(folder, {})).rejects.toThrow(/found a folder/);
  await expect(readImageFile(join(folder, "b.png"), {})).rejects.toThrow(/ENOENT.*IMAGE_NOT_FOUND/);
  await expect(readImageFile(path, { maxBytes: 4 })).rejects.toThrow(/IMAGE_TOO_LARGE/);
});
