import { describe, expect, it } from "vitest";
import { pixelHash, sha256 } from "./sha256.js";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("sha256", () => {
  it("gives the standard's own examples", () => {
    expect(sha256([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256([bytes("abc")])).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("takes parts as one text, wherever they stand in memory", () => {
    expect(sha256([bytes("a"), bytes(""), bytes("xbcx").subarray(1, 3)])).toBe(sha256([bytes("abc")]));
  });
});

describe("pixelHash", () => {
  const picture = (width: number, ...data: number[]) => {
    const pixels = Uint8Array.from(data);
    return { width, height: pixels.length / 3 / width, channels: 3, data: pixels } as const;
  };

  it("knows pixels and their arrangement", () => {
    const hash = pixelHash(picture(2, 1, 2, 3, 4, 5, 6));
    expect(pixelHash(picture(2, 1, 2, 3, 4, 5, 6))).toBe(hash);
    expect(pixelHash(picture(1, 1, 2, 3, 4, 5, 6))).not.toBe(hash);
    expect(pixelHash(picture(2, 1, 2, 3, 4, 5, 7))).not.toBe(hash);
  });
});
