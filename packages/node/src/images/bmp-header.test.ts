import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readBmpHeader } from "./bmp-header.js";

const PICTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");
const load = (name: string) => readFile(resolve(PICTURES, name));

describe("readBmpHeader", () => {
  it.each([
    ["bmp-1.bmp", { bits: 1, storage: "indices", topDown: false, pixels: 62 }],
    ["bmp-8-os2.bmp", { bits: 8, storage: "indices", pixels: 26 + 768 }],
    ["bmp-24-top-down.bmp", { bits: 24, storage: "channels", topDown: true, height: 9 }],
    ["bmp-24-v5.bmp", { bits: 24, pixels: 138 }],
    ["bmp-16.bmp", { storage: "packed", masks: [0x7c00, 0x3e0, 0x1f] }],
    ["bmp-16-565.bmp", { storage: "packed", masks: [0xf800, 0x7e0, 0x1f] }],
    ["bmp-32-masks-rgba.bmp", { bits: 32, masks: [0xff000000, 0xff0000, 0xff00] }],
    ["bmp-8-rle.bmp", { storage: "rle" }],
  ])("%s", async (name, wanted) => {
    expect(readBmpHeader(await load(name), name)).toMatchObject({ width: 13, height: 9, ...wanted });
  });

  it("reads palettes of 3- and 4-byte entries as RGB, black where the file has none", async () => {
    const file = await load("bmp-8-short-palette.bmp");
    const { palette } = readBmpHeader(file, "x");
    expect([...palette.subarray(0, 3)]).toEqual([file[56], file[55], file[54]]);
    expect([...palette.subarray(30)]).toEqual(Array(768 - 30).fill(0));
    const old = await load("bmp-8-os2.bmp");
    expect([...readBmpHeader(old, "x").palette.subarray(3, 6)]).toEqual([old[31], old[30], old[29]]);
  });

  it.each([
    ["bits", 28, 2, "2 bits a pixel with compression none"],
    ["compression", 30, 4, "24 bits a pixel with compression JPEG"],
    ["compression", 30, 77, "compression number 77"],
    ["run-length coding of 24 bits", 30, 1, "24 bits a pixel with compression RLE8"],
    ["header size", 14, 16, "a BMP header of 16 bytes"],
  ])("names the variant when %s is one that is not read", async (_, at, value, found) => {
    const file = await load("bmp-24.bmp");
    file[at] = value;
    expect(() => readBmpHeader(file, "x")).toThrow(
      expect.objectContaining({ code: "IMAGE_FORMAT", found: expect.stringContaining(found) }),
    );
  });

  it("calls a header that is cut off broken", async () => {
    const file = await load("bmp-24.bmp");
    for (let end = 2; end < 54; end++) {
      expect(() => readBmpHeader(file.subarray(0, end), "x")).toThrow(
        expect.objectContaining({ code: "IMAGE_BROKEN" }),
      );
    }
  });
});
