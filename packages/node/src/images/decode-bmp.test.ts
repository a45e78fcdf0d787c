/** Whole files against OpenCV and Pillow are in read-image.test.ts. */
import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeBmp } from "./decode-bmp.js";
import { DEFAULT_LIMITS } from "./decode-limits.js";

const PICTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");
const load = (name: string) => readFile(resolve(PICTURES, name));
const decode = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => decodeBmp(bytes, "x.bmp", limits);

describe("decodeBmp", () => {
  it("shows top-down rows in file order and others upside down", async () => {
    const up = await load("bmp-24.bmp");
    const down = Buffer.from(up);
    down.writeInt32LE(-9, 22);
    const rows = ({ data }: { data: ArrayLike<number> }) =>
      Array.from({ length: 9 }, (_, y) => Array.from(data).slice(y * 39, y * 39 + 39));
    expect(rows(decode(down))).toEqual(rows(decode(up)).reverse());
  });

  it("calls every cut of the pixels broken, but for the padding of the last row", async () => {
    for (const name of (await readdir(PICTURES)).filter((file) => file.startsWith("bmp-"))) {
      const file = await load(name);
      for (let end = 26; end < file.length - 4; end += 3) {
        expect(() => decode(file.subarray(0, end)), `${name} cut at ${end}`).toThrow(
          expect.objectContaining({ code: "IMAGE_BROKEN" }),
        );
      }
    }
    const padded = await load("bmp-24.bmp");
    expect(decode(padded.subarray(0, -1))).toEqual(decode(padded));
  });

  it("names channel masks that are not read", async () => {
    const deep = await load("bmp-32-masks.bmp");
    deep.writeUInt32LE(0x3ff00000, 54);
    expect(() => decode(deep)).toThrow(
      expect.objectContaining({
        code: "IMAGE_FORMAT",
        found: "a 32-bit BMP with channel masks 3ff00000 ff00 ff",
      }),
    );
    const packed = await load("bmp-16-565.bmp");
    packed.writeUInt32LE(0xf00, 54);
    expect(() => decode(packed)).toThrow(/channel masks f00 7e0 1f/);
  });

  it("refuses giants and pictures without pixels before taking memory", async () => {
    const file = await load("bmp-8-rle.bmp");
    for (const [width, height, code] of [
      [60000, 60000, "IMAGE_TOO_LARGE"],
      [2147483647, -2147483648, "IMAGE_TOO_LARGE"],
      [0, 9, "IMAGE_BROKEN"],
      [13, 0, "IMAGE_BROKEN"],
      [-13, 9, "IMAGE_BROKEN"],
    ] as const) {
      const lying = Buffer.from(file);
      lying.writeInt32LE(width, 18);
      lying.writeInt32LE(height, 22);
      expect(() => decode(lying)).toThrow(expect.objectContaining({ code }));
    }
    expect(() => decode(file, { ...DEFAULT_LIMITS, maxPixels: 116 })).toThrow(
      expect.objectContaining({ code: "IMAGE_TOO_LARGE" }),
    );
  });
});
