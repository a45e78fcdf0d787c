import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Raster8 } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeShared, sharedPath } from "../../../../tests/support/shared.js";
import { encodePng } from "../images/encode-png.js";
import { readMask } from "./read-mask.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-mask-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function save(name: string, image: Raster8): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await encodePng(image));
  return path;
}

describe("readMask", () => {
  it("gives 1 where the file marks a defect, and a mask without any as it is", async () => {
    const path = await save("a.png", { width: 3, height: 1, channels: 1, data: Uint8Array.of(0, 255, 40) });
    expect([...(await readMask(path, 3, 1)).data]).toEqual([0, 1, 0]);
    const empty = await save("b.png", { width: 2, height: 1, channels: 3, data: new Uint8Array(6) });
    expect([...(await readMask(empty, 2, 1)).data]).toEqual([0, 0]);
  });

  it("names both sizes when they differ, even when only width and height are swapped", async () => {
    const path = await save("c.png", { width: 3, height: 2, channels: 1, data: new Uint8Array(6) });
    await expect(readMask(path, 2, 3)).rejects.toMatchObject({
      code: "MASK",
      subject: path,
      expected: "2 × 3 pixels as the picture",
      found: "3 × 2",
    });
  });

  it("says what is wrong with the file", async () => {
    await expect(readMask(join(folder, "none.png"), 1, 1)).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await writeFile(join(folder, "text.png"), "not a picture");
    await expect(readMask(join(folder, "text.png"), 1, 1)).rejects.toMatchObject({ code: "IMAGE_FORMAT" });
  });
});

describeShared("real masks", ["data/mvtec-bottle-256"], () => {
  it("mark a part of the picture", async () => {
    const path = sharedPath("data/mvtec-bottle-256/ground_truth/broken_large/000_mask.png");
    const { data } = await readMask(path, 256, 256);
    const share = data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.5);
  });
});
