import { describe, expect, it } from "vitest";
import { encodeWebp } from "./encode-webp.js";
import { readImage } from "./read-image.js";

const side = 64;
const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (Math.floor(i / 3) % side) * 3);
const image = { width: side, height: side, channels: 3, data } as const;

describe("encodeWebp", () => {
  it("gives a picture that looks the same and is smaller", async () => {
    const bytes = await encodeWebp(image);
    expect(bytes.length).toBeLessThan(data.length / 5);
    const back = await readImage(bytes);
    expect([back.width, back.height]).toEqual([side, side]);
    expect(Math.max(...back.data.map((value, i) => Math.abs(value - data[i]!)))).toBeLessThan(24);
  });
  it("refuses data of another length", async () => {
    const cut = { ...image, data: data.subarray(1) };
    await expect(encodeWebp(cut)).rejects.toMatchObject({ code: "IMAGE_PIXELS" });
  });
});
