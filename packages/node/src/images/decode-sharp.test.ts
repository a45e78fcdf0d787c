/** What sharp is kept from doing. The pixels of whole files are in read-image.test.ts. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { realTiff } from "../../../../tests/support/camera-files.js";
import { DEFAULT_LIMITS } from "./decode-limits.js";
import { compressWithSharp, decodeWithSharp } from "./decode-sharp.js";

const PICTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");

async function decode(name: string) {
  const format = name.split("-")[0]!.split(".")[0] as "png";
  return decodeWithSharp(await readFile(resolve(PICTURES, name)), format, name, DEFAULT_LIMITS);
}

describe("decodeWithSharp", () => {
  it.each([
    ["png-grey-16.png", { channels: 1, colour: "grey", alpha: false }],
    ["png-grey-alpha-16.png", { channels: 2, colour: "grey", alpha: true }],
    ["png-grey-16-key.png", { channels: 1, colour: "grey", alpha: false }],
    ["png-palette-transparent.png", { channels: 4, colour: "rgb", alpha: true }],
    ["png-rgba-16.png", { channels: 4, colour: "rgb", alpha: true }],
    ["jpeg-grey.jpg", { channels: 1, colour: "grey", alpha: false }],
    ["jpeg-ycck.jpg", { channels: 4, colour: "cmyk", alpha: false }],
    ["jpeg-exif-6.jpg", { width: 11, height: 9, orientation: 6 }],
    ["webp-lossy-alpha.webp", { channels: 4, alpha: true, orientation: 1 }],
    ["tiff-rgba-8.tif", { alpha: true, traits: { alphaKind: "straight" } }],
    ["gif-transparent.gif", { channels: 3, alpha: false }],
  ])("%s is given as it is stored", async (name, wanted) => {
    const decoded = await decode(name);
    expect(decoded).toMatchObject(wanted);
    expect(decoded.data).toHaveLength(decoded.width * decoded.height * decoded.channels);
    expect(decoded.data).toBeInstanceOf(/-16/.test(name) ? Uint16Array : Uint8Array);
    expect(Buffer.isBuffer(decoded.data)).toBe(false);
  });

  it("gives real numbers as they are, grey and RGB, whichever end is white", async () => {
    const data = [-0.5, Number.NaN, 1e6, 0.25, 7, 8];
    for (const [channels, whiteIsZero] of [
      [1, false],
      [1, true],
      [3, false],
    ] as const) {
      const file = realTiff({ width: 6 / channels, height: 1, channels, data }, whiteIsZero);
      const decoded = await decodeWithSharp(file, "tiff", "x.tif", DEFAULT_LIMITS);
      expect(decoded).toMatchObject({ channels, colour: channels === 1 ? "grey" : "rgb", alpha: false });
      expect(decoded.data).toEqual(Float32Array.from(data));
      expect(decoded.traits?.whiteIsZero ?? false).toBe(whiteIsZero);
    }
  });

  it.each(["tiff-rgba-8-associated.tif", "tiff-rgba-16-associated.tif"])(
    "%s keeps its premultiplied samples",
    async (name) => {
      const { data } = await decode(name);
      const file = await readFile(resolve(PICTURES, name));
      const stored = file.subarray(file.length - data.byteLength);
      expect(Buffer.from(data.buffer, data.byteOffset, data.byteLength)).toEqual(stored);
    },
  );

  it("names kinds of samples that are not read", async () => {
    const file = await readFile(resolve(PICTURES, "tiff-grey-16.tif"));
    // The directory's first and third entry: 6 columns of 32 bits need no more bytes than 13 of 16.
    file.writeUInt32LE(6, 10 + 8);
    file.writeUInt16LE(32, 10 + 2 * 12 + 8);
    await expect(decodeWithSharp(file, "tiff", "x", DEFAULT_LIMITS)).rejects.toMatchObject({
      code: "IMAGE_FORMAT",
      found: "b-w samples of type uint",
    });
  });
});

describe("compressWithSharp", () => {
  it("writes the colour type of its channels, at any level", async () => {
    for (const [channels, type] of [
      [1, 0],
      [2, 4],
      [3, 2],
      [4, 6],
    ] as const) {
      const image = { width: 5, height: 4, channels, data: new Uint8Array(20 * channels).fill(99) };
      for (const level of [0, 9]) expect((await compressWithSharp(image, level))[25]).toBe(type);
    }
  });
});
