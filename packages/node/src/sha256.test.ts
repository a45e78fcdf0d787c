import { describe, expect, it } from "vitest";
import { sha256 } from "./sha256.js";

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
