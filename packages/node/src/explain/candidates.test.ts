import { type RecipeOptions, recipeFor, type TrainedManifest } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { CANDIDATES, candidateRecipes } from "./candidates.js";

function manifestOf(options: RecipeOptions, changed: Partial<TrainedManifest> = {}): TrainedManifest {
  const { manifest } = smallModel();
  return { ...manifest, training: { ...manifest.training, options }, ...changed };
}

describe("candidateRecipes", () => {
  it("takes everything but what is tried from the model", () => {
    const own = { size: 96, head: "padim", seed: 7, ignoreBorder: 3, threshold: "precise" } as const;
    const base = { seed: 7, ignoreBorder: 3, falseAlarmRate: 0.05 };
    expect(candidateRecipes(["accurate", "patchcore", "128"], manifestOf(own))).toEqual([
      { name: "accurate", options: { ...base, quality: "accurate" } },
      { name: "patchcore", options: { ...base, size: 96, head: "patchcore" } },
      { name: "128", options: { ...base, size: 128, head: "padim" } },
    ]);
    expect(candidateRecipes(["padim", "64"], manifestOf({ quality: "fast" }))).toEqual([
      { name: "padim", options: { falseAlarmRate: 0.05, quality: "fast", head: "padim" } },
      { name: "64", options: { falseAlarmRate: 0.05, size: 64 } },
    ]);
  });

  it("tries every way on a model whose options only its own head has a use for", () => {
    const own = {
      bank: 100,
      bankPrecision: "float32",
      padimWeight: 1,
      factors: "int8",
      turned: true,
    } as const;
    const manifest = manifestOf(own);
    for (const { name, options } of candidateRecipes([...CANDIDATES, "64"], manifest))
      expect(() => recipeFor(manifest.backbone, options), name).not.toThrow();
    expect(candidateRecipes(["padim"], manifest)[0]!.options).not.toHaveProperty("bank");
  });

  it("tries every way on a model with tiles; a quality and a size have none", () => {
    const picture = { width: 1024, height: 512 };
    const manifest = manifestOf({ fit: "native", tile: 512, tileMargin: 32, picture });
    for (const { name, options } of candidateRecipes([...CANDIDATES, "64"], manifest)) {
      expect(() => recipeFor(manifest.backbone, options), name).not.toThrow();
      expect("tile" in options, name).toBe(name === "padim" || name === "patchcore");
    }
  });

  it("asks for the rate that the model was last set to", () => {
    const { calibration } = smallModel().manifest;
    const manifest = manifestOf(
      { falseAlarmRate: 0.2 },
      { calibration: { ...calibration, askedRate: 0.01 } },
    );
    expect(candidateRecipes(["fast"], manifest)[0]!.options.falseAlarmRate).toBe(0.01);
  });

  it("makes recipes of our own profile, whatever the model's", () => {
    const manifest = manifestOf(
      { profile: "anomalib-0.7", seed: 42, channels: 2 },
      { profile: "anomalib-0.7" },
    );
    for (const { name, options } of candidateRecipes([...CANDIDATES, "64"], manifest)) {
      expect(options.profile).toBeUndefined();
      expect(recipeFor(manifest.backbone, options).profile, name).toBe("blemish");
    }
    expect(candidateRecipes(["padim"], manifest)[0]!.options).toMatchObject({ size: 96 });
  });

  it.each(["best", "", "0", "99999", "-64", "64px"])("refuses %j", (name) =>
    expect(() => candidateRecipes([name], manifestOf({}))).toThrow(/fast, balanced.*OPTION_VALUE/),
  );
});
