import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeMaskPng } from "../images/encode-png.js";
import { type DefectPlace, markedPlace } from "./marked-place.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-place-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function save(name: string, data: Uint8Array, width: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await encodeMaskPng({ width, height: data.length / width, channels: 1, data }));
  return path;
}

describe("markedPlace", () => {
  it("is a mask's own, or the pixels of a box", async () => {
    const mask = await save("mask.png", Uint8Array.of(0, 1, 0, 0, 0, 1), 3);
    expect([...(await markedPlace({ mask }, 3, 2)).data]).toEqual([0, 1, 0, 0, 0, 1]);
    const box = { x: 1, y: 0, width: 2, height: 1 };
    expect(await markedPlace({ box }, 3, 2)).toEqual({
      width: 3,
      height: 2,
      channels: 1,
      data: Uint8Array.of(0, 1, 1, 0, 0, 0),
    });
    const all = await markedPlace({ box: { x: 0, y: 0, width: 3, height: 2 } }, 3, 2);
    expect(all.data.every((value) => value === 1)).toBe(true);
  });

  it("refuses a mask of another size, an empty one, and one that cannot be read", async () => {
    const mask = await save("small.png", Uint8Array.of(1, 1, 1), 3);
    await expect(markedPlace({ mask }, 4, 1)).rejects.toMatchObject({ code: "MASK", found: "3 × 1" });
    const empty = await save("empty.png", new Uint8Array(6), 3);
    await expect(markedPlace({ mask: empty }, 3, 2)).rejects.toMatchObject({ code: "MASK", found: "none" });
    await expect(markedPlace({ mask: "missing.png" }, 3, 2)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
  });

  it.each([
    [{ x: 0, y: 0, width: 4, height: 1 }],
    [{ x: 0, y: 1, width: 1, height: 2 }],
    [{ x: -1, y: 0, width: 2, height: 1 }],
    [{ x: 0, y: 0, width: 0, height: 1 }],
    [{ x: 0.5, y: 0, width: 1, height: 1 }],
    [{ x: 0, y: 0, width: Number.NaN, height: 1 }],
  ])("refuses the box %j outside a picture of 3 × 2, naming it", async (box) => {
    await expect(markedPlace({ box }, 3, 2)).rejects.toMatchObject({
      code: "OPTION_VALUE",
      expected: "a rectangle inside the picture of 3 × 2 pixels",
      found: `x ${box.x}, y ${box.y}, ${box.width} wide, ${box.height} high`,
    });
  });

  it("wants one of both", async () => {
    const both = { mask: "a.png", box: { x: 0, y: 0, width: 1, height: 1 } } as DefectPlace;
    await expect(markedPlace(both, 3, 2)).rejects.toMatchObject({ code: "OPTION_VALUE", found: "both" });
    await expect(markedPlace({} as DefectPlace, 3, 2)).rejects.toMatchObject({ found: "neither" });
  });
});
