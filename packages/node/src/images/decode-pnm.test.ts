import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "./decode-limits.js";
import { decodePnm } from "./decode-pnm.js";

function decode(text: string, limits = DEFAULT_LIMITS) {
  return decodePnm(Buffer.from(text, "latin1"), "x.pnm", limits);
}

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 6 }),
    channels: fc.constantFrom(1, 3),
    max: fc.integer({ min: 1, max: 65535 }),
  })
  .chain((sides) => {
    const length = sides.width * sides.height * sides.channels;
    return fc
      .array(fc.integer({ min: 0, max: sides.max }), { minLength: length, maxLength: length })
      .map((samples) => ({ ...sides, samples }));
  });

describe("decodePnm", () => {
  it("gives back the samples of text and byte files of every maxval", () => {
    fc.assert(
      fc.property(pictures, fc.boolean(), ({ width, height, channels, max, samples }, plain) => {
        const kind = (channels === 3 ? 3 : 2) + (plain ? 0 : 3);
        const bytes = max > 255 ? samples.flatMap((v) => [v >> 8, v & 255]) : samples;
        const body = plain ? `${samples.join(" ")}\n` : Buffer.from(bytes).toString("latin1");
        const decoded = decode(`P${kind}\n${width} ${height}\n${max}\n${body}`);
        expect([...decoded.data]).toEqual(samples);
        expect(decoded.data).toBeInstanceOf(max > 255 ? Uint16Array : Uint8Array);
        expect(decoded).toMatchObject({
          width,
          height,
          channels,
          traits: { maxValue: max, plainText: plain },
        });
      }),
    );
  });

  it("reads bits, with 1 as black, each row from a new byte", () => {
    const shown = [
      255, 0, 255, 255, 255, 255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    ];
    expect([...decode("P4 10 2\n\x40\x40\x80\x00").data]).toEqual(shown);
    expect([...decode("P1 10 2\n0100000001 1000000000").data]).toEqual(shown);
    expect([...decode("P1\n2 1\n#1 0\n0\t#0\n1").data]).toEqual([255, 0]);
  });

  it("reads comments, any white space and what follows the picture", () => {
    expect([...decode("P5#a\n#b\r\n 2\t#c\n1 255\n\x23\x0a rest").data]).toEqual([0x23, 0x0a]);
    expect([...decode("P2 2 1 9 #end\n 0008\r\n9#").data]).toEqual([8, 9]);
  });

  it.each([
    ["P5", "no size"],
    ["P5 1", "no height"],
    ["P5 1 1", "no maxval"],
    ["P5 1 1 255", "nothing after maxval"],
    ["P5 1 -1 255\n\0", "a sign"],
    ["P5 0 1 255\n\0", "no pixels"],
    ["P5 1 1 0\n\0", "maxval 0"],
    ["P5 1 1 65536\n\0", "maxval above 16 bits"],
    ["P5 2 2 255\n\0\0\0", "a missing byte"],
    ["P5 2 1 256\n\0\0\0", "half a sample"],
    ["P4 9 1\n\0", "a missing bit"],
    ["P2 3 1 255\n1 2 ", "a missing number"],
    ["P2 3 1 255\n1 2 3", "a number that may be cut"],
    ["P2 3 1 255\n1 2 x", "a letter"],
    ["P2 3 1 255\n1 2 256 ", "a number above maxval"],
    ["P1 3 1\n012", "a bit that is none"],
    ["P1 3 1\n0 1#", "a missing bit of text"],
    ["P5 9999999999 1 255\n\0", "an endless number"],
  ])("calls %j broken: %s", (text) => {
    expect(() => decode(text)).toThrow(expect.objectContaining({ code: "IMAGE_BROKEN", subject: "x.pnm" }));
  });

  it("refuses a giant before taking memory for it", () => {
    expect(() => decode("P6 60000 60000 65535\n")).toThrow(
      expect.objectContaining({ code: "IMAGE_TOO_LARGE" }),
    );
    expect(() => decode("P4 999999999 999999999\n")).toThrow(
      expect.objectContaining({ code: "IMAGE_TOO_LARGE" }),
    );
    expect(() => decode("P2 14000 14000 255\n1 2 3")).toThrow(
      expect.objectContaining({ code: "IMAGE_BROKEN" }),
    );
  });
});
