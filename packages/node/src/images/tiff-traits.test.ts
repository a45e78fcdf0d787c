import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tiffTraits } from "./tiff-traits.js";

const PICTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");

describe("tiffTraits", () => {
  it.each([
    ["tiff-rgba-8.tif", { alphaKind: "straight" }],
    ["tiff-rgba-16-associated.tif", { alphaKind: "premultiplied" }],
    ["tiff-rgba-8-unspecified.tif", {}],
    ["tiff-grey-16-white-is-zero.tif", { whiteIsZero: true }],
    ["tiff-grey-16-big-endian.tif", {}],
  ])("%s", async (name, traits) => {
    expect(tiffTraits(await readFile(resolve(PICTURES, name)))).toEqual(traits);
  });

  it.each([true, false])("reads the directory of a BigTIFF (little endian: %s)", (little) => {
    const view = new DataView(new ArrayBuffer(16 + 8 + 2 * 20));
    view.setUint16(0, little ? 0x4949 : 0x4d4d);
    view.setUint16(2, 43, little);
    view.setBigUint64(8, 16n, little);
    view.setBigUint64(16, 2n, little);
    for (const [i, [tag, value]] of [
      [262, 0],
      [338, 2],
    ].entries()) {
      view.setUint16(24 + 20 * i, tag!, little);
      view.setUint16(26 + 20 * i, 3, little);
      view.setBigUint64(28 + 20 * i, 1n, little);
      view.setUint16(36 + 20 * i, value!, little);
    }
    expect(tiffTraits(new Uint8Array(view.buffer))).toEqual({ whiteIsZero: true, alphaKind: "straight" });
  });

  it("finds nothing in rubbish, and ends", () => {
    const head = fc.constantFrom("II*\0", "MM\0*", "II+\0", "MM\0+").map((text) => Buffer.from(text));
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        expect(Object.keys(tiffTraits(Buffer.concat([start, rest]))).length).toBeLessThanOrEqual(2);
      }),
    );
    const endless = Buffer.concat([
      Buffer.from("II*\0\x08\0\0\0\xff\xff", "latin1"),
      Buffer.alloc(12 * 65535),
    ]);
    expect(tiffTraits(endless)).toEqual({});
  });
});
