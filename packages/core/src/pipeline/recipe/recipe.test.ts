import { describe, expect, it } from "vitest";
import { TINY_BACKBONE } from "../../../../../tests/support/small-training.js";
import { anomalibRecipe } from "./anomalib-recipe.js";
import { blemishRecipe } from "./blemish-recipe.js";
import { backboneFor, recipeFor } from "./recipe.js";

describe("recipeFor", () => {
  it("is our own recipe, unless Anomalib's is asked for", () => {
    expect(recipeFor(TINY_BACKBONE)).toEqual(blemishRecipe(TINY_BACKBONE, {}));
    expect(recipeFor(TINY_BACKBONE, { profile: "blemish", seed: 3 })).toEqual(
      blemishRecipe(TINY_BACKBONE, { seed: 3 }),
    );
    const options = { profile: "anomalib-0.7", channels: 4 } as const;
    expect(recipeFor(TINY_BACKBONE, options)).toEqual(anomalibRecipe(TINY_BACKBONE, options));
    expect(recipeFor(TINY_BACKBONE, options).profile).toBe("anomalib-0.7");
  });

  it.each([0, 1, 5, Number.NaN])(
    "refuses a false-alarm rate of %d before anything is trained",
    (falseAlarmRate) =>
      expect(() => recipeFor(TINY_BACKBONE, { falseAlarmRate })).toThrow(
        expect.objectContaining({ code: "OPTION_VALUE", subject: "The false-alarm rate" }),
      ),
  );

  it("looks at the taps of backboneFor", () => {
    const layers = ["layer1", "layer2", "layer3"].map((name, at) => ({
      name,
      channels: 4,
      stride: 4 << at,
      scale: 1,
    }));
    const backbone = { ...TINY_BACKBONE, taps: layers };
    expect(backboneFor(backbone, { head: "patchcore" })).toBe(backbone);
    const options = { profile: "anomalib-0.7", head: "patchcore" } as const;
    const used = backboneFor(backbone, options);
    expect(used.taps).toEqual(layers.slice(1));
    expect(recipeFor(used, options)).toEqual(recipeFor(backbone, options));
  });

  it("is plain data, the same for the same options", () => {
    const recipe = recipeFor(TINY_BACKBONE, { channels: 3 });
    expect(structuredClone(recipe)).toEqual(recipe);
    expect(recipeFor(TINY_BACKBONE, { channels: 3 })).toEqual(recipe);
  });
});
