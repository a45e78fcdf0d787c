import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyCapture } from "./apply-capture.js";
import type { Capture } from "./capture.js";
import type { DecodedImage } from "./image.js";
import { toRgb } from "./to-rgb.js";

type Data = DecodedImage["data"];

const grey = (data: Data, fields: Partial<DecodedImage> = {}): DecodedImage => ({
  format: "tiff",
  width: data.length,
  height: 1,
  channels: 1,
  colour: "grey",
  alpha: false,
  data,
  orientation: 1,
  ...fields,
});
const mapped = (decoded: DecodedImage, capture: Capture) => [...applyCapture(decoded, capture, "x").data];
const failure = (decoded: DecodedImage, capture?: Capture) => () => applyCapture(decoded, capture, "a.tif");

const whole = fc.integer({ min: 0, max: 65535 });
const ranges = fc
  .tuple(whole, whole)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));

describe("a range", () => {
  it("maps its ends to 0 and 255, monotonously, and clips", () => {
    fc.assert(
      fc.property(ranges, fc.array(whole, { minLength: 1, maxLength: 50 }), (range, some) => {
        const samples = [...some, range.min, range.max, 0, 65535].sort((a, b) => a - b);
        const out = mapped(grey(Uint16Array.from(samples)), { range });
        expect(out).toEqual([...out].sort((a, b) => a - b));
        expect(out[samples.indexOf(range.min)]).toBe(0);
        expect(out[samples.indexOf(range.max)]).toBe(255);
        expect(mapped(grey(Float32Array.from(samples)), { range })).toEqual(out);
      }),
    );
  });

  it("from 0 to 255 changes nothing of 8 bits, in any format", () => {
    const data = Uint8Array.from({ length: 256 }, (_, i) => i);
    for (const traits of [{}, { maxValue: 200 }, { maxValue: 255, plainText: true }] as const)
      expect(mapped(grey(data, { traits }), { range: { min: 0, max: 255 } })).toEqual([...data]);
  });

  it("gives a 12-bit picture in 16 bits the bytes of its 8-bit equal", () => {
    const eight = Uint8Array.from({ length: 256 }, (_, i) => i);
    const twelve = Uint16Array.from(eight, (v) => Math.round((v * 4095) / 255));
    expect(mapped(grey(twelve), { range: { min: 0, max: 4095 } })).toEqual([...eight]);
  });

  it("rounds half to even", () => {
    // 510 steps for 255 levels: every other sample lies half way.
    expect(mapped(grey(Uint16Array.of(1, 3, 5, 7)), { range: { min: 0, max: 510 } })).toEqual([0, 2, 2, 4]);
  });

  it("counts in the file's own numbers: before maxval, and before white-is-zero is turned", () => {
    const range = { min: 0, max: 4095 };
    const pnm = grey(Uint16Array.of(0, 4095), { format: "pnm", traits: { maxValue: 4095 } });
    expect(mapped(pnm, { range })).toEqual([0, 255]);
    const stored = [0, 4095, 819];
    const turned = grey(
      Uint16Array.from(stored, (v) => 65535 - v),
      { traits: { whiteIsZero: true } },
    );
    expect(mapped(turned, { range })).toEqual([255, 0, 204]);
    expect(mapped(grey(Float32Array.from(stored), { traits: { whiteIsZero: true } }), { range })).toEqual([
      255, 0, 204,
    ]);
    // What was mapped is not mapped again by a reader.
    expect([...toRgb(applyCapture(turned, { range }, "x"), "pillow").data.subarray(6)]).toEqual([
      204, 204, 204,
    ]);
  });

  it("leaves alpha out", () => {
    const one = { channels: 2, alpha: true, width: 1 } as const;
    expect(mapped(grey(Uint16Array.of(4095, 65535), one), { range: { min: 0, max: 4095 } })).toEqual([
      255, 255,
    ]);
    expect(mapped(grey(Uint8Array.of(10, 7), one), { range: { min: 0, max: 20 } })).toEqual([128, 7]);
  });

  it("is refused where the file's samples cannot reach it, and of CMYK", () => {
    const refused = expect.objectContaining({ code: "PICTURE_CAPTURE", subject: "a.tif" });
    const range = { min: 0, max: 4095 };
    expect(failure(grey(Uint8Array.of(1)), { range })).toThrow(refused);
    expect(failure(grey(Uint16Array.of(1)), { range: { min: 0, max: 65536 } })).toThrow(refused);
    const cmyk = grey(Uint8Array.of(1, 2, 3, 4), { colour: "cmyk", channels: 4, width: 1 });
    expect(failure(cmyk, { range: { min: 0, max: 255 } })).toThrow(refused);
  });
});

describe("without a word of the camera", () => {
  it("a picture stays the same object", () => {
    for (const data of [Uint8Array.of(1), Uint16Array.of(1)])
      for (const capture of [undefined, {}, { millimetresPerPixel: 0.1 }])
        expect(applyCapture(grey(data), capture, "x").data).toBe(data);
  });

  it("real numbers are no picture", () => {
    const real = grey(Float32Array.of(0.5));
    expect(failure(real)).toThrow(expect.objectContaining({ code: "IMAGE_FORMAT", subject: "a.tif" }));
    expect(failure(real, { bayer: "rggb" })).toThrow("--range");
    expect(() => toRgb(real, "opencv")).toThrow(/IMAGE_FORMAT/);
  });
});

describe("real numbers", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("must not be %d", (bad) => {
    const real = grey(Float32Array.of(0, bad, 1));
    expect(failure(real, { range: { min: 0, max: 1 } })).toThrow(
      expect.objectContaining({ code: "PICTURE_SAMPLES", subject: "a.tif" }),
    );
  });

  it("may lie in any range", () =>
    expect(mapped(grey(Float32Array.of(-2, -1.5, -1, 7)), { range: { min: -2, max: -1 } })).toEqual([
      0, 128, 255, 255,
    ]));
});

describe("a raw frame", () => {
  const frame = (data: Data, width = 2) => grey(data, { width, height: data.length / width });

  it("becomes colour in its own precision, and 8 bits then", () => {
    // Green is (1 + 2) / 2 = 1.5 of 4095 steps: rounded once, at the end.
    const { data, ...rest } = applyCapture(
      frame(Uint16Array.of(4095, 1365, 1366, 0)),
      { bayer: "rggb", range: { min: 0, max: 4095 } },
      "x",
    );
    expect(rest).toMatchObject({ channels: 3, colour: "rgb", width: 2, height: 2 });
    expect([...data]).toEqual([255, 85, 0, 255, 85, 0, 255, 85, 0, 255, 85, 0]);
  });

  it("without a range takes that of its file", () => {
    const first = (data: Data, traits = {}) => mapped({ ...frame(data), traits }, { bayer: "bggr" })[2];
    expect(first(Uint8Array.of(200, 0, 0, 0))).toBe(200);
    expect(first(Uint16Array.of(32768, 0, 0, 0))).toBe(128);
    expect(first(Uint16Array.of(500, 0, 0, 0), { maxValue: 1000 })).toBe(128);
  });

  it("is one sample a pixel and at least 2 × 2", () => {
    const refused = expect.objectContaining({ code: "PICTURE_CAPTURE", subject: "a.tif" });
    const colour = grey(new Uint8Array(12), { channels: 3, colour: "rgb", width: 2, height: 2 });
    const alpha = grey(new Uint8Array(8), { channels: 2, alpha: true, width: 2, height: 2 });
    for (const decoded of [colour, alpha, grey(new Uint8Array(4)), frame(new Uint8Array(4), 1)])
      expect(failure(decoded, { bayer: "rggb" })).toThrow(refused);
  });
});
