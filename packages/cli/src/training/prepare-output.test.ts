import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareOutput } from "./prepare-output.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-prepare-"));
  await writeFile(join(folder, "file"), "");
});
afterAll(() => rm(folder, { recursive: true }));

describe("prepareOutput", () => {
  it("makes the folder and not the file", async () => {
    await prepareOutput("--output", join(folder, "a/b/part.blemish"));
    expect((await stat(join(folder, "a/b"))).isDirectory()).toBe(true);
    await expect(stat(join(folder, "a/b/part.blemish"))).rejects.toThrow();
    await prepareOutput("--output", join(folder, "file"));
  });
  it("refuses a folder, and a file as a folder", async () => {
    await expect(prepareOutput("--output", folder)).rejects.toMatchObject({ code: "OPTION_VALUE" });
    const below = prepareOutput("--output", join(folder, "file/part.blemish"));
    await expect(below).rejects.toMatchObject({ code: "OUTPUT_WRITE" });
  });
});
