import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallSet } from "../../../../tests/support/small-set.js";
import { calibrationPictures } from "./calibration-pictures.js";

let root = "";
let set = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-calibration-"));
  set = await writeSmallSet(join(root, "set"), { train: 3, testGood: 1, testBad: 2 });
});
afterAll(() => rm(root, { recursive: true }));

describe("calibrationPictures", () => {
  it("takes good and bad pictures of both parts, and no mask", async () => {
    const found = await calibrationPictures([set]);
    expect(found).toHaveLength(6);
    expect(found.filter((path) => path.includes("ground_truth"))).toEqual([]);
    expect(await calibrationPictures([join(set, "train"), join(set, "test/good/000.png")])).toHaveLength(4);
  });

  it("refuses what does not exist", async () => {
    await expect(calibrationPictures([join(root, "none")])).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
  });
});
