import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noiseRgb, pictureOf } from "../../../../../tests/support/noise.js";
import { readReference, sha256 } from "../../../../../tests/support/resample-reference.js";
import type { RgbImage } from "../image/image.js";
import { preProcess, preProcessedSize, preProcessParts } from "./pre-process.js";
import type { PreprocessStep } from "./steps.js";

interface PreprocessFixture {
  readonly imagenet: readonly (readonly number[])[];
  readonly normalize: readonly { mean: number[]; std: number[]; max: number; sha256: string }[];
  readonly toFloat: readonly { max: number; sha256: string }[];
  readonly compose: readonly {
    from: [number, number];
    resize: number;
    crop: number | null;
    normalize: boolean;
    seed: number;
    sha256: string;
  }[];
}

const reference = readReference<PreprocessFixture>("preprocess");
const imagenet: PreprocessStep = {
  type: "normalize",
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  maxPixelValue: 255,
};
const toFloat: PreprocessStep = { type: "toFloat", maxValue: 255 };
const resize = (side: number): PreprocessStep => ({
  type: "resize",
  width: side,
  height: side,
  interpolation: "linear",
});
const crop = (width: number, height: number): PreprocessStep => ({ type: "centerCrop", width, height });
/** One pixel for each of the 256 values, the same in all channels. */
const everyValue: RgbImage = { ...pictureOf(1, 256, 3, (_, y) => y), channels: 3 };

describe("reference numbers of albumentations", () => {
  test("Normalize with ImageNet's constants, all 256 values of each channel", () => {
    const { data } = preProcess(everyValue, [imagenet]);
    for (let channel = 0; channel < 3; channel++) {
      expect([...data.subarray(channel * 256, (channel + 1) * 256)]).toEqual(reference.imagenet[channel]);
    }
  });

  test.each(reference.normalize)(
    "Normalize mean $mean std $std max $max",
    ({ mean, std, max, sha256: expected }) => {
      const { data } = preProcess(everyValue, [{ type: "normalize", mean, std, maxPixelValue: max }]);
      expect(sha256(data)).toBe(expected);
    },
  );

  test.each(reference.toFloat)("ToFloat of at most $max", ({ max, sha256: expected }) => {
    expect(sha256(preProcess(everyValue, [{ type: "toFloat", maxValue: max }]).data)).toBe(expected);
  });

  test.each(reference.compose)("Resize $resize, CenterCrop $crop, normalize $normalize", (compose) => {
    const side = compose.crop ?? compose.resize;
    const steps = [resize(compose.resize), ...(compose.crop === null ? [] : [crop(side, side)])];
    const picture = noiseRgb(...compose.from, compose.seed);
    const { data, shape } = preProcess(picture, [...steps, compose.normalize ? imagenet : toFloat]);
    expect(shape).toEqual([1, 3, side, side]);
    expect(sha256(data)).toBe(compose.sha256);
  });
});

describe("properties", () => {
  const side = fc.integer({ min: 1, max: 12 });

  test("without a step on values the samples become plain floats, channel by channel", () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        const picture = noiseRgb(width, height, width);
        const { data, shape } = preProcess(picture, []);
        expect(shape).toEqual([1, 3, height, width]);
        data.forEach((value, index) => {
          const pixel = index % (width * height);
          expect(value).toBe(picture.data[pixel * 3 + Math.floor(index / (width * height))]);
        });
      }),
    );
  });

  test("the announced size is the size of the result", () => {
    fc.assert(
      fc.property(side, side, side, (width, height, target) => {
        const steps = [resize(target + 1), crop(target, 1), toFloat];
        const size = preProcessedSize(steps, width, height);
        expect(size).toEqual({ width: target, height: 1 });
        expect(preProcess(noiseRgb(width, height, 1), steps).shape).toEqual([1, 3, size.height, size.width]);
      }),
    );
    expect(preProcessedSize([toFloat], 7, 5)).toEqual({ width: 7, height: 5 });
  });

  test("each interpolation gives its own result", () => {
    const picture = noiseRgb(40, 30, 5);
    const results = (["nearest", "linear", "area", "antialias"] as const).map((interpolation) =>
      sha256(preProcess(picture, [{ type: "resize", width: 13, height: 11, interpolation }]).data),
    );
    expect(new Set(results).size).toBe(4);
  });

  test("writes to `out` when given, every element of it, and leaves the picture alone", () => {
    const picture = noiseRgb(6, 4, 2);
    const before = picture.data.slice();
    const out = new Float32Array(72).fill(Number.NaN);
    const result = preProcess(picture, [imagenet], out);
    expect(result.data).toBe(out);
    expect(result).toEqual(preProcess(picture, [imagenet]));
    expect(picture.data).toEqual(before);
  });
});

describe("bad input", () => {
  const picture = noiseRgb(6, 4, 2);

  test.each<[string, PreprocessStep[]]>([
    ["resize after normalize", [imagenet, resize(4)]],
    ["centerCrop after toFloat", [toFloat, crop(2, 2)]],
    ["toFloat after normalize", [imagenet, toFloat]],
    ["normalize after normalize", [resize(4), imagenet, imagenet]],
  ])("%s makes no sense", (order, steps) => {
    expect(() => preProcess(picture, steps)).toThrow(expect.objectContaining({ code: "METADATA_TRANSFORM" }));
    expect(() => preProcess(picture, steps)).toThrow(`found ${order}`);
  });

  test.each<[string, PreprocessStep]>([
    ["two means", { ...imagenet, mean: [0.4, 0.5] }],
    ["a NaN mean", { ...imagenet, mean: [0.4, Number.NaN, 0.5] }],
    ["one deviation", { ...imagenet, std: [0.2] }],
    ["a deviation of 0", { ...imagenet, std: [0.2, 0, 0.2] }],
    ["no largest value", { ...imagenet, maxPixelValue: 0 }],
    ["an infinite divisor", { type: "toFloat", maxValue: Number.POSITIVE_INFINITY }],
  ])("%s is refused", (_, step) => {
    expect(() => preProcess(picture, [step])).toThrow(
      expect.objectContaining({ code: "METADATA_TRANSFORM" }),
    );
  });

  test.each([71, 73, 0])("`out` of %i elements is refused for 72", (length) => {
    const out = new Float32Array(length);
    expect(() => preProcess(picture, [toFloat], out)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE" }),
    );
  });

  test("a crop larger than the picture is refused", () => {
    expect(() => preProcess(picture, [crop(7, 4)])).toThrow(
      expect.objectContaining({ code: "IMAGE_TOO_SMALL" }),
    );
  });

  test("a picture without pixels, or whose data does not fit, is refused", () => {
    for (const data of [new Uint8Array(71), new Uint8Array(0)]) {
      expect(() => preProcess({ ...picture, data }, [toFloat])).toThrow(
        expect.objectContaining({ code: "IMAGE_PIXELS" }),
      );
    }
  });
});

describe("preProcessParts", () => {
  test("gives every part of the tensor of preProcess, to the bit", () => {
    const side = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(side, side, fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99), (width, height, a, b, c, d) => {
        const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919 + a) % 256);
        const image = { width, height, channels: 3 as const, data };
        const steps: PreprocessStep[] = [
          { type: "normalize", mean: [127, 120, 90], std: [128, 60, 30], maxPixelValue: 1 },
        ];
        const whole = preProcess(image, steps);
        const parts = preProcessParts(image, steps);
        expect(parts.shape).toEqual(whole.shape);
        const [x, y] = [a % width, b % height];
        const [w, h] = [1 + (c % (width - x)), 1 + (d % (height - y))];
        const out = new Float32Array(3 * w * h);
        parts.part(x, y, w, h, out);
        for (let channel = 0, at = 0; channel < 3; channel++)
          for (let row = 0; row < h; row++)
            for (let column = 0; column < w; column++, at++)
              expect(out[at]).toBe(whole.data[(channel * height + y + row) * width + x + column]);
      }),
    );
  });

  test("refuses what preProcess refuses", () => {
    const broken = { width: 2, height: 2, channels: 3 as const, data: new Uint8Array(5) };
    expect(() => preProcessParts(broken, [])).toThrow(/IMAGE_PIXELS/);
  });
});
