import { describe, expect, it } from "vitest";
import { backboneWith } from "../../../../../tests/support/small-training.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { anomalibBackbone, anomalibRecipe } from "./anomalib-recipe.js";
import type { PatchcoreRecipe } from "./recipe-types.js";

const tap = (channels: number, stride: number) => ({ name: `t${stride}`, channels, stride, scale: 2 });
const RESNET18 = backboneWith(tap(64, 4), tap(128, 8), tap(256, 16));
const WIDE = backboneWith(tap(256, 4), tap(512, 8), tap(1024, 16));
const LITE0 = backboneWith(tap(40, 8), tap(112, 16));

describe("anomalibRecipe", () => {
  it("follows Anomalib: one PaDiM on the finest grid, its channel draw, its resize", () => {
    const recipe = anomalibRecipe(RESNET18, {});
    expect(recipe).toMatchObject({
      profile: "anomalib-0.7",
      size: { width: 256, height: 256 },
      sigma: 4,
      score: "max",
      seed: 42,
      threshold: "leave-one-out",
      turnedBelow: 0,
    });
    expect(recipe.passes).toMatchObject([
      {
        size: { width: 256, height: 256 },
        detectors: [
          {
            channels: 100,
            grid: { width: 64, height: 64 },
            weight: 1,
            embedding: { grid: "finest", neighbourhood: 1, scales: [1, 1, 1], projection: null },
            head: { kind: "padim", ridge: { absolute: 0.01 }, poolBelow: 0, factors: "int16" },
          },
        ],
      },
    ]);
    const [{ preprocessing, detectors }] = recipe.passes as [(typeof recipe.passes)[number]];
    expect(preprocessing[0]).toMatchObject({ interpolation: "linear", width: 256 });
    // What Anomalib 0.7 draws after seed_everything(42).
    expect(detectors[0]?.embedding.channels?.slice(0, 5)).toEqual([327, 57, 12, 379, 140]);
    const few = anomalibRecipe(RESNET18, { channels: 14 });
    expect(few.passes[0]?.detectors[0]?.embedding.channels?.slice(10)).toEqual([346, 279, 44, 302]);
  });

  it("knows Anomalib's defaults by the number of channels", () => {
    expect(anomalibRecipe(WIDE, {}).passes[0]?.detectors[0]?.channels).toBe(550);
    expect(() => anomalibRecipe(LITE0, {})).toThrow(/no default for this backbone.*OPTION_VALUE/);
    expect(anomalibRecipe(LITE0, { channels: 60 }).passes[0]?.detectors[0]?.channels).toBe(60);
  });

  it("takes what it shares with our own recipe", () => {
    const options = { size: 128, score: "top1%", falseAlarmRate: 0.01, seed: 7, ignoreBorder: 4 } as const;
    const { size, ...rest } = anomalibRecipe(RESNET18, { ...options, factors: "int8", head: "padim" });
    expect(rest).toMatchObject({ score: "top1%", falseAlarmRate: 0.01, seed: 7, ignoreBorder: 4 });
    expect(size).toEqual({ width: 128, height: 128 });
    expect(rest.passes[0]?.detectors[0]).toMatchObject({ head: { factors: "int8" }, grid: { width: 32 } });
  });

  it.each<[string, RecipeOptions]>([
    ["--quality", { quality: "balanced" }],
    ["--bank", { bank: 100 }],
    ["--bank-precision", { bankPrecision: "int8" }],
    ["--fusion", { padimWeight: 0.5 }],
    ["--head", { head: "fusion" }],
    ["--coreset", { coreset: 0.1 }],
    ["--coreset", { head: "padim", coreset: 0.1 }],
    ["--turned", { turned: true }],
    ["--threshold", { threshold: "precise" }],
    ["--statistics", { statistics: "shared" }],
  ])("refuses %s, which Anomalib's PaDiM does not have", (option, options) => {
    expect(() => anomalibRecipe(RESNET18, options)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: option }),
    );
  });

  it("takes the same options where they say what it does anyway", () => {
    const same = { head: "padim", turned: false, threshold: "leave-one-out" } as const;
    expect(anomalibRecipe(RESNET18, same)).toEqual(anomalibRecipe(RESNET18, {}));
  });

  it("refuses sizes and numbers of channels that do not fit", () => {
    expect(() => anomalibRecipe(RESNET18, { size: 250 })).toThrow(/multiple of 32/);
    expect(() => anomalibRecipe(RESNET18, { channels: 449 })).toThrow(/from 1 to 448/);
  });
});

describe("anomalibRecipe with PatchCore", () => {
  const named = (name: string, channels: number, stride: number) => ({ ...tap(channels, stride), name });
  const LAYERS = backboneWith(named("layer1", 64, 4), named("layer2", 128, 8), named("layer3", 256, 16));
  const detectorOf = (options: RecipeOptions, backbone = LAYERS) =>
    anomalibRecipe(backbone, { head: "patchcore", ...options }).passes[0]!.detectors[0]!;

  it("follows Anomalib: layers 2 and 3, local means, a tenth of all patches, nine neighbours, nearest map", () => {
    expect(anomalibRecipe(LAYERS, { head: "patchcore" })).toMatchObject({
      profile: "anomalib-0.7",
      size: { width: 256, height: 256 },
      sigma: 4,
      upsampling: "nearest",
      score: "max",
      seed: 42,
      threshold: "leave-one-out",
      turnedBelow: 0,
    });
    expect(detectorOf({})).toMatchObject({
      channels: 384,
      grid: { width: 32, height: 32 },
      weight: 1,
      embedding: { grid: "finest", neighbourhood: 3, scales: [1, 1], channels: null, projection: null },
      head: { kind: "patchcore", rows: { share: 0.1 }, precision: "float32", neighbours: 9 },
    });
    expect(detectorOf({ coreset: 0.01, size: 128 })).toMatchObject({
      grid: { width: 16 },
      head: { rows: { share: 0.01 } },
    });
  });

  it("keeps the taps that it looks at, and all of a backbone that names its layers otherwise", () => {
    const { taps } = anomalibBackbone(LAYERS, { head: "patchcore" });
    expect(taps.map(({ name }) => name)).toEqual(["layer2", "layer3"]);
    const once = { ...LAYERS, taps };
    expect(anomalibBackbone(once, { head: "patchcore" })).toEqual(once);
    expect(anomalibBackbone(LAYERS, {})).toBe(LAYERS);
    expect(anomalibBackbone(LITE0, { head: "patchcore" })).toBe(LITE0);
    expect(detectorOf({}, LITE0)).toMatchObject({ channels: 152, grid: { width: 32 } });
  });

  it("draws patches within a bound of memory, whatever their channels", () => {
    for (const backbone of [LAYERS, WIDE, LITE0]) {
      const { channels, head } = detectorOf({}, backbone);
      expect(4 * channels * (head as PatchcoreRecipe).pool).toBeLessThanOrEqual(400e6);
    }
  });

  it.each(["max", "top1%"] as const)("takes the score %s of the map instead of the bank's", (score) => {
    expect(detectorOf({ score }).head).not.toHaveProperty("neighbours");
    expect(anomalibRecipe(LAYERS, { head: "patchcore", score, ignoreBorder: 3 })).toMatchObject({
      score,
      ignoreBorder: 3,
    });
  });

  it.each<[string, RecipeOptions]>([
    ["--channels", { channels: 100 }],
    ["--factors", { factors: "int16" }],
    ["--bank", { bank: 100 }],
    ["--bank-precision", { bankPrecision: "float32" }],
    ["--threshold", { threshold: "precise" }],
    ["--turned", { turned: true }],
    ["The ignored border (--ignore-border)", { ignoreBorder: 4 }],
    ...[0, -1, 1.01, Number.NaN].map((coreset): [string, RecipeOptions] => [
      "The share of patches in the memory bank (--coreset)",
      { coreset },
    ]),
  ])("refuses %s %j", (subject, options) => {
    expect(() => detectorOf(options)).toThrow(expect.objectContaining({ code: "OPTION_VALUE", subject }));
  });
});
