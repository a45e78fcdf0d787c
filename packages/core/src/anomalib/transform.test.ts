import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.js";
import { outputSize, parseTransform } from "./transform.js";

const parse = (value: unknown) =>
  parseTransform(parseJson(JSON.stringify(value), "metadata.json"), "metadata.json");
const step = (name: string, fields: object = {}) => ({
  __class_fullname__: name,
  always_apply: true,
  p: 1.0,
  ...fields,
});
const compose = (...transforms: unknown[]) => ({
  __version__: "1.3.1",
  transform: step("Compose", { transforms }),
});
const resize = (fields: object = {}) =>
  step("Resize", { height: 256, width: 256, interpolation: 1, ...fields });

const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

describe("parseTransform", () => {
  it("Anomalib 0.7's pipeline with crop (anomalib-semantics, the exact JSON of albumentations 1.3.1)", () => {
    const steps = parse(
      compose(
        resize(),
        step("CenterCrop", { height: 224, width: 192 }),
        step("Normalize", { always_apply: false, mean: MEAN, std: STD, max_pixel_value: 255.0 }),
        step("ToTensorV2", { transpose_mask: false }),
      ),
    );
    expect(steps).toEqual([
      { type: "resize", height: 256, width: 256, interpolation: "linear" },
      { type: "centerCrop", height: 224, width: 192 },
      { type: "normalize", mean: MEAN, std: STD, maxPixelValue: 255 },
    ]);
    expect(outputSize(steps)).toEqual({ height: 224, width: 192 });
    expect(outputSize([])).toBeNull();
  });

  it("takes dotted class names, nested Compose, missing keys by albumentations' defaults", () => {
    expect(
      parse(
        compose(
          step("albumentations.core.composition.Compose", {
            transforms: [
              {
                __class_fullname__: "albumentations.augmentations.geometric.resize.Resize",
                height: 10,
                width: 20,
              },
            ],
          }),
          { __class_fullname__: "Normalize" },
          { __class_fullname__: "albumentations.pytorch.transforms.ToTensorV2" },
        ),
      ),
    ).toEqual([
      { type: "resize", height: 10, width: 20, interpolation: "linear" },
      { type: "normalize", mean: MEAN, std: STD, maxPixelValue: 255 },
    ]);
    expect(parse(step("ToFloat", { max_value: null }))).toEqual([{ type: "toFloat", maxValue: 255 }]);
    expect(parse(compose())).toEqual([]);
  });

  it("interpolations: nearest, linear and area; cubic and lanczos4 are refused by name", () => {
    const kinds = [0, 1, 3].map((interpolation) => parse(resize({ interpolation }))[0]);
    expect(kinds.map((kind) => kind?.type === "resize" && kind.interpolation)).toEqual([
      "nearest",
      "linear",
      "area",
    ]);
    expect(() => parse(resize({ interpolation: 2 }))).toThrow(
      /Resize with interpolation 2 \(cubic\).*METADATA_TRANSFORM/,
    );
    expect(() => parse(resize({ interpolation: 4 }))).toThrow(/lanczos4.*METADATA_TRANSFORM/);
    expect(() => parse(resize({ interpolation: 7 }))).toThrow(/interpolation 7\..*METADATA_TRANSFORM/);
    expect(() => parse(resize({ interpolation: "1" }))).toThrow(/METADATA_FORMAT/);
  });

  it("any other transform is refused by name", () => {
    expect(() => parse(compose(step("HorizontalFlip", { p: 1 })))).toThrow(
      /HorizontalFlip.*METADATA_TRANSFORM/,
    );
    expect(() => parse(compose(step("my.own.GaussNoise")))).toThrow(/found GaussNoise/);
    expect(() => parse(step("Normalize", { normalization: "min_max" }))).toThrow(
      /normalization the text "min_max".*METADATA_TRANSFORM/,
    );
  });

  it("what is random at inference is refused, unless always_apply overrides p", () => {
    expect(() => parse(resize({ p: 0.5, always_apply: false }))).toThrow(
      /Resize with p 0.5, which is random.*METADATA_TRANSFORM/,
    );
    expect(() => parse({ ...compose(resize()).transform, p: 0.5, always_apply: false })).toThrow(
      /Compose with p 0.5/,
    );
    expect(parse(resize({ p: 0.5, always_apply: true }))).toHaveLength(1);
    expect(() => parse(resize({ p: "1" }))).toThrow(/Resize\.p.*METADATA_FORMAT/);
    expect(() => parse(resize({ p: 1.5 }))).toThrow(/METADATA_FORMAT/);
  });

  it("wrong values are named", () => {
    expect(() => parse(resize({ height: 0 }))).toThrow(/Resize\.height, found 0.*METADATA_FORMAT/);
    expect(() => parse(resize({ width: 1e9 }))).toThrow(/Resize\.width/);
    expect(() => parse(resize({ width: null }))).toThrow(/Resize\.width, found null/);
    expect(() => parse(step("Normalize", { mean: [0.5, 0.5] }))).toThrow(
      /three numbers as Normalize\.mean, found a list/,
    );
    expect(() => parse(step("Normalize", { std: [0.2, 0, 0.2] }))).toThrow(
      /numbers above 0 as Normalize\.std/,
    );
    expect(() => parse(step("Normalize", { max_pixel_value: 0 }))).toThrow(/Normalize\.max_pixel_value/);
    expect(() => parse(step("ToFloat", { max_value: "255" }))).toThrow(/ToFloat\.max_value/);
    expect(() => parse(42)).toThrow(/an object as transform, found 42/);
    expect(() => parse({ transform: { p: 1 } })).toThrow(/__class_fullname__, found nothing/);
    expect(() => parse(step("Compose", { transforms: {} }))).toThrow(/a list as transform\.transforms/);
  });

  it("one number stands for all channels", () => {
    expect(parse(step("Normalize", { mean: 0.5, std: 0.25 }))).toEqual([
      { type: "normalize", mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], maxPixelValue: 255 },
    ]);
  });

  it("orders that cannot be are refused", () => {
    expect(() => parse(compose(step("ToFloat"), resize()))).toThrow(
      /resize after the values were scaled.*METADATA_TRANSFORM/,
    );
    expect(() => parse(compose(step("ToFloat"), step("Normalize")))).toThrow(/normalize after/);
    expect(() => parse(compose(step("ToTensorV2"), resize()))).toThrow(/Resize after ToTensorV2/);
    expect(() => parse(compose(resize(), step("CenterCrop", { height: 257, width: 256 })))).toThrow(
      /at most 256 × 256 pixels, found 256 × 257.*METADATA_FORMAT/,
    );
    expect(() => parse(compose(...Array.from({ length: 17 }, () => resize())))).toThrow(/17 steps/);
  });
});
