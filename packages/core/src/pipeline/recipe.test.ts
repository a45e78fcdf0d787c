import { describe, expect, it } from "vitest";
import type { BackboneManifest, Tap } from "../stages/backbone/manifest.js";
import { recipeFor } from "./recipe.js";

const backbone = (...taps: Tap[]): BackboneManifest => ({
  id: "tiny",
  model: "model.onnx",
  sha256: "0".repeat(64),
  input: {
    name: "x",
    multipleOf: 32,
    colour: "rgb",
    mean: [127, 127, 127],
    std: [128, 128, 128],
    resize: "antialias",
  },
  taps,
  licence: "Apache-2.0",
  source: "made for this test",
});
const tap = (channels: number, stride: number, scale = 1): Tap => ({
  name: `t${stride}`,
  channels,
  stride,
  scale,
});
const LITE0 = backbone(tap(40, 8, 24.492), tap(112, 16, 34.412));
const RESNET18 = backbone(tap(64, 4), tap(128, 8), tap(256, 16));

describe("recipeFor", () => {
  it("by default keeps all channels of a small backbone on the coarsest grid", () => {
    const recipe = recipeFor(LITE0);
    expect(recipe).toMatchObject({
      channels: 152,
      grid: { width: 16, height: 16 },
      score: "top1%",
      poolBelow: 50,
      seed: 0,
    });
    expect(recipe.embedding).toEqual({
      grid: "coarsest",
      scales: [24.492, 34.412],
      channels: null,
      projection: null,
    });
    expect(recipe.preprocessing[0]).toMatchObject({ interpolation: "antialias", width: 256 });
  });

  it("projects the channels of a large one", () => {
    const { embedding, channels } = recipeFor(RESNET18);
    expect(channels).toBe(200);
    expect(embedding.projection?.data).toHaveLength(200 * 448);
  });

  it("follows Anomalib when asked: finest grid, its channel draw, its resize", () => {
    const recipe = recipeFor(RESNET18, { profile: "anomalib-0.7" });
    expect(recipe).toMatchObject({
      channels: 100,
      grid: { width: 64, height: 64 },
      score: "max",
      ridge: { absolute: 0.01 },
      seed: 42,
    });
    expect(recipe.embedding.channels?.slice(0, 5)).toEqual([327, 57, 12, 379, 140]);
    expect(recipe.preprocessing[0]).toMatchObject({ interpolation: "linear" });
    expect(
      recipeFor(RESNET18, { profile: "anomalib-0.7", channels: 14 }).embedding.channels?.slice(10),
    ).toEqual([346, 279, 44, 302]);
  });

  it.each([
    [{ size: 250 }, /multiple of 32/],
    [{ size: 8192 }, /up to 4096/],
    [{ channels: 153 }, /from 1 to 152/],
    [{ profile: "anomalib-0.7" as const }, /no default for this backbone/],
  ])("refuses %j", (options, message) => {
    expect(() => recipeFor(LITE0, options)).toThrow(message);
  });
});
