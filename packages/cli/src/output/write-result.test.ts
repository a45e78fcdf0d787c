import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareTarget, writeResult } from "./write-result.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-write-"));
  await writeFile(join(folder, "blocked"), "");
});
afterAll(() => rm(folder, { recursive: true }));

const target = (...parts: string[]) => ({ kind: "folder", path: join(folder, ...parts) }) as const;
const result = {
  encoded: { visualization: new Uint8Array([1, 2, 3]) },
  rawMap: { width: 2, height: 1, data: Float32Array.of(1, 2) },
};

describe("writeResult", () => {
  it("writes picture and map under their parent folders, and never over anything", async () => {
    const plan = { pictures: target("out"), maps: target("maps") };
    expect(await writeResult("a/000.jpg", result, plan)).toEqual({
      output: join(folder, "out/a/000.png"),
      map: join(folder, "maps/a/000.npy"),
      error: null,
    });
    expect((await writeResult("b/a/000.png", result, plan)).output).toBe(join(folder, "out/a/000_1.png"));
    expect(await readFile(join(folder, "out/a/000.png"))).toEqual(Buffer.from([1, 2, 3]));
    expect((await readFile(join(folder, "maps/a/000.npy"))).subarray(1, 6).toString()).toBe("NUMPY");
  });
  it("writes only what was asked for and what there is", async () => {
    const nothing = { output: null, map: null, error: null };
    expect(await writeResult("a.png", result, { pictures: null, maps: null })).toEqual(nothing);
    const plan = { pictures: target("none"), maps: target("none") };
    expect(await writeResult("a.png", { encoded: {}, rawMap: null }, plan)).toEqual(nothing);
    await expect(readdir(join(folder, "none"))).rejects.toThrow();
  });
  it("reports what could not be written", async () => {
    const plan = { pictures: target("good"), maps: target("blocked") };
    const written = await writeResult("c/1.png", result, plan);
    expect(written).toMatchObject({
      output: join(folder, "good/c/1.png"),
      map: null,
      error: { code: "OUTPUT_WRITE" },
    });
  });
});

describe("prepareTarget", () => {
  it("makes the folder", async () => {
    await prepareTarget(target("new/er"));
    await prepareTarget({ kind: "file", path: join(folder, "newest/x.png") });
    expect(await readdir(folder)).toEqual(expect.arrayContaining(["new", "newest"]));
  });
  it("refuses a place where there can be no folder", async () => {
    await expect(prepareTarget(target("blocked/inside"))).rejects.toMatchObject({ code: "OUTPUT_WRITE" });
    await expect(prepareTarget(target("blocked"))).rejects.toMatchObject({ code: "OUTPUT_WRITE" });
  });
});
